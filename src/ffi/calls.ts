import { errno } from '../errno.ts';
import type { Libc, LoopCalls } from './libc.ts';
import { uvLoop } from './loop.ts';
import type { Native, Prototypes } from './native.ts';
import { isMainThread } from './thread.ts';

/** fcntl, ioctl, open and syscall are variadic in C; on Linux that changes nothing for arguments like these. */
const prototypes = {
  socket: ['int', ['int', 'int', 'int']],
  bind: ['int', ['int', 'bytes', 'uint']],
  connect: ['int', ['int', 'bytes', 'uint']],
  getsockname: ['int', ['int', 'bytes', 'bytes']],
  setsockopt: ['int', ['int', 'int', 'int', 'bytes', 'uint']],
  getsockopt: ['int', ['int', 'int', 'int', 'bytes', 'bytes']],
  sendto: ['int', ['int', 'bytes', 'size', 'int', 'bytes', 'uint']],
  recvfrom: ['int', ['int', 'bytes', 'size', 'int', 'bytes', 'bytes']],
  recvmmsg: ['int', ['int', 'bytes', 'uint', 'int', 'bytes']],
  poll: ['int', ['bytes', 'size', 'int']],
  open: ['int', ['text', 'int', 'uint']],
  close: ['int', ['int']],
  dup3: ['int', ['int', 'int', 'int']],
  fcntl: ['int', ['int', 'int', 'size']],
  flock: ['int', ['int', 'int']],
  ioctl: ['int', ['int', 'size', 'bytes']],
  eventfd: ['int', ['uint', 'int']],
  epoll_create1: ['int', ['int']],
  epoll_ctl: ['int', ['int', 'int', 'int', 'bytes']],
  setns: ['int', ['int', 'int']],
  unshare: ['int', ['int']],
  mount: ['int', ['text', 'text', 'text', 'size', 'text']],
  umount2: ['int', ['text', 'int']],
  syscall: ['int', ['size', 'int', 'uint']],
  _exit: ['int', ['int']],
} as const satisfies Prototypes;

/** The same on every architecture that Node runs on; glibc has had the function only since 2.36, musl has not. */
const SYS_pidfd_open = 434;

/** Makes a Libc of any binding. */
export function makeLibc(native: Native): Libc {
  const c = native.functions(prototypes);
  const length = new Uint32Array(new ArrayBuffer(4));
  const lengthBytes = new Uint8Array(length.buffer);
  let loop: { readonly calls: LoopCalls | undefined } | undefined;

  /** A failure is never 0, even if errno were lost. */
  const outcome = (result: number): number => result < 0 ? -(native.errno() || errno.EIO) : result;
  const stored = (result: number): number => result < 0 ? outcome(result) : length[0]!;

  return {
    binding: native.binding,
    socket: (domain, type, protocol) => outcome(c.socket(domain, type, protocol)),
    bind: (fd, address) => outcome(c.bind(fd, address, address.length)),
    connect: (fd, address) => outcome(c.connect(fd, address, address.length)),
    getsockname(fd, address) {
      length[0] = address.length;
      return stored(c.getsockname(fd, address, lengthBytes));
    },
    setsockopt: (fd, level, name, value) => outcome(c.setsockopt(fd, level, name, value, value.length)),
    getsockopt(fd, level, name, value) {
      length[0] = value.length;
      return stored(c.getsockopt(fd, level, name, value, lengthBytes));
    },
    sendto: (fd, bytes, count, flags, address) =>
      outcome(c.sendto(fd, bytes, count, flags, address, address?.length ?? 0)),
    recvfrom(fd, into, flags, address) {
      if (address === null) return outcome(c.recvfrom(fd, into, into.length, flags, null, null));
      length[0] = address.length;
      return outcome(c.recvfrom(fd, into, into.length, flags, address, lengthBytes));
    },
    recvmmsg: (fd, messages, count, flags) => outcome(c.recvmmsg(fd, messages, count, flags, null)),
    addressOf: (buffer) => native.addressOf(new Uint8Array(buffer)),
    poll: (fds, count, milliseconds) => outcome(c.poll(fds, count, milliseconds)),
    open: (path, flags, mode) => outcome(c.open(path, flags, mode)),
    close: (fd) => outcome(c.close(fd)),
    dup3: (from, to, flags) => outcome(c.dup3(from, to, flags)),
    fcntl: (fd, command, argument) => outcome(c.fcntl(fd, command, argument)),
    flock: (fd, operation) => outcome(c.flock(fd, operation)),
    ioctl: (fd, request, argument) => outcome(c.ioctl(fd, request, argument)),
    ioctlNumber: (fd, request, argument) => outcome(c.ioctl(fd, request, BigInt(argument))),
    eventfd: (initial, flags) => outcome(c.eventfd(initial, flags)),
    epoll_create1: (flags) => outcome(c.epoll_create1(flags)),
    epoll_ctl: (epoll, operation, fd, event) => outcome(c.epoll_ctl(epoll, operation, fd, event)),
    setns: (fd, type) => outcome(c.setns(fd, type)),
    unshare: (flags) => outcome(c.unshare(flags)),
    mount: (source, target, type, flags, data) => outcome(c.mount(source, target, type, flags, data)),
    umount2: (target, flags) => outcome(c.umount2(target, flags)),
    pidfd_open: (pid, flags) => outcome(c.syscall(SYS_pidfd_open, pid, flags)),
    _exit: (status) => void c._exit(status),
    get loop() {
      return (loop ??= { calls: isMainThread() ? uvLoop(native) : undefined }).calls;
    },
  };
}
