import { get16 } from '../bytes/memory.ts';
import { errno } from '../errno.ts';
import { SystemError } from '../errors.ts';
import { compare, sideBySide } from './compare.ts';
import { TapeMismatchError } from './mismatch.ts';
import { TapeError, type Protocols } from './tape-text.ts';
import { maskPath, memoryCopy, ownOrder, protocolsOf, renumber, sequencesOf, type EntryOf, type Tape } from './tape.ts';
import { Track } from './track.ts';
import type { SocketOptions, Transport } from './transport.ts';

export interface ReplayerOptions {
  /**
   * How requests are compared: 'strict' wants them in the tape's order, byte for byte; 'loose' takes requests in any
   * order, and attributes too. Sequence numbers and ports never count.
   */
  readonly match?: 'strict' | 'loose' | undefined;
  /** Fields that may differ, by our name or the kernel's: `['options.peer.address', 'IFLA_NET_NS_FD']`. */
  readonly ignore?: readonly string[] | undefined;
}

/** Plays a tape to a program as if it were the kernel. */
export interface Replayer {
  /** The tape's next socket of the same family with the same multicast groups. Throws a TapeMismatchError where there is none. */
  open(options?: SocketOptions): Transport;
  /** Requests of the tape that were not sent yet. */
  readonly left: readonly EntryOf<'send'>[];
  /** Throws a TapeMismatchError if a request did not fit, or if any is left. */
  done(): void;
}

