import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { errno } from '../../../src/errno.ts';
import { openLibc } from '../../../src/ffi/load.ts';
import { eachBinding, newEvent } from './each.ts';
import { drain, signal } from './programs/event.ts';

const AF_NETLINK = 16, SOCK_RAW = 3, SOCK_NONBLOCK = 0o4000, NETLINK_ROUTE = 0;
const MSG_TRUNC = 0x20, MSG_DONTWAIT = 0x40;
const SOL_SOCKET = 1, SO_RCVBUF = 8, F_GETFL = 3, POLLIN = 1;

/** RTM_GETLINK of device 1, the loopback device of every namespace; some bytes follow that are not part of it. */
const request = new Uint8Array(40).fill(0xff);
request.set(new Uint8Array(new Uint32Array([32, 18 | 1 << 16, 7, 0, 0, 1, 0, 0]).buffer));
const sockaddr = (): Uint8Array<ArrayBuffer> => new Uint8Array(new Uint32Array([AF_NETLINK, 0, 0]).buffer);

eachBinding((binding) => {
  const libc = openLibc(binding);
  const socket = (): number => libc.socket(AF_NETLINK, SOCK_RAW | SOCK_NONBLOCK, NETLINK_ROUTE);

  test(`${binding}: a netlink socket is opened, bound and closed`, () => {
    assert.is(libc.binding, binding);
    const fd = socket();
    assert.ok(fd > 2);
    assert.is(libc.bind(fd, sockaddr()), 0);
    const own = sockaddr();
    assert.is(libc.getsockname(fd, own), 12);
    assert.ok(new Uint32Array(own.buffer)[1]! > 0);
    assert.is(libc.connect(fd, sockaddr()), 0);
    assert.ok(libc.fcntl(fd, F_GETFL, 0) & SOCK_NONBLOCK);
    assert.is(libc.close(fd), 0);
    assert.is(libc.close(fd), -errno.EBADF);
  });

  test(`${binding}: failures are negated error numbers`, () => {
    assert.is(libc.close(-1), -errno.EBADF);
    assert.is(libc.socket(9999, SOCK_RAW, 0), -errno.EAFNOSUPPORT);
    assert.is(libc.open('/nonexistent/ä', 0, 0), -errno.ENOENT);
    assert.is(libc.open('/', 1, 0), -errno.EISDIR);
    assert.is(libc.setns(-1, 0), -errno.EBADF);
    assert.is(libc.unshare(1), -errno.EINVAL);
    assert.is(libc.ioctl(-1, 0x8933, new Uint8Array(40)), -errno.EBADF);
    assert.is(libc.pidfd_open(0, 0), -errno.EINVAL);
    assert.is(libc.dup3(0, 0, 0), -errno.EINVAL);
    assert.ok([-errno.ENOENT, -errno.EPERM].includes(libc.mount('none', '/nonexistent', 'tmpfs', 0, null)));
    assert.ok([-errno.ENOENT, -errno.EPERM].includes(libc.umount2('/nonexistent', 0)));
  });

  test(`${binding}: error numbers do not get mixed up under garbage collection`, () => {
    const junk: unknown[] = [];
    for (let i = 0; i < 20_000; i++) {
      const codes = [libc.close(-1), libc.dup3(0, 0, 0)];
      if (codes[0] !== -errno.EBADF || codes[1] !== -errno.EINVAL) throw new Error(`lost in call ${i}: ${codes.join(', ')}`);
      junk[i % 500] = { text: `${i}`, bytes: new Uint8Array(2000) };
    }
  });

  test(`${binding}: options are set and read`, () => {
    const fd = socket();
    assert.is(libc.setsockopt(fd, SOL_SOCKET, SO_RCVBUF, new Uint8Array(new Int32Array([20_000]).buffer)), 0);
    const value = new Uint8Array(4);
    assert.is(libc.getsockopt(fd, SOL_SOCKET, SO_RCVBUF, value), 4);
    assert.is(new Int32Array(value.buffer)[0], 40_000);
    assert.is(libc.getsockopt(fd, SOL_SOCKET, 9999, value), -errno.ENOPROTOOPT);
    libc.close(fd);
  });

  test(`${binding}: a request is sent and its answer lies in the middle of a larger buffer`, () => {
    const fd = socket(), from = sockaddr().fill(0xff);
    assert.is(libc.recvfrom(fd, new Uint8Array(100), MSG_DONTWAIT, null), -errno.EAGAIN);
    assert.is(libc.sendto(fd, request, 32, 0, sockaddr()), 32);
    const memory = new Uint8Array(new ArrayBuffer(10_000)).fill(0xee);
    const length = libc.recvfrom(fd, memory.subarray(96, 9000), MSG_TRUNC, from);
    assert.ok(length > 500);
    assert.is(new Uint32Array(memory.buffer, 96, 1)[0], length);
    assert.is(new Uint16Array(memory.buffer, 100, 1)[0], 16);
    assert.equal([memory[95], memory[96 + length]], [0xee, 0xee]);
    assert.equal(from, sockaddr());
    libc.close(fd);
  });

  test(`${binding}: an answer too long is cut, its length is told`, () => {
    const fd = socket();
    assert.is(libc.sendto(fd, request.subarray(0, 32), 32, 0, null), 32);
    const small = Buffer.from('............................');
    assert.ok(libc.recvfrom(fd, small.subarray(0, 16), MSG_TRUNC, null) > 500);
    assert.is(small.toString('latin1', 16), '............');
    libc.close(fd);
  });

  test(`${binding}: poll waits its time, or until something is there`, () => {
    const fd = newEvent(libc);
    const fds = new Int32Array([fd, POLLIN]), bytes = new Uint8Array(fds.buffer);
    const before = performance.now();
    assert.is(libc.poll(bytes, 1, 30), 0);
    assert.ok(performance.now() - before > 28);
    signal(fd);
    assert.is(libc.poll(bytes, 1, -1), 1);
    assert.is(fds[1]! >> 16, POLLIN);
    assert.is(drain(fd), 1);
    libc.close(fd);
  });

  test(`${binding}: a file is locked against another descriptor`, () => {
    const LOCK_EX = 2, LOCK_NB = 4;
    const folder = mkdtempSync(join(tmpdir(), 'netlink-ffi-'));
    const [one, other] = [libc.open(folder, 0, 0), libc.open(folder, 0, 0)];
    assert.is(libc.flock(one, LOCK_EX | LOCK_NB), 0);
    assert.is(libc.flock(other, LOCK_EX | LOCK_NB), -errno.EAGAIN);
    libc.close(one);
    libc.close(other);
    rmdirSync(folder);
  });

  test(`${binding}: a process is pinned to a descriptor`, () => {
    const fd = libc.pidfd_open(process.pid, 0);
    assert.ok(fd > 2);
    assert.is(libc.close(fd), 0);
  });
});

test.run();
