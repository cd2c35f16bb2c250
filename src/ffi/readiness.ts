import type { Socket } from 'node:net';
import { SystemError } from '../errors.ts';
import type { Libc, LoopCalls } from './libc.ts';

/**
 * Tells when a descriptor can be read. One watcher per descriptor, stopped when made.
 * A started watcher keeps the process alive unless `unref()` was called; a stopped one never does.
 * Close it before the descriptor. After `close()` nothing has any effect.
 */
export interface Watcher {
  start(): void;
  stop(): void;
  ref(): void;
  unref(): void;
  close(): void;
}

/**
 * Calls `readable` as long as `fd` has something to be read or a pending error: once per turn of the event loop, like
 * any callback of Node's, so that promises go on after it and what it throws is an uncaught exception.
 * `fd` may become non-blocking by it.
 */
export type Watch = (libc: Libc, fd: number, readable: () => void) => Watcher;

/** In the main thread by libuv's poll handles, in a worker thread by epoll descriptors. */
export const watchFd: Watch = (libc, fd, readable) =>
  libc.loop === undefined ? watchByEpoll(libc, fd, readable) : watchByLoop(libc.loop, fd, readable);

/**
 * The C callback runs where neither promises nor exceptions are looked after: it only asks for a turn of Node's own,
 * which comes in the same round of the loop.
 *
 * libuv stops a handle whose descriptor has an error pending, as a netlink socket has after an overrun. `readable` gets
 * to see and clear the error, then the handle is started anew.
 */
function watchByLoop(loop: LoopCalls, fd: number, readable: () => void): Watcher {
  let started = false, failed = false;
  let turn: NodeJS.Immediate | undefined;
  const handle = loop.poll(fd, (status) => {
    failed ||= status < 0;
    turn ??= setImmediate(() => {
      turn = undefined;
      try {
        readable();
      } finally {
        if (started && failed) start();
      }
    });
  });
  const start = (): void => {
    started = true;
    failed = false;
    handle.start();
  };
  const stop = (): void => {
    started = false;
    handle.stop();
    clearImmediate(turn);
    turn = undefined;
  };
  return {
    start, stop,
    ref: () => handle.ref(),
    unref: () => handle.unref(),
    close() {
      stop();
      handle.close();
    },
  };
}

/**
 * Without a callback from C and without a handle of libuv's that we would have to close: what a worker thread needs,
 * where Node aborts if such a handle is left, and `terminate()` lets nobody close it. (A `poll()` on libuv's thread
 * pool would be safe with koffi, and with koffi alone; but it keeps one of the four threads that all file operations of
 * the process share, and delays the worker's end until it times out.)
 *
 * Node itself watches an epoll descriptor that contains ours, by means of a socket made for it; see `epollSocket`. It
 * costs about 0.1 ms each time `fd` becomes readable.
 */
export const watchByEpoll: Watch = (libc, fd, readable) => {
  let started = false, closed = false, referenced = true;
  let current: Socket | undefined;
  const arm = (): void => {
    const socket = current = epollSocket(libc, fd);
    if (!referenced) socket.unref();
    socket.once('error', (error: NodeJS.ErrnoException) => {
      if (socket !== current) return;
      current = undefined;
      if (error.code !== 'EINVAL') throw error;
      try {
        readable();
      } finally {
        if (started && current === undefined) arm();
      }
    });
  };
  const stop = (): void => {
    started = false;
    current?.destroy();
    current = undefined;
  };
  return {
    start() {
      if (started || closed) return;
      arm();
      started = true;
    },
    stop,
    ref() {
      referenced = true;
      current?.ref();
    },
    unref() {
      referenced = false;
      current?.unref();
    },
    close() {
      closed = true;
      stop();
    },
  };
};

const AF_UNIX = 1, SOCK_STREAM = 1, CLOEXEC = 0o2000000;
const EPOLL_CTL_ADD = 1, EPOLLIN = 1;
/** `struct epoll_event`: packed to 12 bytes on x86, 16 elsewhere; `events` comes first. */
const readableEvent = new Uint8Array(new Uint32Array([EPOLLIN, 0, 0, 0]).buffer);

/**
 * A Node socket that ends with EINVAL as soon as `fd` can be read, and takes nothing from it.
 *
 * An epoll descriptor is readable while one in its set is, and reading it gives EINVAL. Node makes sockets only of
 * descriptors it knows, so it is given a Unix socket, in whose place the epoll descriptor is put before Node looks at
 * it again. It is Node's from then on: closed with the socket, or with the worker.
 */
function epollSocket(libc: Libc, fd: number): Socket {
  const epoll = check('epoll_create1', libc.epoll_create1(CLOEXEC));
  try {
    check('epoll_ctl', libc.epoll_ctl(epoll, EPOLL_CTL_ADD, fd, readableEvent));
    const place = check('socket', libc.socket(AF_UNIX, SOCK_STREAM | CLOEXEC, 0));
    const { Socket } = process.getBuiltinModule('node:net'); // much to load, for workers alone
    const socket = new Socket({ fd: place, readable: true, writable: false });
    const result = libc.dup3(epoll, place, CLOEXEC);
    if (result < 0) socket.destroy();
    check('dup3', result);
    return socket;
  } finally {
    libc.close(epoll);
  }
}

function check(call: string, result: number): number {
  if (result < 0) throw new SystemError(call, result);
  return result;
}
