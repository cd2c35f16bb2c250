import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { engineContainer, runningContainer } from '../../../src/container/engine/index.ts';
import { findSocket } from '../../../src/container/engine/socket.ts';
import { refusal } from '../../support/witness.ts';

const folder = mkdtempSync(join(tmpdir(), 'engine-'));
test.after(() => rmSync(folder, { recursive: true }));
let count = 0;

/** An engine that answers so. */
async function engine(listener: RequestListener): Promise<{ socket: string; paths: string[]; [Symbol.dispose](): void }> {
  const socket = join(folder, `${count++}.sock`), paths: string[] = [];
  const server = createServer((asked, response) => {
    paths.push(asked.url!);
    listener(asked, response);
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  return { socket, paths, [Symbol.dispose]() { server.close(); server.closeAllConnections(); } };
}
const says = (status: number, value: unknown) => engine((_, response) => response.writeHead(status).end(JSON.stringify(value)));

test('docker tells id, name, process and network mode', async () => {
  using docker = await says(200, { Id: 'abc', Name: '/web', State: { Pid: 42, Running: true }, HostConfig: { NetworkMode: 'default' } });
  assert.equal(await engineContainer('web', { socket: docker.socket }),
    { id: 'abc', name: 'web', pid: 42, networkMode: 'bridge', socket: docker.socket });
  assert.equal(docker.paths, ['/containers/web/json']);
});

test('podman writes the name without a slash', async () => {
  using podman = await says(200, { Id: 'def', Name: 'db', State: { Pid: 7 }, HostConfig: { NetworkMode: 'container:abc' } });
  const { name, pid, networkMode } = await runningContainer('db', podman);
  assert.equal([name, pid, networkMode], ['db', 7, 'container:abc']);
});

test('a container that does not run, or is not there', async () => {
  using stopped = await says(200, { Id: 'abc', Name: '/web', State: { Pid: 0, Running: false }, HostConfig: { NetworkMode: 'none' } });
  assert.is((await engineContainer('web', stopped)).pid, 0);
  assert.is((await refusal(runningContainer('web', stopped))).code, 'ERR_NOT_RUNNING');
  using without = await says(404, { message: 'No such container: web' });
  const error = await refusal(engineContainer('web', without));
  assert.equal([error.code, error.status], ['ERR_NO_CONTAINER', 404]);
  assert.match(error.message, 'No such container: web');
});

test('an engine that is not there, hangs, or talks nonsense', async () => {
  assert.is((await refusal(engineContainer('web', { socket: join(folder, 'none') }))).code, 'ENOENT');
  using slow = await engine(() => undefined);
  assert.is((await refusal(engineContainer('web', { socket: slow.socket, timeout: 50 }))).code, 'ERR_TIMEOUT');
  const aborted = await refusal(engineContainer('web', { socket: slow.socket, signal: AbortSignal.abort() }));
  assert.is(aborted.code, 'ABORT_ERR');
  using odd = await engine((_, response) => response.end('<html>'));
  assert.match((await refusal(engineContainer('web', odd))).message, /no JSON/);
  using failing = await says(500, { message: 'broken' });
  assert.equal((({ code, status }) => [code, status])(await refusal(engineContainer('web', failing))), ['ERR_ENGINE', 500]);
  using empty = await says(200, {});
  assert.match((await refusal(engineContainer('web', empty))).message, /neither id nor process/);
  using half = await engine((_, response) => {
    response.writeHead(200, { 'content-length': 100 }).write('{');
    response.destroy();
  });
  assert.ok((await refusal(engineContainer('web', half))).code);
});

test('an answer that tells hardly anything, and errors without words', async () => {
  using scant = await says(200, { Id: 'abcdef0123456789', State: { Pid: 7 } });
  const { name, networkMode } = await engineContainer('web', scant);
  assert.equal([name, networkMode], ['abcdef012345', 'bridge']);
  for (const [status, value] of [[404, null], [500, { message: 7 }], [302, []]] as const) {
    using odd = await says(status, value);
    const error = await refusal(engineContainer('web', odd));
    assert.equal([error.code, error.status], [status === 404 ? 'ERR_NO_CONTAINER' : 'ERR_ENGINE', status]);
    assert.match(error.message, `says: ${JSON.stringify(value)}`);
  }
});

test('an answer without an end is given up', async () => {
  const part = Buffer.alloc(1 << 20);
  using endless = await engine((_, response) => {
    const more = (): void => {
      while (!response.destroyed && response.write(part));
      if (!response.destroyed) response.once('drain', more);
    };
    more();
  });
  const error = await refusal(engineContainer('web', endless));
  assert.equal([error.code, error.status], ['ERR_ENGINE', undefined]);
  assert.match(error.message, 'the answer has more than 16777216 bytes');
});

test('the socket is the one that DOCKER_HOST names, else the first of the usual ones that is there', async () => {
  const before = { ...process.env };
  try {
    using docker = await says(200, { Id: 'abc', State: { Pid: 7 } });
    process.env['DOCKER_HOST'] = `unix://${docker.socket}`;
    assert.is((await engineContainer('web')).socket, docker.socket);
    process.env['DOCKER_HOST'] = 'tcp://192.0.2.1:2375';
    const remote = await refusal(engineContainer('web'));
    assert.equal([remote.code, remote.message], ['ERR_NO_ENGINE', 'DOCKER_HOST is tcp://192.0.2.1:2375: only unix:///PATH is on this machine']);
    delete process.env['DOCKER_HOST'];
    const there = ['/var/run/docker.sock', '/run/podman/podman.sock'].find((path) => existsSync(path));
    process.env['XDG_RUNTIME_DIR'] = folder;
    writeFileSync(join(folder, 'docker.sock'), '');
    assert.is(findSocket(), there ?? join(folder, 'docker.sock'));
    rmSync(join(folder, 'docker.sock'));
    for (const runtime of [folder, undefined]) {
      if (runtime === undefined) delete process.env['XDG_RUNTIME_DIR'];
      if (there !== undefined) assert.is(findSocket(), there);
      else assert.throws(findSocket, ({ code, message }: Error & { code: string }) =>
        code === 'ERR_NO_ENGINE' && message.startsWith('no container engine: none of /var/run/docker.sock, /run/podman/podman.sock') && message.includes('is there') && message.includes(folder) === (runtime === folder));
    }
  } finally {
    Object.assign(process.env, before);
    for (const name of ['DOCKER_HOST', 'XDG_RUNTIME_DIR']) if (before[name] === undefined) delete process.env[name];
  }
});

test('what is no name is not asked about', async () => {
  for (const name of ['', '../info', 'a?b', undefined as never])
    assert.is((await refusal(engineContainer(name, { socket: folder }))).code, 'ERR_ENCODE');
});

test.run();
