import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { engineContainer, runningContainer } from '../../../src/container/engine/index.ts';
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

test('what is no name is not asked about', async () => {
  for (const name of ['', '../info', 'a?b', undefined as never])
    assert.is((await refusal(engineContainer(name, { socket: folder }))).code, 'ERR_ENCODE');
});

test.run();
