import { errno } from '../errno.ts';
import { SystemError } from '../errors.ts';
import { maskPath, ownOrder, renumber, type Entry, type Tape } from './tape.ts';
import type { Transport } from './transport.ts';

export interface RecorderOptions {
  /** What the tape shows, in one sentence. */
  readonly title: string;
  /** The kernel's release. */
  readonly kernel?: string | undefined;
  /** Free comments above the first entry. */
  readonly comments?: readonly string[] | undefined;
}

/** Writes down what goes through the transports that it wraps. */
export interface Recorder {
  /** A transport that does what `transport` does and leaves a trace; `groups` are those it has joined already. */
  wrap(transport: Transport, groups?: readonly number[]): Transport;
  /** What went through so far. */
  readonly tape: Tape;
}

/** Ports that tapes show instead of those of processes: 1, 2, ... for our own sockets, from 1001 on for strangers. */
const firstStranger = 1001;

export function recorder(options: RecorderOptions): Recorder {
  const entries: Entry[] = [], ports = new Map<number, number>([[0, 0]]);
  let protocol = 0, sockets = 0, strangers = 0;

  const portOf = (port: number): number => {
    const known = ports.get(port);
    if (known !== undefined) return known;
    const made = firstStranger + strangers++;
    ports.set(port, made);
    return made;
  };
  const masked = (bytes: Uint8Array): Uint8Array => renumber(bytes, (sequence, port) => [sequence, portOf(port)]);

  return {
    get tape() {
      const commented = entries.map((entry, i) => (i === 0 && options.comments ? { ...entry, comments: options.comments } : entry));
      return {
        title: options.title, protocol, kernel: options.kernel ?? '', order: ownOrder,
        entries: withoutIdleLooks(commented), trailer: [],
      };
    },
    wrap(inner, groups = []) {
      const socket = ++sockets;
      if (socket === 1) protocol = inner.protocol;
      let heard = false;
      ports.set(inner.port, socket);
      entries.push({ type: 'socket', socket, protocol: inner.protocol, groups, sendLimit: inner.sendLimit, receiveLimit: inner.receiveLimit });
      const noted = <T>(action: () => T, note: (errno: number, result: T | undefined) => Entry): T => {
        let result: T;
        try {
          result = action();
        } catch (error) {
          if (error instanceof SystemError) entries.push(note(error.errno, undefined));
          throw error;
        }
        entries.push(note(0, result));
        return result;
      };
      return {
        protocol: inner.protocol, port: inner.port, sendLimit: inner.sendLimit, receiveLimit: inner.receiveLimit,
        send(bytes) {
          const copy = masked(bytes); // before: an answer may be read while we still send
          noted(() => inner.send(bytes), (number) => ({ type: 'send', socket, bytes: copy, errno: number }));
        },
        receive(datagram) {
          let length: number;
          try {
            length = inner.receive(datagram);
          } catch (error) {
            if (error instanceof SystemError) entries.push({ type: 'fault', socket, errno: error.errno });
            throw error;
          }
          heard ||= length !== -errno.EAGAIN;
          if (length < 0) entries.push({ type: 'fault', socket, errno: -length });
          else entries.push({ type: 'receive', socket, length, sender: portOf(datagram.sender), bytes: masked(datagram.memory.bytes.subarray(0, length)) });
          return length;
        },
        wait(milliseconds) {
          const found = inner.wait(milliseconds);
          if (!found) entries.push({ type: 'silence', socket });
          return found;
        },
        watch(readable) {
          const watcher = inner.watch(readable);
          let started = false;
          const gaveUp = (): void => {
            if (started && !heard) entries.push({ type: 'silence', socket });
            started = false;
          };
          return {
            start() {
              if (!started) heard = false;
              started = true;
              watcher.start();
            },
            stop() {
              gaveUp();
              watcher.stop();
            },
            ref: () => watcher.ref(),
            unref: () => watcher.unref(),
            close() {
              gaveUp();
              watcher.close();
            },
          };
        },
        join: (group) => noted(() => inner.join(group), (number) => ({ type: 'group', socket, join: true, group, errno: number })),
        leave: (group) => noted(() => inner.leave(group), (number) => ({ type: 'group', socket, join: false, group, errno: number })),
        openNamespace: (path) => noted(() => inner.openNamespace(path), (number, fd) => (
          { type: 'namespace', socket, path: maskPath(path), result: fd ?? -number })),
        closeNamespace: (fd) => inner.closeNamespace(fd),
        privileges: () => inner.privileges?.(),
        close: () => inner.close(),
      };
    },
  };
}

/**
 * A look that found nothing is part of the conversation only between a request and its late answer; else it says how
 * often somebody looked. Silence is told once, and not of a socket that only listens.
 */
function withoutIdleLooks(entries: readonly Entry[]): Entry[] {
  const asks = new Set(entries.filter(({ type }) => type === 'send').map(({ socket }) => socket));
  const idle = (entry: Entry): boolean => entry.type === 'fault' && entry.errno === errno.EAGAIN;
  return entries.filter((entry, i) => {
    if (!idle(entry) && entry.type !== 'silence') return true;
    if (!asks.has(entry.socket)) return false;
    const next = entries.slice(i + 1).find(({ socket }) => socket === entry.socket);
    if (entry.type === 'silence') return next?.type !== 'silence';
    return next !== undefined && (next.type === 'receive' || (next.type === 'fault' && !idle(next)));
  });
}
