import { setImmediate as turn, setTimeout as pause } from 'node:timers/promises';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openLibc } from '../../../src/ffi/load.ts';
import type { Watcher } from '../../../src/ffi/readiness.ts';
import { eachBinding, newEvent, watches } from './each.ts';
import { drain, signal } from './programs/event.ts';
import { descriptors } from '../../support/descriptors.ts';


/** Turns of the event loop until `done`, or until it is plain that it will not be. */
async function until(done: () => boolean): Promise<void> {
  const end = performance.now() + 5000;
  while (!done() && performance.now() < end) await turn();
  assert.ok(done(), 'it did not happen');
}

eachBinding((binding) => {
  const libc = openLibc(binding);
  for (const [way, watch] of Object.entries(watches)) {
    const it = (name: string, body: (fd: number) => Promise<void>) => test(`${binding}, ${way}: ${name}`, async () => {
      const fd = newEvent(libc);
      await body(fd);
      libc.close(fd);
    });

    it('it calls when something can be read, and not before', async (fd) => {
      let calls = 0;
      const watcher = watch(libc, fd, () => { calls += drain(fd); });
      signal(fd);
      await pause(5);
      assert.is(calls, 0, 'stopped when made');
      watcher.start();
      watcher.start();
      assert.is(calls, 0, 'never at once');
      await until(() => calls === 1);
      await pause(5);
      for (let i = 2; i < 20; i++) {
        signal(fd);
        await until(() => calls === i);
      }
      watcher.close();
    });

    it('it calls again and again while nobody reads', async (fd) => {
      let calls = 0;
      const watcher = watch(libc, fd, () => { calls++; });
      watcher.start();
      signal(fd);
      await until(() => calls >= 3);
      watcher.close();
    });

    it('promises and ticks run after it, before anything else', async (fd) => {
      const order: string[] = [];
      const watcher = watch(libc, fd, () => {
        drain(fd);
        setImmediate(() => order.push('turn'));
        void Promise.resolve().then(() => order.push('promise'));
        process.nextTick(() => order.push('tick'));
        order.push('readable');
      });
      watcher.start();
      signal(fd);
      await until(() => order.length === 4);
      assert.equal(order, ['readable', 'tick', 'promise', 'turn']);
      watcher.close();
    });

    it('what it throws is an uncaught exception, and it goes on', async (fd) => {
      const caught: unknown[] = [];
      const take = (error: unknown) => caught.push(error);
      process.on('uncaughtException', take);
      let calls = 0;
      const watcher = watch(libc, fd, () => {
        drain(fd);
        throw new Error(`call ${++calls}`);
      });
      watcher.start();
      for (let i = 1; i < 4; i++) {
        signal(fd);
        await until(() => caught.length === i);
      }
      watcher.close();
      process.off('uncaughtException', take);
      assert.equal(caught.map(String), ['Error: call 1', 'Error: call 2', 'Error: call 3']);
    });

    it('it can be stopped and started from within', async (fd) => {
      let calls = 0;
      const watcher: Watcher = watch(libc, fd, () => {
        calls++;
        watcher.stop();
        if (calls === 2) watcher.start();
      });
      watcher.start();
      signal(fd);
      await until(() => calls === 1);
      await pause(20);
      assert.is(calls, 1);
      watcher.start();
      await until(() => calls === 3);
      await pause(20);
      assert.is(calls, 3);
      watcher.close();
    });

    it('it can be closed from within, and the descriptor after it', async () => {
      const before = descriptors();
      const fd = newEvent(libc);
      let calls = 0;
      const watcher: Watcher = watch(libc, fd, () => {
        calls++;
        watcher.close();
        assert.is(libc.close(fd), 0);
      });
      watcher.start();
      signal(fd);
      await until(() => calls === 1);
      await pause(10);
      assert.is(calls, 1);
      assert.is(descriptors(), before);
    });

    it('a watcher stopped by another one is not called any more', async (fd) => {
      const other = newEvent(libc);
      const calls: string[] = [];
      const a: Watcher = watch(libc, fd, () => { calls.push('a'); b.stop(); a.stop(); });
      const b: Watcher = watch(libc, other, () => { calls.push('b'); a.stop(); b.stop(); });
      a.start();
      b.start();
      signal(fd);
      signal(other);
      await until(() => calls.length > 0);
      await pause(10);
      assert.is(calls.length, 1);
      a.close();
      b.close();
      libc.close(other);
    });

    it('after close nothing has any effect', async (fd) => {
      let calls = 0;
      const watcher = watch(libc, fd, () => { calls++; });
      watcher.start();
      signal(fd);
      watcher.close();
      const { start, stop, ref, unref, close } = watcher;
      for (const call of [start, ref, unref, stop, close, start]) call();
      await pause(10);
      assert.is(calls, 0);
    });

    it('a netlink socket is readable when the kernel answered', async () => {
      const socket = libc.socket(16, 3 | 0o4000, 0), into = new Uint8Array(10_000);
      let length = 0;
      const watcher = watch(libc, socket, () => { length = libc.recvfrom(socket, into, 0, null); });
      watcher.start();
      await pause(5);
      assert.is(length, 0);
      const getLoopback = new Uint32Array([32, 18 | 1 << 16, 7, 0, 0, 1, 0, 0]);
      libc.sendto(socket, new Uint8Array(getLoopback.buffer), 32, 0, null);
      await until(() => length > 500);
      watcher.close();
      libc.close(socket);
    });

    it('a descriptor that cannot be watched is refused', async () => {
      assert.throws(() => watch(libc, -1, () => {}).start(), /EBADF/);
    });

    it('1000 watchers leave no descriptor behind', async () => {
      const before = descriptors();
      let calls = 0;
      for (let i = 0; i < 1000; i++) {
        const fd = newEvent(libc);
        const watcher: Watcher = watch(libc, fd, () => { calls++; watcher.close(); libc.close(fd); });
        watcher.start();
        if (i % 10 === 0) signal(fd);
        else {
          watcher.close();
          libc.close(fd);
        }
        if (i % 50 === 0) await turn();
      }
      await until(() => calls === 100);
      await pause(10);
      assert.is(descriptors(), before);
    });
  }
});

test.run();
