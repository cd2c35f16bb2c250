/**
 * The functions of the C library that netlink-ts calls, and nothing else.
 *
 * Every call returns what the system call returns when it succeeds (>= 0) and the negated errno when it fails
 * (`-17` for EEXIST), as the kernel itself does: the number travels with the call, so nothing that runs between
 * the call and a later look at `errno` can overwrite it.
 */
export interface Libc {
  /** Which binding this is. */
  readonly binding: Binding;

  socket(domain: number, type: number, protocol: number): number;
  bind(fd: number, address: Uint8Array): number;
  connect(fd: number, address: Uint8Array): number;
  /** Fills `address`; returns the length the kernel stored. */
  getsockname(fd: number, address: Uint8Array): number;
  setsockopt(fd: number, level: number, name: number, value: Uint8Array): number;
  /** Fills `value`; returns the length the kernel stored. */
  getsockopt(fd: number, level: number, name: number, value: Uint8Array): number;
  /** Sends the first `length` bytes of `bytes`; `address` null on a connected socket. */
  sendto(fd: number, bytes: Uint8Array, length: number, flags: number, address: Uint8Array | null): number;
  /** Receives up to the length of `into`; with MSG_TRUNC the result may exceed it. `address` is filled when given. */
  recvfrom(fd: number, into: Uint8Array, flags: number, address: Uint8Array | null): number;
  /** Receives up to `count` datagrams; `messages` is an array of `struct mmsghdr`, which tells where to. */
  recvmmsg(fd: number, messages: Uint8Array, count: number, flags: number): number;
  /** `fds`: an array of `struct pollfd` (8 bytes each), read and written in place. */
  poll(fds: Uint8Array, count: number, milliseconds: number): number;
  open(path: string, flags: number, mode: number): number;
  close(fd: number): number;
  dup3(from: number, to: number, flags: number): number;
  fcntl(fd: number, command: number, argument: number): number;
  flock(fd: number, operation: number): number;
  ioctl(fd: number, request: number, argument: Uint8Array): number;
  /** The same for requests whose argument is a number itself: TUNSETPERSIST. */
  ioctlNumber(fd: number, request: number, argument: number): number;
  eventfd(initial: number, flags: number): number;
  epoll_create1(flags: number): number;
  /** `event`: a `struct epoll_event`. */
  epoll_ctl(epoll: number, operation: number, fd: number, event: Uint8Array): number;
  setns(fd: number, type: number): number;
  unshare(flags: number): number;
  mount(source: string, target: string, type: string | null, flags: number, data: string | null): number;
  umount2(target: string, flags: number): number;
  pidfd_open(pid: number, flags: number): number;
  /** Ends the process at once: nothing that Node or a library does at its end is done. */
  _exit(status: number): void;

  /** Where the memory of `buffer` lies, for a struct that points to it. It does not move, and lives as long as `buffer` is held. */
  addressOf(buffer: ArrayBuffer): bigint;

  /** The event loop of this thread, for readiness; undefined in worker threads, where it cannot be reached safely. */
  readonly loop: LoopCalls | undefined;
}

export type Binding = 'koffi' | 'ffi-napi' | 'node-ffi';

/** libuv's own poll handles, called through the same binding. */
export interface LoopCalls {
  /**
   * Makes a stopped handle that calls `ready(status, events)` whenever `fd` is readable, until stopped. A negative
   * status says that an error of `fd` stopped it. `ready` runs in the midst of libuv: it must neither throw nor linger.
   */
  poll(fd: number, ready: (status: number, events: number) => void): LoopPoll;
}

export interface LoopPoll {
  start(): void;
  stop(): void;
  ref(): void;
  unref(): void;
  /** Ends the handle, before the fd is closed; its memory is released once libuv has let go of it. */
  close(): void;
}
