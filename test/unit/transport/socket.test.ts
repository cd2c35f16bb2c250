import { readdirSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { allocate } from '../../../src/bytes/memory.ts';
import { errno } from '../../../src/errno.ts';
import { SystemError } from '../../../src/errors.ts';
import type { Libc } from '../../../src/ffi/libc.ts';
import { openLibc } from '../../../src/ffi/load.ts';
import { watchByEpoll } from '../../../src/ffi/readiness.ts';
import { openSocket } from '../../../src/transport/socket.ts';

// What system calls can answer and seldom do: a C library that says so.

type Answers = { readonly [call: string]: number | ((...args: any[]) => number) };

/** Every call succeeds with 0 unless `answers` has something else to say; `open` counts descriptors. */
function saying(answers: Answers): { libc: Libc; calls: string[]; open: number } {
  const said = { calls: [] as string[], open: 0, libc: undefined as unknown as Libc };
  said.libc = new Proxy({}, { get: (_, name: string) => (...args: unknown[]) => {
    const answer = answers[name] ?? 0, result = typeof answer === 'function' ? answer(...args) : answer;
    said.calls.push(name);
    if (name === 'socket' && result >= 0) said.open++;
    if (name === 'close') said.open--;
    return result;
  } }) as Libc;
  return said;
}

function refused(work: () => unknown): SystemError {
  try {
    work();
  } catch (error) {
    assert.instance(error, SystemError, String(error));
    return error as SystemError;
  }
  return assert.unreachable('it must be refused') as never;
}

/** The first answers of a call, then 0. */
const first = (...answers: number[]) => (): number => answers.shift() ?? 0;

test('whichever call fails while a socket is opened, the error names it and nothing stays open', () => {
  for (const call of ['socket', 'connect', 'setsockopt']) {
    const said = saying({ [call]: -errno.EIO });
    const error = refused(() => openSocket(said.libc, 0));
    assert.equal([error.code, error.syscall, error.errno], ['EIO', call, errno.EIO]);
    assert.is(said.open, 0, call);
  }
});

test('the sizes of its buffers are asked for once, when they are wanted', () => {
  const said = saying({ getsockopt: first(-errno.EIO, 0, 0) }), socket = openSocket(said.libc, 0), asked = (): number => said.calls.filter((call) => call === 'getsockopt').length;
  assert.is(asked(), 0);
  assert.is(refused(() => socket.sendLimit).syscall, 'getsockopt');
  for (let again = 0; again < 2; again++) assert.is(socket.sendLimit + socket.receiveLimit, -32);
  assert.is(asked(), 3);
  socket.close();
  assert.is(openSocket(saying({}).libc, 0).closed, false);
  assert.is(socket.closed, true);
});

test('what an older kernel does not know is done without', () => {
  for (const code of [errno.ENOPROTOOPT, errno.EINVAL]) {
    const said = saying({ setsockopt: first(-code, -code, -code) });
    openSocket(said.libc, 0).close();
    assert.is(said.calls.filter((call) => call === 'setsockopt').length, 3);
    assert.is(said.open, 0);
  }
  const lax = saying({});
  openSocket(lax.libc, 0, { strict: false });
  assert.is(lax.calls.filter((call) => call === 'setsockopt').length, 2);
});

test('a buffer beyond the limit is asked for with the privilege, then without, then refused', () => {
  const names: number[] = [], option = (answer: (name: number) => number) => (_fd: number, level: number, name: number): number => {
    if (level !== 1) return 0;
    names.push(name);
    return answer(name);
  };
  openSocket(saying({ setsockopt: option((name) => (name > 30 ? -errno.EPERM : 0)) }).libc, 0, { receiveBuffer: 1 << 20, sendBuffer: 1 << 20 });
  assert.equal(names, [33, 8, 32, 7], 'SO_RCVBUFFORCE, SO_RCVBUF, SO_SNDBUFFORCE, SO_SNDBUF');
  const said = saying({ setsockopt: option(() => -errno.ENOMEM) });
  assert.is(refused(() => openSocket(said.libc, 0, { receiveBuffer: 1 })).code, 'ENOMEM');
  assert.is(said.open, 0);
});

test('a multicast group that cannot be joined is named', () => {
  const said = saying({ setsockopt: (_fd, level, name) => (level === 270 && name <= 2 ? -errno.EPERM : 0) });
  assert.match(refused(() => openSocket(said.libc, 0, { groups: [7] })).message, /^setsockopt for multicast group 7 failed: EPERM/);
  assert.is(said.open, 0);
  assert.match(refused(() => openSocket(said.libc, 0).leave(8)).message, /^setsockopt for multicast group 8 failed/);
});

test('a signal in the midst of a call costs nothing, any other failure is told', () => {
  const datagram = { memory: allocate(64), sender: 0 };
  const { EINTR, EAGAIN, ENOBUFS, EIO } = errno;
  const said = saying({ sendto: first(-EINTR, 32, -EIO), recvfrom: first(-EINTR, 20, -EAGAIN, -ENOBUFS, -EIO), recvmmsg: first(-EINTR, 2, -EAGAIN, -ENOBUFS, -EIO), poll: first(-EINTR, 1, 0, -EIO), addressOf: () => 0n as never });
  const socket = openSocket(said.libc, 0), request = new Uint8Array(32);
  socket.send(request);
  assert.is(refused(() => socket.send(request)).syscall, 'send');
  assert.equal([0, 0, 0].map(() => socket.receive(datagram)), [20, -EAGAIN, -ENOBUFS]);
  assert.is(refused(() => socket.receive(datagram)).syscall, 'recv');
  const inbox = socket.inbox!(64)!;
  assert.equal([0, 0, 0].map(() => inbox.receive(4)), [2, -EAGAIN, -ENOBUFS]);
  assert.is(refused(() => inbox.receive(4)).syscall, 'recvmmsg');
  assert.equal([0, 0, 0].map(() => socket.wait(1)), [false, true, false]);
  assert.is(refused(() => socket.wait(1)).syscall, 'poll');
});

test('a socket is closed once, and of no use then', () => {
  const said = saying({}), socket = openSocket(said.libc, 0);
  socket.close();
  socket.close();
  assert.is(said.open, 0);
  const datagram = { memory: allocate(64), sender: 0 };
  for (const use of [() => socket.send(new Uint8Array(4)), () => socket.receive(datagram), () => socket.wait(1), () => socket.watch(() => {}), () => socket.join(1), () => socket.leave(1), () => socket.ownNamespace(), () => socket.port])
    assert.match(refused(use).message, /on a closed socket failed: EBADF/);
});

test('a namespace that is not there is told by its path', () => {
  assert.match(refused(() => openSocket(saying({ open: -errno.ENOENT }).libc, 0).openNamespace('/run/netns/none')).message, /^open \/run\/netns\/none failed: ENOENT/);
});

test('whichever call fails while a worker begins to wait, the error names it and nothing stays open', () => {
  const libc = openLibc(), fd = libc.eventfd(0, 0), fds = (): number => readdirSync('/proc/self/fd').length;
  watchByEpoll(libc, fd, () => {}).close();
  const before = fds();
  for (const call of ['epoll_create1', 'epoll_ctl', 'socket', 'dup3'] as const) {
    const watcher = watchByEpoll({ ...libc, [call]: () => -errno.EMFILE }, fd, () => {});
    const error = refused(() => watcher.start());
    assert.equal([error.code, error.syscall], ['EMFILE', call]);
    watcher.close();
  }
  assert.ok(fds() <= before + 1, 'a socket of Node\'s is closed in a later turn');
  libc.close(fd);
});

test.run();
