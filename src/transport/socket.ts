import { SystemError } from '../errors.ts';
import { errno } from '../errno.ts';
import type { Libc } from '../ffi/libc.ts';
import { watchFd } from '../ffi/readiness.ts';
import { hasInbox, socketInbox } from './inbox.ts';
import { privileges } from './privileges.ts';
import type { Datagram, SocketOptions, Transport } from './transport.ts';

export type { SocketOptions };

const AF_NETLINK = 16;
const SOCK_RAW = 3, SOCK_NONBLOCK = 0o4000, SOCK_CLOEXEC = 0o2000000;
const MSG_TRUNC = 0x20, MSG_DONTWAIT = 0x40;
const POLLIN = 1, O_RDONLY = 0, O_CLOEXEC = 0o2000000;
const SOL_SOCKET = 1, SO_SNDBUF = 7, SO_RCVBUF = 8, SO_SNDBUFFORCE = 32, SO_RCVBUFFORCE = 33;
/** include/uapi/linux/netlink.h */
const SOL_NETLINK = 270, ADD_MEMBERSHIP = 1, DROP_MEMBERSHIP = 2, CAP_ACK = 10, EXT_ACK = 11, GET_STRICT_CHK = 12;

/**
 * Opens a netlink socket of this thread's network namespace.
 *
 * It is connected to the kernel: since then the kernel itself refuses what other processes send to our port.
 * The sender is looked at all the same, for what was queued before.
 */
export function openSocket(libc: Libc, protocol: number, options: SocketOptions = {}): Transport {
  const fd = check('socket', libc.socket(AF_NETLINK, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol));
  try {
    check('bind', libc.bind(fd, kernel));
    check('connect', libc.connect(fd, kernel));
    for (const option of [EXT_ACK, CAP_ACK, ...(options.strict === false ? [] : [GET_STRICT_CHK])]) optional(libc, fd, option);
    if (options.receiveBuffer !== undefined) setBuffer(libc, fd, SO_RCVBUFFORCE, SO_RCVBUF, options.receiveBuffer);
    if (options.sendBuffer !== undefined) setBuffer(libc, fd, SO_SNDBUFFORCE, SO_SNDBUF, options.sendBuffer);
    const own = address(0);
    check('getsockname', libc.getsockname(fd, own));
    const transport = socketTransport(libc, fd, protocol, new Uint32Array(own.buffer)[1]!);
    for (const group of options.groups ?? []) transport.join(group);
    return transport;
  } catch (error) {
    libc.close(fd);
    throw error;
  }
}

function socketTransport(libc: Libc, fd: number, protocol: number, port: number): Transport {
  const from = address(0), sender = new Uint32Array(from.buffer);
  let open = true;
  const usable = (call: string): void => {
    if (!open) throw new SystemError(call, -errno.EBADF, 'on a closed socket');
  };
  return {
    protocol, port,
    sendLimit: getNumber(libc, fd, SO_SNDBUF) - 32, // netlink_sendmsg() refuses more
    receiveLimit: getNumber(libc, fd, SO_RCVBUF),
    send(bytes) {
      usable('send');
      let result: number;
      do result = libc.sendto(fd, bytes, bytes.length, 0, null);
      while (result === -errno.EINTR);
      check('send', result);
    },
    receive(datagram: Datagram) {
      usable('recv');
      let result: number;
      do result = libc.recvfrom(fd, datagram.memory.bytes, MSG_DONTWAIT | MSG_TRUNC, from);
      while (result === -errno.EINTR);
      if (result >= 0) datagram.sender = sender[1]!;
      else if (result !== -errno.EAGAIN && result !== -errno.ENOBUFS) throw new SystemError('recv', result);
      return result;
    },
    ...(hasInbox ? { inbox: (room) => socketInbox(libc, room, usable, fd) } : {}),
    wait(milliseconds) {
      usable('poll');
      const fds = new Int32Array([fd, 0]);
      new Int16Array(fds.buffer)[2] = POLLIN;
      const result = libc.poll(new Uint8Array(fds.buffer), 1, Math.ceil(milliseconds));
      if (result < 0 && result !== -errno.EINTR) throw new SystemError('poll', result);
      return result > 0;
    },
    watch(readable) {
      usable('watch');
      return watchFd(libc, fd, readable);
    },
    join: (group) => membership(ADD_MEMBERSHIP, group),
    leave: (group) => membership(DROP_MEMBERSHIP, group),
    openNamespace: (path) => check('open', libc.open(path, O_RDONLY | O_CLOEXEC, 0), path),
    closeNamespace: (descriptor) => void libc.close(descriptor),
    privileges: () => privileges(),
    close() {
      if (!open) return;
      open = false;
      libc.close(fd);
    },
  };

  function membership(option: number, group: number): void {
    usable('setsockopt');
    check('setsockopt', libc.setsockopt(fd, SOL_NETLINK, option, bytesOf(group)), `for multicast group ${group}`);
  }
}

/** `struct sockaddr_nl`: family, padding, port, groups. */
function address(port: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(12);
  new Uint16Array(bytes.buffer)[0] = AF_NETLINK;
  new Uint32Array(bytes.buffer)[1] = port;
  return bytes;
}

/** The address of the kernel, and one that leaves it to the kernel which ours is. */
const kernel = address(0);

const bytesOf = (value: number): Uint8Array => new Uint8Array(new Int32Array([value]).buffer);

const on = bytesOf(1);

/** Older kernels lack some options, and all we do works without them, if less well. */
function optional(libc: Libc, fd: number, option: number): void {
  const result = libc.setsockopt(fd, SOL_NETLINK, option, on);
  if (result < 0 && result !== -errno.ENOPROTOOPT && result !== -errno.EINVAL) throw new SystemError('setsockopt', result);
}

/** The one option may go beyond the system's limit; without the privilege, the other goes up to it. The kernel doubles the number. */
function setBuffer(libc: Libc, fd: number, force: number, option: number, bytes: number): void {
  const half = bytesOf(Math.ceil(bytes / 2));
  if (libc.setsockopt(fd, SOL_SOCKET, force, half) < 0) check('setsockopt', libc.setsockopt(fd, SOL_SOCKET, option, half));
}

function getNumber(libc: Libc, fd: number, name: number): number {
  const value = new Int32Array(1);
  check('getsockopt', libc.getsockopt(fd, SOL_SOCKET, name, new Uint8Array(value.buffer)));
  return value[0]!;
}

function check(call: string, result: number, about?: string): number {
  if (result < 0) throw new SystemError(call, result, about);
  return result;
}
