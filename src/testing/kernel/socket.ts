import { errno } from '../../errno.ts';
import { SystemError } from '../../errors.ts';
import type { SocketOptions, Transport } from '../../transport/transport.ts';

/** What waits to be received. */
export interface Delivery {
  readonly bytes: Uint8Array;
  readonly sender: number;
  /** Bytes of the receive buffer that it takes; 0 for parts of a dump, which the kernel makes as they are read. */
  readonly cost: number;
}

export interface FakeSocket extends Transport {
  /** Puts a datagram into the receive buffer; dropped and told with ENOBUFS where that is full. */
  deliver(bytes: Uint8Array, options?: { sender?: number; late?: number; isDump?: boolean }): void;
  /** The next receive fails with ENOBUFS. */
  overrun(): void;
  readonly groups: ReadonlySet<number>;
}

export interface Hooks {
  sent(bytes: Uint8Array): void;
  openNamespace(path: string): number;
  closed(): void;
}

/** What the kernel's own bookkeeping takes for each datagram. */
const overhead = 768;
const least = 2304;

/** One socket of the fake kernel. */
export function fakeSocket(port: number, { groups: joined = [], receiveBuffer, sendBuffer }: SocketOptions, hooks: Hooks): FakeSocket {
  const receiveLimit = Math.max(least, receiveBuffer ?? 212_992), queue: Delivery[] = [], groups = new Set(joined), wakes = new Set<() => void>();
  const timers = new Set<{ timer: NodeJS.Timeout; arrive: () => void; due: number }>();
  let used = 0, overran = false, closed = false;
  const usable = (call: string): void => {
    if (closed) throw new SystemError(call, -errno.EBADF, 'on a closed socket');
  };
  const wakeAll = (): void => wakes.forEach((wake) => wake());
  const overrun = (): void => {
    overran = true;
    wakeAll();
  };
  const arrive = (delivery: Delivery): void => {
    if (closed) return;
    if (used + delivery.cost > receiveLimit) return overrun();
    used += delivery.cost;
    queue.push(delivery);
    wakeAll();
  };
  return {
    protocol: 0, port, sendLimit: (sendBuffer ?? 212_992) - 32, receiveLimit, groups, overrun,
    deliver(bytes, { sender = 0, late = 0, isDump = false } = {}) {
      const delivery = { bytes, sender, cost: isDump ? 0 : overhead + bytes.length };
      if (late === 0) return arrive(delivery);
      const entry = { due: performance.now() + late, arrive: () => (timers.delete(entry), arrive(delivery)), timer: setTimeout(() => entry.arrive(), late) };
      entry.timer.unref();
      timers.add(entry);
    },
    send(bytes) {
      usable('send');
      if (bytes.length > this.sendLimit) throw new SystemError('send', -errno.EMSGSIZE);
      hooks.sent(bytes);
    },
    receive(datagram) {
      usable('recv');
      if (overran) {
        overran = false;
        return -errno.ENOBUFS;
      }
      const next = queue.shift();
      if (!next) return -errno.EAGAIN;
      used -= next.cost;
      datagram.memory.bytes.set(next.bytes.subarray(0, datagram.memory.bytes.length));
      datagram.sender = next.sender;
      return next.bytes.length;
    },
    /** Time does not pass while this thread is blocked: what is late comes now, if its time is within the wait. */
    wait(milliseconds) {
      usable('poll');
      const until = performance.now() + milliseconds;
      if (queue.length === 0 && !overran)
        for (const entry of [...timers].sort((a, b) => a.due - b.due).filter(({ due }) => due <= until).slice(0, 1)) {
          clearTimeout(entry.timer);
          entry.arrive();
        }
      if (queue.length > 0 || overran) return true;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Math.min(milliseconds, 0x7fffffff));
      return false;
    },
    watch(readable) {
      usable('watch');
      let started = false, referenced = true, turn: NodeJS.Immediate | undefined;
      let alive: NodeJS.Timeout | undefined; // as a watched descriptor, it keeps the process alive
      const hold = (): void => {
        clearInterval(alive);
        alive = started && referenced ? setInterval(() => {}, 0x7fffffff) : undefined;
      };
      const schedule = (): void => {
        if (!started || turn || (queue.length === 0 && !overran)) return;
        turn = setImmediate(() => {
          turn = undefined;
          readable();
          schedule();
        });
        if (!referenced) turn.unref();
      };
      const change = (start: boolean, ref: boolean): void => {
        [started, referenced] = [start, ref];
        hold();
        if (!started) {
          clearImmediate(turn);
          turn = undefined;
        } else schedule();
      };
      wakes.add(schedule);
      return {
        start: () => change(true, referenced), stop: () => change(false, referenced),
        ref: () => change(started, true), unref: () => change(started, false),
        close() {
          change(false, referenced);
          wakes.delete(schedule);
        },
      };
    },
    join(group) {
      usable('setsockopt');
      groups.add(group);
    },
    leave(group) {
      usable('setsockopt');
      groups.delete(group);
    },
    openNamespace: (path) => hooks.openNamespace(path),
    closeNamespace() {},
    close() {
      if (closed) return;
      closed = true;
      for (const { timer } of timers) clearTimeout(timer);
      hooks.closed();
    },
  };
}
