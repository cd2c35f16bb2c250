import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { run } from '../../scripts/run.ts';

test('the article replays where no namespaces can be made, and does not say that it proved anything', async () => {
  const { code, output } = await run(process.execPath, ['--import', 'tsx', 'examples/article/run.ts', '--replay']);
  assert.is(code, 2, output);
  assert.is([...output.matchAll(/^\d+\. /gm)].length, 15);
  assert.match(output, /^ {4}br0\t\t8000\.[0-9a-f]{12}\tno\t\tem1$/m);
  assert.match(output, /this was a replay of recorded tapes, and nothing was proved/);
  assert.not.match(output, /✓/);
});

test.run();
