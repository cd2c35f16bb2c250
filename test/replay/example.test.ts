import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { run } from '../../scripts/run.ts';
import { annotateTape } from '../../src/testing/index.ts';

const top = dirname(dirname(dirname(fileURLToPath(import.meta.url)))), example = join(top, 'examples/testing');
const runners: { readonly [name: string]: readonly string[] } = { 'uvu.test.ts': [], 'node.test.ts': ['--test'] };

const play = (folder: string, name: string) =>
  run(process.execPath, ['--import', 'tsx', ...runners[name]!, join(folder, name)], { cwd: top });

/** A copy of the example whose program was changed. */
async function changed(from: string, to: string, use: (folder: string) => Promise<void>): Promise<void> {
  mkdirSync(join(top, '.tmp'), { recursive: true });
  const folder = mkdtempSync(join(top, '.tmp/example-'));
  try {
    cpSync(example, folder, { recursive: true });
    const program = join(folder, 'bridge.ts'), text = readFileSync(program, 'utf8');
    assert.ok(text.includes(from));
    writeFileSync(program, text.replace(from, to));
    await use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('the tape of the example is annotated as the declarations say', () => {
  const text = readFileSync(join(example, 'bridge.tape'), 'utf8');
  assert.is(annotateTape(text), text);
});

for (const name of Object.keys(runners)) {
  test(`${name} passes`, async () => {
    const { code, output } = await play(example, name);
    assert.is(code, 0, output);
  });

  test(`${name} fails where the program changed, and says which field differs`, () =>
    changed('stpState: 0', 'stpState: 1', async (folder) => {
      const { code, output } = await play(folder, name);
      assert.is.not(code, 0, output);
      assert.match(output, 'is not the one on the tape: options.stpState (IFLA_BR_STP_STATE) is 1, the tape has 0');
    }));

  test(`${name} fails where the program no longer asks for what is on the tape`, () =>
    changed('await nl.addr.ensure(bridge, address)', '{ address }', async (folder) => {
      const { code, output } = await play(folder, name);
      assert.is.not(code, 0, output);
      assert.match(output, 'a request of the tape was not sent: RTM_NEWADDR on socket 1');
    }));
}

test.run();
