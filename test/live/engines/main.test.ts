import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

const folder = mkdtempSync(join(tmpdir(), 'main-')), program = fileURLToPath(new URL('programs/main.ts', import.meta.url));
test.after(() => rmSync(folder, { recursive: true }));

/** What each call says and how it ends; the last one is told to end when it has answered what it is asked. */
async function called(calls: readonly (readonly [words: readonly string[], variables?: object])[], asked: () => Promise<string>): Promise<{ out: string[]; err: string[]; answer: string; code: number }> {
  const child = spawn(process.execPath, ['--import', 'tsx', program, JSON.stringify(calls.map(([words, variables = {}]) => [words, variables]))],
    { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, NETLINK_TS_STATE: folder, NETLINK_TS_FOLDER: folder } });
  let out = '', err = '', answer: Promise<string> | undefined;
  child.stdout.on('data', (bytes: Buffer) => {
    out += bytes;
    if (out.includes('listening')) answer ??= asked().finally(() => child.kill());
  });
  child.stderr.on('data', (bytes: Buffer) => (err += bytes));
  const [code] = await once(child, 'close');
  const each = (text: string): string[] => [...text.matchAll(/(.*?)= (\d+)\n/gs)].map(([, said, number]) => `${number} ${said}`);
  return { out: each(out), err: each(err), answer: await (answer ?? 'nothing'), code };
}

test('what it is asked is told by CNI_COMMAND or by the first word; else it says how it is used', async () => {
  const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')), path = join(folder, 'serve.sock');
  const { out, err, answer, code } = await called([
    [[]], [['unbridge']], [['info']], [['info'], { CNI_COMMAND: 'VERSION' }], [['create']], [['hook']], [['hook', 'poststop']], [['unbridge', 'br0']], [['serve', path]],
  ], async () => {
    const socket = connect({ path, allowHalfOpen: true });
    socket.end('CNI_COMMAND=VERSION\0\0');
    return String((await once(socket, 'data'))[0]);
  });
  for (const n of [0, 1]) {
    assert.is(out[n], '1 ');
    assert.match(err[n]!, /^1 netlink-ts-net, the network of containers\.\n/);
  }
  assert.is(out[2], `0 ${JSON.stringify({ version, api_version: '1.0.0' })}`);
  assert.match(out[3]!, /^0 \{"cniVersion":"1\.1\.0","supportedVersions"/);
  assert.match(out[4]!, /^1 \{"error":"standard input is no JSON: /);
  assert.is(err[5], '1 netlink-ts-net: there is nothing to do in the hook "": createRuntime, prestart, poststop\n');
  assert.match(err[6]!, /^1 netlink-ts-net: the state is no JSON: /);
  assert.is(err[7], '1 netlink-ts-net: br0 stays: it was not built upon an uplink here, or a container is attached to it\n');
  assert.match(answer, /^0\n\{"cniVersion":"1\.1\.0"/);
  assert.is(code, 0);
});

test('docker\'s driver answers at the socket that is named', async () => {
  const socketPath = join(folder, 'docker.sock'), { answer, code } = await called([[['docker', socketPath]]], () => new Promise((resolve, reject) => {
    request({ socketPath, path: '/Plugin.Activate', method: 'POST' }, (response) => response.setEncoding('utf8').on('data', resolve)).on('error', reject).end();
  }));
  assert.equal([answer, code], ['{"Implements":["NetworkDriver","IpamDriver"]}', 0]);
});

test.run();
