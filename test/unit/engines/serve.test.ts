import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { answerBytes, readRequest } from '../../../src/engines/serve/request.ts';
import { cniServer } from '../../../src/engines/serve/server.ts';

const folder = mkdtempSync(join(tmpdir(), 'serve-')), path = join(folder, 'socket'), server = cniServer({ state: folder });
test.before(() => new Promise<void>((done) => server.listen(path, done)));
test.after(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

async function asked(bytes: string): Promise<string> {
  const socket = connect({ path, allowHalfOpen: true }), said: Buffer[] = [];
  socket.end(bytes);
  for await (const chunk of socket) said.push(chunk);
  return Buffer.concat(said).toString();
}

test('a request is variables, each with a zero byte behind it, one more, and the input', () => {
  const read = (text: string) => readRequest(Buffer.from(text));
  assert.equal(read('A=1\0B=x=y\0\0{}'), { variables: { A: '1', B: 'x=y' }, input: '{}' });
  assert.equal(read('A=1\0\0'), { variables: { A: '1' }, input: '' });
  assert.equal(read('A=\0nothing\0=x\0\0\0'), { variables: { A: '' }, input: '\0' });
  assert.equal(read('\0{}'), { variables: {}, input: '{}' });
  for (const none of ['', 'A=1', 'A=1\0', 'A=1\0B=2']) assert.is(read(none), undefined, JSON.stringify(none));
  assert.is(answerBytes({ exitCode: 1, output: '{}' }), '1\n{}');
});

test('it answers as the plugin does, what is no request too', async () => {
  assert.match(await asked('CNI_COMMAND=VERSION\0\0'), /^0\n\{"cniVersion":"1\.1\.0","supportedVersions":\[/);
  assert.equal(JSON.parse((await asked('CNI_COMMAND=VERSION')).slice(2)), { cniVersion: '1.1.0', code: 6, msg: 'the request has no end of its variables' });
  assert.match(await asked('CNI_COMMAND=GC\0CNI_PATH=/\0\0{"cniVersion":"1.1.0","name":"web"}'), /^1\n\{.*"code":7,"msg":"GC needs cni\.dev\/valid-attachments"/);
});

test('who goes before he is answered harms nobody', async () => {
  for (let i = 0; i < 3; i++) {
    const socket = connect({ path, allowHalfOpen: true });
    await once(socket, 'connect');
    socket.end('CNI_COMMAND=VERSION\0\0', () => socket.destroy());
    await once(socket, 'close');
  }
  assert.match(await asked('CNI_COMMAND=VERSION\0\0'), /^0\n/);
});

const program = fileURLToPath(new URL('programs/listen.ts', import.meta.url));

/** A server in a process of its own, until it is told to end. */
async function listening(kind: 'http' | 'net', socket: string, signal: NodeJS.Signals): Promise<unknown[]> {
  const child = spawn(process.execPath, ['--import', 'tsx', program, kind, socket], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout!.on('data', (bytes: Buffer) => (said += bytes));
  await once(child.stdout!, 'data');
  assert.is(statSync(socket).mode & 0o777, 0o600);
  const client = connect(socket); // an idle one keeps nobody from ending
  await once(client, 'connect');
  if (kind === 'net') client.destroy();
  child.kill(signal);
  return [...await once(child, 'close'), said];
}

test('who serves takes the place of one that was killed, and ends when he is told to', async () => {
  const socket = join(folder, 'deep/own');
  assert.equal(await listening('net', socket, 'SIGTERM'), [0, null, `listening at ${socket}\n`]);
  await listening('net', socket, 'SIGKILL');
  assert.equal(await listening('http', socket, 'SIGINT'), [0, null, `listening at ${socket}\n`]);
});

test('who was handed a socket serves on that, and leaves its name alone', async () => {
  const own = join(folder, 'handed'), handing = createServer().listen(own);
  await once(handing, 'listening');
  const { fd } = (handing as unknown as { _handle: { fd: number } })._handle;
  const child = spawn('sh', ['-c', 'LISTEN_FDS=1 LISTEN_PID=$$ exec "$0" "$@"', process.execPath, '--import', 'tsx', program, 'net', join(folder, 'none')], { stdio: ['ignore', 'pipe', 'inherit', fd] });
  const [said] = await once(child.stdout!, 'data');
  child.kill();
  assert.equal([String(said), ...await once(child, 'close'), existsSync(join(folder, 'none')), existsSync(own)], ['listening at the socket handed over\n', 0, null, false, true]);
  handing.close();
});

test.run();
