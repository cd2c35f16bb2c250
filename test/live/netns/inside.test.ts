import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readlinkSync } from 'node:fs';
import { request } from 'node:http';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { netns, openRoute } from '../../../src/index.ts';
import { startWorker } from '../../support/worker.ts';
import { descriptors } from '../../support/descriptors.ts';

const own = (): string => readlinkSync('/proc/thread-self/ns/net');
const fails = (work: () => unknown, code: string) =>
  assert.throws(work, (error: { code: string }) => assert.is(error.code, code, String(error)) === undefined);
const here = own();

test.after.each(() => assert.is(own(), here, 'this thread is where it was'));

test('a connection belongs to the namespace it was opened in', async () => {
  using ns = netns.make();
  using inside = openRoute({ netns: ns });
  using outside = openRoute();
  await inside.link.add({ name: 'there', kind: 'bridge' });
  assert.equal((await inside.link.list()).map(({ name }) => name), ['lo', 'there']);
  assert.equal((await outside.link.list()).map(({ name }) => name), ['lo']);
});

test('a process runs inside', async () => {
  using ns = netns.make();
  const child = netns.spawn(ns, 'readlink', ['/proc/self/ns/net']);
  const [output] = await once(child.stdout, 'data');
  assert.is(String(output), `net:[${ns.ino}]\n`);
  assert.equal(await once(child, 'exit'), [0, null]);
  const { status, stdout } = netns.spawnSync({ fd: ns.fd }, 'readlink', ['/proc/self/ns/net']);
  assert.is(status, 0);
  assert.is(stdout, `net:[${ns.ino}]\n`);
});

test('a command that there is not is told as Node tells it', async () => {
  using ns = netns.make();
  const [error] = await once(netns.spawn(ns, '/no/such/program'), 'error');
  assert.is(error.code, 'ENOENT');
});

test('a process names its namespace for a moment; what was opened outlives it', async () => {
  using ns = netns.make();
  const child = netns.spawn(ns, 'sleep', ['60']);
  using found = netns.open({ pid: child.pid! });
  assert.is(found.ino, ns.ino);
  child.kill();
  await once(child, 'exit');
  fails(() => netns.open({ pid: child.pid! }), 'ENOENT');
  using nl = openRoute({ netns: found });
  assert.equal((await nl.link.list()).map(({ name }) => name), ['lo']);
});

test('a link moves into the namespace of a process', async () => {
  using ns = netns.make();
  const child = netns.spawn(ns, 'sleep', ['60']);
  using nl = openRoute();
  using inside = openRoute({ netns: { pid: child.pid! } });
  await nl.link.add({ name: 'left', kind: 'veth', options: { peer: { name: 'right', netns: { pid: child.pid! } } } });
  assert.equal((await inside.link.list()).map(({ name }) => name), ['lo', 'right']);
  await nl.link.delete('left');
  child.kill();
  await once(child, 'exit');
});

test('a closed one is never used again', () => {
  const ns = netns.make();
  const copy = netns.open(ns);
  ns.close();
  ns.close();
  assert.is(ns.fd, -1);
  fails(() => netns.spawn(ns, 'true'), 'ERR_ENCODE');
  fails(() => openRoute({ netns: ns }), 'ERR_ENCODE');
  assert.is(netns.spawnSync(copy, 'true').status, 0);
  copy.close();
});

test('what is no network namespace is refused', () => {
  fails(() => netns.open('/proc/self/ns/mnt'), 'ERR_NOT_A_NAMESPACE');
  fails(() => netns.open('/dev/null'), 'ERR_NOT_A_NAMESPACE');
  fails(() => netns.open({ fd: 0 }), 'ERR_NOT_A_NAMESPACE');
  fails(() => netns.open({ fd: 4000 }), 'EBADF');
  fails(() => netns.open({ pid: 0x3fffffff }), 'ENOENT');
  fails(() => netns.spawn('no-such-name', 'true'), 'ENOENT');
});

test('where there is no way back nobody leaves', async () => {
  // A user namespace of its own gives the right over new network namespaces, not over the one it was started in.
  const program = `const { netns } = await import(${JSON.stringify(new URL('../../../src/index.ts', import.meta.url))});
    try { netns.make(); } catch (error) { console.log(error.message); }`;
  const node = [process.execPath, '--import', 'tsx', '--input-type=module', '--eval', program];
  const child = spawn('unshare', ['--user', '--map-root-user', ...node]);
  const [output] = await once(child.stdout, 'data');
  assert.match(String(output), /^setns into the namespace of this very thread .* failed: EPERM/);
});

test('a worker lives in a namespace, its sockets and connections with it', async () => {
  using ns = netns.make();
  const worker = startWorker(new URL('programs/resident.ts', import.meta.url), { workerData: { fd: ns.fd } });
  const [told] = await once(worker, 'message');
  assert.equal(told, { links: ['lo'], thread: `net:[${ns.ino}]` });
  assert.is(own(), here);
  assert.equal(netns.list().find(({ ino }) => ino === ns.ino)?.pids, [process.pid]);

  const [error] = await once(request('http://127.0.0.1:8080/').end(), 'error');
  assert.match(error.code, /ECONNREFUSED|ENETUNREACH/);
  const get = `require('http').get('http://127.0.0.1:8080/', (r) => r.pipe(process.stdout))`;
  const child = netns.spawn(ns, process.execPath, ['-e', get]);
  const [answer] = await once(child.stdout, 'data');
  assert.is(String(answer), 'from the worker');
  worker.postMessage('end');
  await once(worker, 'exit');
});

test('no descriptor is lost in a thousand rounds, good and bad', async () => {
  netns.create('kept');
  const round = (): void => {
    using ns = netns.make();
    using copy = netns.open({ fd: ns.fd });
    using named = netns.open('kept');
    using mine = netns.open({ pid: process.pid });
    using now = netns.current();
    assert.is(copy.ino, ns.ino);
    assert.is(mine.ino, now.ino);
    assert.is.not(named.ino, ns.ino);
    const nl = openRoute({ netns: ns });
    nl.close();
    nl.close();
    for (const wrong of ['/etc/passwd', 'none', { pid: 0x3fffffff }]) {
      assert.throws(() => netns.open(wrong));
      assert.throws(() => openRoute({ netns: wrong }));
      assert.throws(() => netns.spawn(wrong, 'true'));
    }
    assert.throws(() => netns.create('kept'));
    assert.throws(() => netns.attach('new', '/etc/passwd'));
  };
  round();
  const before = descriptors();
  for (let i = 0; i < 1000; i++) round();
  for (let i = 0; i < 10; i++) {
    netns.create('new');
    netns.delete('new');
    assert.is(netns.spawnSync('kept', 'true').status, 0);
  }
  assert.is(descriptors(), before);
  netns.delete('kept');
});

test.run();
