// timeout: 300 s
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { run } from '../../../scripts/run.ts';
import { quiet } from '../../support/quiet.ts';

test('a few seconds of mixed work from eight connections and two worker threads: nothing is lost', async () => {
  const program = fileURLToPath(new URL('../../../scripts/soak.ts', import.meta.url));
  const { code, stdout, stderr } = await run(process.execPath, [quiet, '--expose-gc', '--import', 'tsx', program, '--seconds', '3'], { timeout: 280_000 });
  assert.is(stderr, '');
  assert.match(stdout, /^\d+ calls in \d+ s/);
  assert.is(code, 0);
});

test.run();
