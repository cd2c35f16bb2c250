import { setTimeout as pause } from 'node:timers/promises';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { errno } from '../../../src/errno.ts';
import { openLibc } from '../../../src/ffi/load.ts';
import { watches } from '../../unit/ffi/each.ts';

const AF_NETLINK = 16, SOCK_RAW = 3, SOCK_NONBLOCK = 0o4000, NETLINK_USERSOCK = 2;
const SOL_SOCKET = 1, SO_RCVBUF = 8;
const libc = openLibc();
const groupOne = new Uint8Array(new Uint32Array([AF_NETLINK, 0, 1]).buffer);

for (const [way, watch] of Object.entries(watches)) {
  test(`${libc.binding}, ${way}: a watcher outlives an overrun of the receive buffer`, async () => {
    const receiver = libc.socket(AF_NETLINK, SOCK_RAW | SOCK_NONBLOCK, NETLINK_USERSOCK);
    const sender = libc.socket(AF_NETLINK, SOCK_RAW | SOCK_NONBLOCK, NETLINK_USERSOCK);
    assert.is(libc.setsockopt(receiver, SOL_SOCKET, SO_RCVBUF, new Uint8Array(new Int32Array([4096]).buffer)), 0);
    assert.is(libc.bind(receiver, groupOne), 0);

    const message = new Uint8Array(1000), into = new Uint8Array(2000);
    const results: number[] = [];
    const watcher = watch(libc, receiver, () => {
      let result: number;
      do results.push(result = libc.recvfrom(receiver, into, 0, null));
      while (result !== -errno.EAGAIN);
    });
    watcher.start();
    for (let round = 1; round <= 3; round++) {
      for (let i = 0; i < 50; i++) libc.sendto(sender, message, message.length, 0, groupOne);
      await pause(20);
      assert.is(results.filter((result) => result === -errno.ENOBUFS).length, 1, `overrun ${round} is seen`);
      results.length = 0;

      libc.sendto(sender, message, message.length, 0, groupOne);
      await pause(20);
      assert.equal(results, [1000, -errno.EAGAIN], `what comes after overrun ${round} is seen`);
      results.length = 0;
    }
    watcher.close();
    libc.close(receiver);
    libc.close(sender);
  });
}

test.run();
