import { allocate, get16, get32, littleEndian, set32, type Memory } from '../bytes/memory.ts';
import { headerSize, NLMSG } from '../wire/header.ts';

/** A recorded conversation: every datagram of every socket, in the order they went. See fixtures/README.md for its text. */
export interface Tape {
  readonly title: string;
  /** The netlink family of its sockets, or of the first of them: 0 for NETLINK_ROUTE. */
  readonly protocol: number;
  /** The release of the kernel that answered: `6.18.44`; '' where no kernel did. */
  readonly kernel: string;
  /** The byte order of the machine it was recorded on. */
  readonly order: 'little' | 'big';
  readonly entries: readonly Entry[];
  /** Free comments behind the last entry. */
  readonly trailer: readonly string[];
}

/** Sockets are numbered from 1 in the order they were opened. */
export type Entry = { readonly socket: number; readonly comments?: readonly string[] | undefined } & (
  | { readonly type: 'socket'; readonly protocol: number; readonly groups: readonly number[]; readonly sendLimit: number; readonly receiveLimit: number }
  /** One datagram sent; `errno` is what send() failed with, 0 where it went well. */
  | { readonly type: 'send'; readonly bytes: Uint8Array; readonly errno: number }
  /** One datagram received. `length` is its own, more than `bytes` where the reader's buffer cut it. */
  | { readonly type: 'receive'; readonly bytes: Uint8Array; readonly length: number; readonly sender: number }
  /** What receive() failed with: EAGAIN where there was nothing yet, ENOBUFS where messages were lost. */
  | { readonly type: 'fault'; readonly errno: number }
  /** Somebody waited and gave up: nothing came. */
  | { readonly type: 'silence' }
  /** A namespace was opened by its path; `result` is the descriptor or the negated errno. */
  | { readonly type: 'namespace'; readonly path: string; readonly result: number }
  | { readonly type: 'group'; readonly join: boolean; readonly group: number; readonly errno: number }
);

/** The netlink family of each socket, by its number; what no socket was opened for is the tape's own. */
export function protocolsOf(tape: Pick<Tape, 'protocol' | 'entries'>): (socket: number) => number {
  const known = new Map<number, number>();
  for (const entry of tape.entries) if (entry.type === 'socket') known.set(entry.socket, entry.protocol);
  return (socket) => known.get(socket) ?? tape.protocol;
}

export type EntryOf<T extends Entry['type']> = Extract<Entry, { type: T }>;

/** This machine's byte order, as tapes spell it. */
export const ownOrder: Tape['order'] = littleEndian ? 'little' : 'big';

/** The process in a path below /proc is another one each time: `/proc/123/ns/net` stands on tapes as `/proc/PID/ns/net`. */
export const maskPath = (path: string): string => path.replace(/^\/proc\/(?:\d+|self|thread-self)\//, '/proc/PID/');

/** A copy of `bytes` as memory of its own. */
export function memoryCopy(bytes: Uint8Array): Memory {
  const memory = allocate(bytes.length);
  memory.bytes.set(bytes);
  return memory;
}

/** Calls `use` with where each message of a datagram starts and ends; what is no message is left out. */
export function eachHeader(m: Memory, length: number, use: (at: number, end: number) => void): void {
  for (let at = 0; length - at >= headerSize; ) {
    const size = get32(m, at);
    use(at, Math.min(length, at + Math.max(size, headerSize)));
    if (size < headerSize || size > length - at) return;
    at += (size + 3) & ~3;
  }
}

/** The sequence numbers in a datagram, one a message. */
export function sequencesOf(bytes: Uint8Array): number[] {
  const m = memoryCopy(bytes), found: number[] = [];
  eachHeader(m, bytes.length, (at) => found.push(get32(m, at + 8)));
  return found;
}

/** Sequence number and port of a message. */
export type Numbers = readonly [sequence: number, port: number];

/**
 * A copy of a datagram with the numbers of each message replaced, and of the request's header that an error message
 * repeats; that request was of the same port.
 */
export function renumber(bytes: Uint8Array, change: (sequence: number, port: number) => Numbers): Uint8Array {
  const m = memoryCopy(bytes);
  eachHeader(m, bytes.length, (at, end) => {
    const port = get32(m, at + 12);
    const put = (at: number): void => {
      const own = get32(m, at + 12), [sequence, changed] = change(get32(m, at + 8), port);
      set32(m, at + 8, sequence);
      if (own === port) set32(m, at + 12, changed);
    };
    put(at);
    if (get16(m, at + 4) === NLMSG.ERROR && end - at >= 2 * headerSize + 4) put(at + headerSize + 4);
  });
  return m.bytes.subarray(0, bytes.length);
}