/** Plays `tape` back. Throws a TapeError for a tape of a machine with the other byte order. */
export function replayer(tape: Tape, protocols: Protocols, options: ReplayerOptions = {}): Replayer {
  if (tape.order !== ownOrder) throw new TapeError(`it was recorded on a machine with ${tape.order}-endian numbers, this one's are ${ownOrder}-endian`);
  const loose = options.match === 'loose', ignore = options.ignore ?? [];
  const track = new Track(tape), numbers = protocolsOf(tape);
  const protocolOf = (socket: number) => protocols(numbers(socket));
  const opened = new Set<number>();
  const wakes = new Set<() => void>();
  /** The live sequence number for a recorded one, by socket. */
  const sequences = new Map<number, Map<number, number>>();
  let failure: TapeMismatchError | undefined;

  const fail = (error: TapeMismatchError): never => {
    failure ??= error;
    throw error;
  };
  const left = () => track.unsent();

  return {
    get left() {
      return left();
    },
    done() {
      if (failure) throw failure;
      const [first, ...more] = left();
      if (!first) return;
      const others = more.length === 0 ? '' : ` and ${more.length} more`;
      throw new TapeMismatchError(`a request of the tape was not sent: ${describe(first)}${others}`);
    },
    open({ groups = [], protocol } = {}) {
      const wanted = [...groups].sort().join(' ');
      const entry = track.of('socket').find((entry) =>
        !opened.has(entry.socket) && (protocol === undefined || entry.protocol === protocol) && [...entry.groups].sort().join(' ') === wanted);
      if (!entry) return fail(new TapeMismatchError(`the tape has no more sockets ${protocol === undefined ? '' : `of ${protocols(protocol).name} `}${groups.length === 0 ? 'without groups' : `with the groups ${wanted}`}`));
      opened.add(entry.socket);
      return socket(entry);
    },
  };

  function describe(send: EntryOf<'send'>): string {
    return `${nameOf(send.bytes, send.socket)} on socket ${send.socket}`;
  }

  function nameOf(bytes: Uint8Array, socket: number): string {
    return protocolOf(socket).messages[typeOf(bytes)]?.cName ?? `a message of type ${typeOf(bytes)}`;
  }

  function mismatch(bytes: Uint8Array, candidates: readonly EntryOf<'send'>[], socket: number): never {
    const expected = candidates.find((send) => typeOf(send.bytes) === typeOf(bytes)) ?? candidates[0];
    const protocol = protocolOf(socket), place = `request ${track.sent(socket) + 1} on socket ${socket}`;
    if (!expected) return fail(new TapeMismatchError(`${place} is one too many: the tape ends before it sends ${nameOf(bytes, socket)}`));
    const found = compare(bytes, expected.bytes, protocol, { loose, ignore })!;
    const name = found.field ? `${found.field} (${found.attribute})` : found.attribute;
    const value = (text: string | undefined): string => text ?? 'nothing';
    return fail(new TapeMismatchError(
      `${place} is not the one on the tape: ${name} is ${value(found.sent)}, the tape has ${value(found.recorded)}\n\n${sideBySide(bytes, expected.bytes, protocol)}\n`, found));
  }

  function socket(entry: EntryOf<'socket'>): Transport {
    const { socket } = entry, protocol = protocolOf(socket), asks = track.asks(socket);
    const own = new Map<number, number>();
    sequences.set(socket, own);
    let closed = false, lenient = false, starved = false;

    const usable = (call: string): void => {
      if (closed) throw new SystemError(call, -errno.EBADF, 'on a closed socket');
    };
    const next = () => track.next(socket, loose || lenient);
    /** What somebody who waits may get: rather out of order than never. */
    const awaited = () => {
      const found = next();
      if (found || !asks) return found;
      lenient = true;
      return next();
    };
    const starve = (): never => fail(new TapeMismatchError(`socket ${socket} waits for an answer that is not on the tape`));

    return {
      protocol: entry.protocol, port: socket, sendLimit: entry.sendLimit, receiveLimit: entry.receiveLimit,
      send(bytes) {
        usable('send');
        const fits = (send: EntryOf<'send'>) => compare(bytes, send.bytes, protocol, { loose, ignore }) === undefined;
        const candidates = loose ? track.unsent(socket) : [track.nextSend(socket)].filter((send) => send !== undefined);
        const match = candidates.find(fits);
        if (!match) return mismatch(bytes, candidates, socket);
        track.use(match);
        const live = sequencesOf(bytes);
        sequencesOf(match.bytes).forEach((recorded, i) => own.set(recorded, live[i]!));
        lenient = false;
        for (const wake of wakes) wake();
        if (match.errno !== 0) throw new SystemError('send', -match.errno);
      },
      receive(datagram) {
        usable('recv');
        const found = next();
        if (!found && starved) starve();
        if (!found || found.type === 'silence') return -errno.EAGAIN;
        track.use(found);
        if (found.type === 'fault') {
          if (found.errno === errno.EAGAIN || found.errno === errno.ENOBUFS) return -found.errno;
          throw new SystemError('recv', -found.errno);
        }
        const bytes = renumber(found.bytes, (sequence, port) => [(sequences.get(port) ?? own).get(sequence) ?? sequence, port]);
        const room = datagram.memory.bytes.length;
        datagram.memory.bytes.set(bytes.subarray(0, room));
        datagram.sender = found.sender;
        return found.length === bytes.length ? found.length : Math.max(found.length, room + 1); // what was cut stays cut
      },
      wait(milliseconds) {
        usable('poll');
        const found = awaited();
        if (!found) starve();
        if (found?.type !== 'silence') return true;
        track.use(found);
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Math.min(milliseconds, 0x7fffffff));
        return false;
      },
      watch(readable) {
        usable('watch');
        let started = false, referenced = true, turn: NodeJS.Immediate | undefined;
        const stop = (): void => {
          started = false;
          clearImmediate(turn);
          turn = undefined;
        };
        const schedule = (): void => {
          if (!started || turn) return;
          const found = awaited();
          if (found?.type === 'silence') return track.use(found);
          if (!found && !asks) return;
          turn = setImmediate(() => {
            turn = undefined;
            starved = asks && !awaited();
            readable();
            starved = false;
            schedule();
          });
          if (!referenced) turn.unref();
        };
        wakes.add(schedule);
        return {
          start() {
            started = true;
            schedule();
          },
          stop,
          ref() {
            referenced = true;
            turn?.ref();
          },
          unref() {
            referenced = false;
            turn?.unref();
          },
          close() {
            stop();
            wakes.delete(schedule);
          },
        };
      },
      join: (group) => membership(true, group),
      leave: (group) => membership(false, group),
      openNamespace(path) {
        const known = track.of('namespace').find((entry) => entry.socket === socket && !track.isUsed(entry) && entry.path === maskPath(path));
        if (!known) return fail(new TapeMismatchError(`the namespace ${JSON.stringify(path)} is not opened on the tape`));
        track.use(known);
        if (known.result < 0) throw new SystemError('open', known.result, path);
        return known.result;
      },
      closeNamespace() {},
      close() {
        closed = true;
      },
    };

    function membership(join: boolean, group: number): void {
      usable('setsockopt');
      const known = track.of('group').find((entry) => entry.socket === socket && !track.isUsed(entry) && entry.join === join && entry.group === group);
      if (!known) return fail(new TapeMismatchError(`the multicast group ${group} is not ${join ? 'joined' : 'left'} on the tape`));
      track.use(known);
      if (known.errno !== 0) throw new SystemError('setsockopt', -known.errno, `for multicast group ${group}`);
    }
  }
}

const typeOf = (bytes: Uint8Array): number => get16(memoryCopy(bytes), 4);
