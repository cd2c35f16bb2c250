import { SystemError } from '../errors.ts';
import { errno } from '../errno.ts';
import type { Libc } from '../ffi/libc.ts';
import { watchFd } from '../ffi/readiness.ts';
import type { Privileges } from '../privileges.ts';
import { hasInbox, socketInbox } from './inbox.ts';
import { privileges } from './privileges.ts';
import type { Datagram, Inbox, SocketOptions, Transport, Watcher } from './transport.ts';

export type { SocketOptions };

const AF_NETLINK = 16;
const SOCK_RAW = 3, SOCK_NONBLOCK = 0o4000, SOCK_CLOEXEC = 0o2000000;
const MSG_TRUNC = 0x20, MSG_DONTWAIT = 0x40;
const POLLIN = 1, O_RDONLY = 0, O_CLOEXEC = 0o2000000;
const SOL_SOCKET = 1, SO_SNDBUF = 7, SO_RCVBUF = 8, SO_SNDBUFFORCE = 32, SO_RCVBUFFORCE = 33;
/** include/uapi/linux/sockios.h */
const SIOCGSKNS = 0x894c;
/** include/uapi/linux/netlink.h */
const SOL_NETLINK = 270, ADD_MEMBERSHIP = 1, DROP_MEMBERSHIP = 2, CAP_ACK = 10, EXT_ACK = 11, GET_STRICT_CHK = 12;

/** A netlink socket, which is in one network namespace as long as it lives. */
export interface NetlinkSocket extends Transport {
  readonly closed: boolean;
  /** A descriptor of that namespace, to be closed by the caller. Takes CAP_NET_ADMIN there. */
  ownNamespace(): number;
}

/**
 * Opens a netlink socket of this thread's network namespace.
 *
 * It is connected to the kernel, which gives it a port, too: since then the kernel itself refuses what other processes
 * send to us. The sender is looked at all the same, for what was queued before.
 */
export function openSocket(libc: Libc, protocol: number, options: SocketOptions = {}): NetlinkSocket {
  const fd = check('socket', libc.socket(AF_NETLINK, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol));
  try {
    check('connect', libc.connect(fd, kernel));
    optional(libc, fd, EXT_ACK);
    optional(libc, fd, CAP_ACK);
    if (options.strict !== false) optional(libc, fd, GET_STRICT_CHK);
    if (options.receiveBuffer !== undefined) setBuffer(libc, fd, SO_RCVBUFFORCE, SO_RCVBUF, options.receiveBuffer);
    if (options.sendBuffer !== undefined) setBuffer(libc, fd, SO_SNDBUFFORCE, SO_SNDBUF, options.sendBuffer);
    const socket = new Socket(libc, fd, protocol);
    if (options.groups !== undefined) for (const group of options.groups) socket.join(group);
    return socket;
  } catch (error) {
    libc.close(fd);
    throw error;
  }
}

/** Sockets are made by the thousand, one for each container: of a class, they have their functions in common. */
class Socket implements NetlinkSocket {
  readonly protocol: number;
  private readonly libc: Libc;
  private readonly fd: number;
  private sendSize: number | undefined;
  private receiveSize: number | undefined;
  private open = true;

  constructor(libc: Libc, fd: number, protocol: number) {
    this.libc = libc;
    this.fd = fd;
    this.protocol = protocol;
  }

  get closed(): boolean {
    return !this.open;
  }

  get sendLimit(): number {
    return (this.sendSize ??= this.size(SO_SNDBUF)) - 32; // netlink_sendmsg() refuses more
  }

  get receiveLimit(): number {
    return this.receiveSize ??= this.size(SO_RCVBUF);
  }

  get port(): number {
    this.usable('getsockname');
    const own = address(0);
    check('getsockname', this.libc.getsockname(this.fd, own));
    return new Uint32Array(own.buffer)[1]!;
  }

  send(bytes: Uint8Array): void {
    this.usable('send');
    let result: number;
    do result = this.libc.sendto(this.fd, bytes, bytes.length, 0, null);
    while (result === -errno.EINTR);
    check('send', result);
  }

  receive(datagram: Datagram): number {
    this.usable('recv');
    let result: number;
    do result = this.libc.recvfrom(this.fd, datagram.memory.bytes, MSG_DONTWAIT | MSG_TRUNC, from);
    while (result === -errno.EINTR);
    if (result >= 0) datagram.sender = sender[1]!;
    else if (result !== -errno.EAGAIN && result !== -errno.ENOBUFS) throw new SystemError('recv', result);
    return result;
  }

  inbox(room: number): Inbox | undefined {
    return hasInbox ? socketInbox(this.libc, room, (call) => this.usable(call), this.fd) : undefined;
  }

  wait(milliseconds: number): boolean {
    this.usable('poll');
    const fds = new Int32Array([this.fd, 0]);
    new Int16Array(fds.buffer)[2] = POLLIN;
    const result = this.libc.poll(new Uint8Array(fds.buffer), 1, Math.ceil(milliseconds));
    if (result < 0 && result !== -errno.EINTR) throw new SystemError('poll', result);
    return result > 0;
  }

  watch(readable: () => void): Watcher {
    this.usable('watch');
    return watchFd(this.libc, this.fd, readable);
  }

  join(group: number): void {
    this.membership(ADD_MEMBERSHIP, group);
  }

  leave(group: number): void {
    this.membership(DROP_MEMBERSHIP, group);
  }

  openNamespace(path: string): number {
    return check('open', this.libc.open(path, O_RDONLY | O_CLOEXEC, 0), path);
  }

  closeNamespace(fd: number): void {
    this.libc.close(fd);
  }

  privileges(): Privileges | undefined {
    return privileges();
  }

  close(): void {
    if (!this.open) return;
    this.open = false;
    this.libc.close(this.fd);
  }

  ownNamespace(): number {
    this.usable('ioctl');
    return check('ioctl', this.libc.ioctl(this.fd, SIOCGSKNS, optionBytes), 'SIOCGSKNS');
  }

  /** Of a buffer; asked for when it is wanted, as few are. A closed socket has none. */
  private size(name: number): number {
    if (!this.open) return 0;
    check('getsockopt', this.libc.getsockopt(this.fd, SOL_SOCKET, name, optionBytes));
    return option[0]!;
  }

  private membership(option: number, group: number): void {
    this.usable('setsockopt');
    check('setsockopt', this.libc.setsockopt(this.fd, SOL_NETLINK, option, bytesOf(group)), `for multicast group ${group}`);
  }

  private usable(call: string): void {
    if (!this.open) throw new SystemError(call, -errno.EBADF, 'on a closed socket');
  }
}

/** `struct sockaddr_nl`: family, padding, port, groups. */
function address(port: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(12);
  new Uint16Array(bytes.buffer)[0] = AF_NETLINK;
  new Uint32Array(bytes.buffer)[1] = port;
  return bytes;
}

const kernel = address(0);

/** Where the kernel says who has sent what is received, and what an option is: read at once, before anything else is asked. */
const from = address(0), sender = new Uint32Array(from.buffer), option = new Int32Array(new ArrayBuffer(4)), optionBytes = new Uint8Array(option.buffer);

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

function check(call: string, result: number, about?: string): number {
  if (result < 0) throw new SystemError(call, result, about);
  return result;
}
