import { allocate, get16, get32, unzeroed } from '../bytes/memory.ts';
import { DecodeError, DumpInterruptedError, OverrunError } from '../errors.ts';
import { errno } from '../errno.ts';
import type { Protocol } from '../schema/protocol.ts';
import type { Datagram, Transport } from '../transport/transport.ts';
import { readDone, readError, type Verdict } from '../wire/control.ts';
import { NLM_F, NLMSG, NLMSG_MIN_TYPE } from '../wire/header.ts';
import { explain, warningOf } from './explain.ts';
import { eachMessage } from './frame.ts';
import { add, clear, gathered } from './items.ts';
import { settle, type Pending } from './pending.ts';
import { tracing, type Trace } from './trace.ts';
import { Waiters } from './waiters.ts';

/** What was seen on a connection that belonged to nobody. */
export interface ConnectionCounters {
  /** Datagrams that did not come from the kernel; they are dropped. */
  strangers: number;
  /** Answers that nobody waited for any more. */
  strays: number;
  /** Times the kernel said that it had to drop messages. */
  overruns: number;
  /** Dumps asked for again because the table changed meanwhile. */
  interruptions: number;
}

/** What a reader asks of the connection it reads for. */
export interface ReaderHooks {
  /** An exchange is out of the way: the next dump may begin. */
  released(pending: Pending): void;
  /** All is read that was there; true where more may have come by what is done then. */
  silent(): boolean;
  /** A dump was refused with EBUSY; true where it waits for another, and is asked for again. */
  busy(pending: Pending): boolean;
  /** An exchange must be sent once more, with a new number. */
  send(pending: Pending): void;
  warned(warning: string): void;
  /** There is more to read in a later turn of the event loop. */
  later(): void;
}

/** Times a dump is asked for, and the milliseconds before it is asked for again; they double each time. */
const dumpTries = 5, dumpPause = 1;

/** Receives datagrams and settles the exchanges that they answer, found by sequence number. */
export class Reader {
  readonly pending = new Waiters();
  readonly counters: ConnectionCounters = { strangers: 0, strays: 0, overruns: 0, interruptions: 0 };
  trace: Trace | undefined;

  private readonly transport: Transport;
  private readonly protocol: Protocol;
  private readonly hooks: ReaderHooks;
  private readonly datagram: Datagram;
  private overrun = false;
  private stopped = false;

  constructor(transport: Transport, protocol: Protocol, hooks: ReaderHooks, bytes: number) {
    this.transport = transport;
    this.protocol = protocol;
    this.hooks = hooks;
    this.datagram = { memory: unzeroed(bytes), sender: 0 };
  }

  /**
   * Reads what there is; with `milliseconds`, for about that long, and goes on in a later turn of the event loop; with
   * `only`, until that one is settled or, where it is streamed, something of it has come. A transport that fails takes everything with it that waits.
   */
  pump(milliseconds = Infinity, only?: Pending): void {
    try {
      this.read(milliseconds, only);
    } catch (error) {
      for (const pending of this.pending.all()) this.fail(pending, error);
    }
  }

  private read(milliseconds: number, only: Pending | undefined): void {
    const stop = milliseconds === Infinity ? Infinity : performance.now() + milliseconds;
    while (this.pending.size > 0 && !this.stopped && (only === undefined || only.state === 'waiting' && !(only.streamed && only.count > 0))) {
      const length = this.transport.receive(this.datagram);
      if (length >= 0) {
        this.accept(length);
        if (stop !== Infinity && this.pending.size > 0 && performance.now() >= stop) {
          this.hooks.later();
          return;
        }
      } else if (length === -errno.ENOBUFS) {
        this.counters.overruns++;
        this.overrun = true;
      } else if (!this.hooks.silent()) {
        break;
      }
    }
    if (this.overrun) this.giveUpLost();
  }

  stop(): void {
    this.stopped = true;
  }

  /** An exchange went well, as an answer says or as a later answer of the same datagram implies. */
  finish(pending: Pending): void {
    if (pending.state === 'waiting' && pending.given && (pending.cut || pending.interrupted))
      return this.fail(pending, new DumpInterruptedError(pending.exchange.operation, pending.tries, []));
    if (pending.state === 'waiting' && pending.cut) return this.again(pending);
    if (pending.state === 'waiting' && pending.interrupted) return this.retry(pending);
    this.release(pending);
    if (pending.state !== 'waiting') return;
    try {
      settle(pending, 'done', pending.streamed ? undefined : pending.exchange.answer.finish(gathered(pending), pending.kept));
    } catch (error) {
      settle(pending, 'failed', error);
    }
  }

  fail(pending: Pending, error: unknown): void {
    this.release(pending);
    settle(pending, 'failed', error);
  }

  private release(pending: Pending): void {
    this.pending.delete(pending.sequence);
    this.hooks.released(pending);
  }

