import type { Memory } from '../bytes/memory.ts';
import type { Privileges } from '../privileges.ts';

/** Where a datagram is received into, and who sent it. */
export interface Datagram {
  memory: Memory;
  /** The sender's port: 0 is the kernel. */
  sender: number;
}

/** Datagrams that were received at one go. */
export interface Inbox {
  /** Where they are: there is one for each. */
  readonly memories: readonly Memory[];
  /** As `Transport.receive`, for up to `most` at a time: returns how many have come, or the negated errno. */
  receive(most: number): number;
  /** The length of one of them, which is more than its memory holds where it was cut, and the port of its sender. */
  length(i: number): number;
  sender(i: number): number;
}

/**
 * A way to the kernel, or to something that plays it: a socket, a recorder around one, a tape. Whole datagrams go
 * through it, headers and all, so that whatever stands in for the kernel exercises the same decoding.
 */
export interface Transport {
  /** The netlink family: 0 for NETLINK_ROUTE. */
  readonly protocol: number;
  /** Our own port, by which the kernel addresses us. */
  readonly port: number;
  /** The largest datagram that can be sent, in bytes. */
  readonly sendLimit: number;
  /** Bytes that may wait to be read before the kernel drops messages, as SO_RCVBUF counts them. */
  readonly receiveLimit: number;
  /** Sends one datagram. Throws a SystemError. */
  send(bytes: Uint8Array): void;
  /**
   * Receives one datagram without waiting. Returns its length, which is more than the memory holds where it was cut;
   * -EAGAIN where there is none and -ENOBUFS where the kernel dropped some. Throws a SystemError for anything else.
   */
  receive(datagram: Datagram): number;
  /** Room for many datagrams of up to `room` bytes, received at one go; undefined where there is no such way, and one by one will do. */
  inbox?(room: number): Inbox | undefined;
  /** Blocks this thread until there is something to receive; false where that took `milliseconds`. */
  wait(milliseconds: number): boolean;
  /** Calls `readable` whenever there is something to receive, once started. */
  watch(readable: () => void): Watcher;
  /** Subscribes to a multicast group, or ends that. Throws a SystemError. */
  join(group: number): void;
  leave(group: number): void;
  /** Opens a namespace by its path, for a message that must carry its descriptor. Throws a SystemError. */
  openNamespace(path: string): number;
  closeNamespace(fd: number): void;
  /** What this thread may do, where it is a real kernel that is talked to: asked when something was refused. */
  privileges?(): Privileges | undefined;
  close(): void;
}

/** What a transport is opened for. */
export interface SocketOptions {
  /** The netlink family that is meant, where it is another than usual here. */
  readonly protocol?: number | undefined;
  /** Bytes of the receive buffer; beyond the system's limit (net.core.rmem_max) it takes CAP_NET_ADMIN. */
  readonly receiveBuffer?: number | undefined;
  /** Bytes of the send buffer, the most that one datagram can have; beyond the system's limit (net.core.wmem_max) it takes CAP_NET_ADMIN. */
  readonly sendBuffer?: number | undefined;
  /** Multicast groups to join before anything is received. */
  readonly groups?: readonly number[] | undefined;
  /** Checks requests for dumps strictly, so that the kernel filters; on unless false. Kernels before 4.20 cannot. */
  readonly strict?: boolean | undefined;
}

/** Opens transports: requests and notifications never share one. */
export type OpenTransport = (options: SocketOptions) => Transport;

/** Stopped when made. Started, it keeps the process alive unless `unref` was called. */
export interface Watcher {
  start(): void;
  stop(): void;
  ref(): void;
  unref(): void;
  close(): void;
}
