import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openHost } from '../../../src/container/host.ts';
import { encode } from '../../../src/container/plan/encode.ts';
import { cni } from '../../../src/engines/cni/program.ts';
import { recoverUplinks, unbridgeUplink } from '../../../src/engines/network/uplink.ts';

const folders: string[] = [];
test.after(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

/** A folder where a killed process had begun something, of which nothing is left to undo. */
function begun(): string {
  const state = mkdtempSync(join(tmpdir(), 'recover-'));
  folders.push(state);
  mkdirSync(join(state, 'bridges'));
  writeFileSync(join(state, 'bridges', 'br0.journal'), `${encode({ begin: 0, undo: [] })}\n`);
  return state;
}
/** What is written down of bridges. */
const written = (state: string): string[] => (existsSync(join(state, 'bridges')) ? readdirSync(join(state, 'bridges')) : []);

test('a journal of nothing is swept, and the lock of one that was killed behind it', async () => {
  const state = begun();
  await recoverUplinks(state);
  assert.equal(written(state), []);
  writeFileSync(join(state, 'bridges', 'br0.lock'), '');
  using host = openHost();
  assert.not(await unbridgeUplink(host, 'br0', state));
  assert.equal(written(state), []);
});

test('whatever a plugin is asked, it first takes back what a killed process had begun', async () => {
  const state = begun();
  const { exitCode, output } = await cni({ variables: { CNI_COMMAND: 'GC', CNI_PATH: '/' }, input: '{"cniVersion":"1.1.0","name":"web"}', state });
  assert.equal([exitCode, JSON.parse(output).code, written(state)], [1, 7, []]);
});

test.run();