  /** After an overrun, what is not answered when all is read will never be. A dump goes on: the kernel waits for it. */
  private giveUpLost(): void {
    this.overrun = false;
    for (const pending of this.pending.all())
      if (pending.exchange.answer.ends !== 'dump') this.fail(pending, new OverrunError(pending.exchange.operation));
  }

  private accept(length: number): void {
    const { memory, sender } = this.datagram;
    if (sender !== 0) {
      this.counters.strangers++;
      return;
    }
    if (length > memory.bytes.length) return this.acceptCut(length);
    this.trace?.(tracing('<', memory, length, this.protocol));
    const rest = eachMessage(memory, length, (at, end) => this.dispatch(at, end));
    if (rest < 0) return;
    const error = new DecodeError(`${length - rest} bytes that are no netlink message`, rest);
    this.drain();
    for (const pending of this.pending.all()) this.fail(pending, error);
  }

  /** Drops what is there. The kernel goes on with a dump as it is read, and takes no other before that one has ended. */
  private drain(): void {
    while (this.transport.receive(this.datagram) !== -errno.EAGAIN);
  }

  /** A datagram that did not fit: its header tells whose it is, and it is asked for again with room enough. */
  private acceptCut(length: number): void {
    const { memory } = this.datagram, pending = this.pending.get(get32(memory, 8)), dump = pending?.exchange.answer.ends === 'dump';
    try {
      this.datagram.memory = allocate(length * 2);
    } catch (error) { // no memory for it
      if (pending && dump) settle(pending, 'failed', error);
      else if (pending) this.fail(pending, error);
      return;
    }
    if (!pending) return;
    pending.cut = true;
    if (!dump) this.again(pending); // of a dump, the rest is read first
  }

  private dispatch(at: number, end: number): void {
    const { memory } = this.datagram;
    const type = get16(memory, at + 4), flags = get16(memory, at + 6), pending = this.pending.get(get32(memory, at + 8));
    if (type === NLMSG.OVERRUN) {
      this.overrun = true;
    } else if (pending === undefined) {
      this.counters.strays++;
    } else if (type >= NLMSG_MIN_TYPE) {
      if (flags & NLM_F.DUMP_INTR) pending.interrupted = true;
      if (pending.state === 'waiting') this.take(pending, at, end, type);
      if (pending.exchange.answer.ends === 'one' && !(flags & NLM_F.MULTI)) this.finish(pending);
    } else if (type === NLMSG.ERROR || type === NLMSG.DONE) {
      if (type === NLMSG.DONE && flags & NLM_F.DUMP_INTR) pending.interrupted = true;
      this.conclude(pending, at, end, type);
    }
  }

  private conclude(pending: Pending, at: number, end: number, type: number): void {
    const { memory } = this.datagram;
    let verdict: Verdict;
    try {
      verdict = type === NLMSG.ERROR ? readError(memory, at, end) : readDone(memory, at, end);
    } catch (error) {
      return this.fail(pending, error);
    }
    if (verdict.errno === errno.EBUSY && pending.exchange.answer.ends === 'dump' && this.hooks.busy(pending)) return;
    if (verdict.errno !== 0 && verdict.errno !== pending.exchange.answer.none) return this.fail(pending, explain(pending.exchange, verdict, this.protocol, () => this.transport.privileges?.()));
    const warning = warningOf(pending.exchange, verdict);
    if (warning !== undefined) this.hooks.warned(warning);
    this.finish(pending);
  }

  private take(pending: Pending, at: number, end: number, type: number): void {
    try {
      if (pending.exchange.answer.ends === 'one' && !answers(type, pending.exchange.type, this.protocol))
        throw new DecodeError(`an answer of another type, ${this.protocol.messages[type]?.cName ?? type}`, at);
      const item = pending.exchange.answer.read(this.datagram.memory, at, end, type);
      if (item === undefined) return;
      add(pending, item);
      pending.arrived?.();
    } catch (error) {
      settle(pending, 'failed', error); // what is left of the answer is read and dropped
    }
  }

  private retry(pending: Pending): void {
    this.counters.interruptions++;
    if (pending.tries >= dumpTries || performance.now() >= pending.call.deadline)
      return this.fail(pending, new DumpInterruptedError(pending.exchange.operation, pending.tries, gathered(pending)));
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, dumpPause << (pending.tries - 1));
    this.again(pending);
  }

  /** Asks once more for what was cut or interrupted. */
  private again(pending: Pending): void {
    this.pending.delete(pending.sequence);
    clear(pending);
    pending.kept = undefined;
    pending.cut = pending.interrupted = false;
    try {
      this.hooks.send(pending);
    } catch (error) {
      this.fail(pending, error);
    }
  }
}

/** Whether messages of a type may answer those of another. */
const answers = (type: number, asked: number, protocol: Protocol): boolean => {
  const about = protocol.about ?? ((one: number) => protocol.messages[one]?.message);
  return type === asked || about(type) === about(asked);
};
