import { aFunction, byteCount, milliseconds, type OptionTable } from '../arguments.ts';
import { Writer } from '../bytes/writer.ts';
import { AbortError, ClosedError, TimeoutError } from '../errors.ts';
import type { Protocol } from '../schema/protocol.ts';
import type { Transport, Watcher } from '../transport/transport.ts';
import { Dumps } from './dumps.ts';
import { writeRequest } from './frame.ts';
import { takeItems } from './items.ts';
import type { Exchange } from './operation.ts';
import { fromHere, pendingOf, settle, slice, withCaller, type Call, type CallOptions, type Pending } from './pending.ts';
import { Reader, type ConnectionCounters, type ReaderHooks } from './reader.ts';
import { tracing, type Trace } from './trace.ts';

export interface ConnectionOptions {
  /** Milliseconds a call may take unless it says otherwise; 10,000. */
  readonly timeout?: number | undefined;
  /** Bytes of the receive buffer at the start; it grows when an answer does not fit. */
  readonly buffer?: number | undefined;
  /** Called with the kernel's warnings on requests that succeeded. */
  readonly onWarning?: ((warning: string) => void) | undefined;
}

/** What they must be, for those who take them among others. */
export const connectionOptions: OptionTable<ConnectionOptions> = { timeout: milliseconds, buffer: byteCount, onWarning: aFunction };

/**
 * A conversation with one socket of the kernel: requests are numbered, answers find the caller by that number. The
 * kernel answers most requests inside send(), so an answer is looked for at once, and only where there is none yet
 * the event loop watches the socket.
 */
export class Connection implements ReaderHooks {
  readonly transport: Transport;
  readonly protocol: Protocol;
  private readonly options: ConnectionOptions;
  /** What is sent next is written here: by single requests, and by batches, none of which waits with something in it. */
  readonly writer = new Writer();
  private readonly reader: Reader;
  private readonly dumps: Dumps;
  private sequence = 0;
  private watcher: Watcher | undefined;
  private watching = false;
  private parked = 0;
  private turned = 0;
  private closed = false;

  constructor(transport: Transport, protocol: Protocol, options: ConnectionOptions = {}) {
    this.transport = transport;
    this.protocol = protocol;
    this.options = options;
    try {
      this.reader = new Reader(transport, protocol, this, options.buffer ?? 65536);
    } catch (error) { // no memory for so large a buffer
      transport.close();
      throw error;
    }
    this.dumps = new Dumps(this.reader.pending, this);
  }

  get counters(): Readonly<ConnectionCounters> {
    return this.reader.counters;
  }

  get trace(): Trace | undefined {
    return this.reader.trace;
  }

  set trace(trace: Trace | undefined) {
    this.reader.trace = trace;
  }

  /** The options of one call, its deadline counted from now. */
  call(options: CallOptions = {}): Call {
    const timeout = options.timeout ?? this.options.timeout ?? 10_000;
    return {
      timeout, signal: options.signal, gentle: options.gentle ?? false, verify: options.verify ?? false,
      deadline: timeout === Infinity ? Infinity : performance.now() + timeout,
    };
  }

  /** Sends an exchange and reads what is already there: most often that settles it. */
  begin(exchange: Exchange<unknown>, call: Call, streamed = false): Pending {
    if (this.closed) throw new ClosedError(exchange.operation);
    if (call.signal?.aborted) throw new AbortError(exchange.operation, call.signal.reason);
    const pending = pendingOf(exchange, call);
    pending.streamed = streamed;
    if (exchange.answer.ends !== 'dump' || !this.dumps.begin(pending)) this.send(pending);
    if (!streamed) this.reader.pump(call.gentle ? slice : undefined);
    return pending;
  }

  /** Sends the requests in `w` as one datagram; what comes back settles `pendings`. */
  post(w: Writer, pendings: readonly Pending[]): void {
    if (this.closed) throw new ClosedError(pendings[0]?.exchange.operation ?? 'batch');
    const bytes = w.written(), waiting = this.reader.pending;
    for (const pending of pendings) waiting.set(pending.sequence, pending);
    try {
      this.trace?.(tracing('>', w.memory, bytes.length, this.protocol, pendings));
      this.transport.send(bytes);
    } catch (error) {
      for (const pending of pendings) waiting.delete(pending.sequence);
      throw error;
    }
  }

  /** A number for the next request: never 0, which notifications have, and none that is still waited for. */
  nextSequence(): number {
    do this.sequence = (this.sequence + 1) >>> 0 || 1;
    while (this.reader.pending.has(this.sequence));
    return this.sequence;
  }

  /** Settles what asked for no acknowledgement of its own: a later answer of the same datagram tells that it went well. */
  acknowledge(pending: Pending): void {
    this.reader.finish(pending);
  }

  /** Blocks this thread until everything in `pendings` is settled. */
  settleSync(pendings: readonly Pending[]): void {
    for (const pending of pendings)
      while (pending.state === 'waiting') {
        this.reader.pump(Infinity, pending);
        if (pending.state === 'waiting') this.block(pending, pending.call.deadline);
      }
  }

  /** Resolves when everything in `pendings` is settled. */
  async settleAll(pendings: readonly Pending[]): Promise<void> {
    this.reader.pump();
    for (const pending of pendings) if (pending.state === 'waiting') await this.outcome(pending).catch(() => {});
    await this.turn();
  }

  /** The promise of an exchange; the event loop watches the socket while there is anything to wait for. */
  outcome(pending: Pending): Promise<unknown> {
    const { call, exchange } = pending;
    if (call.signal?.aborted) this.abandon(pending, new AbortError(exchange.operation, call.signal.reason)); // it tells only once
    if (pending.state !== 'waiting') {
      const { state } = pending, value = state === 'done' ? pending.value : fromHere(pending.value), turn = this.turn();
      if (turn === undefined) return state === 'done' ? Promise.resolve(value) : Promise.reject(value);
      return turn.then(() => {
        if (state === 'done') return value;
        throw value;
      });
    }
    const caller = new Error();
    return new Promise((resolve, reject) => {
      const ready = this.attend(pending, Math.max(0, call.deadline - performance.now()));
      pending.settled = () => {
        ready();
        if (pending.state === 'done') resolve(pending.value);
        else reject(withCaller(pending.value, caller));
      };
    });
  }

  /**
   * A turn of the event loop where it may have had none for a while. Answers that are there at once are promises that
   * never wait for it: without this, a caller who awaits one after the other would let no timer run.
   */
  turn(): Promise<void> | undefined {
    if (performance.now() - this.turned < slice) return undefined;
    return new Promise((resolve) => setImmediate(() => {
      this.turned = performance.now();
      resolve();
    }));
  }

  /** Has the event loop look after an exchange until what is given back is called: it is abandoned when it is late or aborted. */
  private attend(pending: Pending, milliseconds: number): () => void {
    const { call: { signal, timeout }, exchange } = pending;
    try {
      this.park(1);
    } catch (error) { // no descriptor left to wait by
      this.abandon(pending, error);
      throw error;
    }
    const late = () => this.abandon(pending, new TimeoutError(exchange.operation, timeout));
    const timer = milliseconds > 0x7fffffff ? undefined : setTimeout(late, milliseconds);
    const abort = () => this.abandon(pending, new AbortError(exchange.operation, signal?.reason));
    signal?.addEventListener('abort', abort, { once: true });
    return () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      this.park(-1);
    };
  }

  /** Blocks this thread until something has come; an exchange that is late is abandoned. */
  private block(pending: Pending, deadline: number): void {
    const left = deadline - performance.now();
    if (left <= 0) return this.abandon(pending, new TimeoutError(pending.exchange.operation, pending.call.timeout));
    try {
      this.transport.wait(Math.min(left, 0x7fffffff));
    } catch (error) {
      this.reader.fail(pending, error);
    }
  }

  /** The items of a streamed exchange that have come since the last time, undefined behind the last; blocks until there are any. */
  chunkSync(pending: Pending): unknown[] | undefined {
    const deadline = performance.now() + pending.call.timeout;
    for (;;) {
      this.reader.pump(Infinity, pending);
      if (pending.count > 0 || pending.state !== 'waiting') return takeItems(pending);
      this.block(pending, deadline);
    }
  }

  /** The same as a promise. */
  async chunk(pending: Pending): Promise<unknown[] | undefined> {
    const { call: { signal, timeout }, exchange } = pending;
    if (signal?.aborted) this.abandon(pending, new AbortError(exchange.operation, signal.reason));
    this.reader.pump(Infinity, pending);
    if (pending.count === 0 && pending.state === 'waiting') await new Promise<void>((resolve) => {
      const ready = this.attend(pending, timeout);
      pending.settled = pending.arrived = () => {
        pending.settled = pending.arrived = undefined;
        ready();
        resolve();
      };
    });
    return takeItems(pending);
  }

  /** Gives up on a streamed exchange that nobody reads to its end. */
  drop(pending: Pending): void {
    this.abandon(pending, new AbortError(pending.exchange.operation, undefined));
  }

  /** Ends the connection; whatever waits is rejected with a ClosedError. Closing twice is no fault. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.reader.stop();
    this.watcher?.close();
    this.transport.close();
    const waiting = [...this.reader.pending.all(), ...this.dumps.close()];
    this.reader.pending.clear();
    for (const pending of waiting) settle(pending, 'failed', new ClosedError(pending.exchange.operation));
  }

  released(pending: Pending): void {
    this.dumps.released(pending);
  }

  silent(): boolean {
    return this.dumps.overtake();
  }

  busy(pending: Pending): boolean {
    return this.dumps.waitBehind(pending);
  }

  warned(warning: string): void {
    this.options.onWarning?.(warning);
  }

  later(): void {
    setImmediate(() => this.reader.pump(slice));
  }

  /** Sends an exchange, once more where that was done before. */
  send(pending: Pending): void {
    const { exchange } = pending, isDump = exchange.answer.ends === 'dump';
    this.writer.reset();
    pending.sequence = this.nextSequence();
    pending.tries++;
    writeRequest(this.writer, exchange, pending.sequence);
    this.post(this.writer, [pending]);
    if (isDump) this.dumps.sent(pending);
  }

  /** Gives up on an exchange; what waits behind a dump is looked after in a later turn, for this one may be reading. */
  private abandon(pending: Pending, error: unknown): void {
    const awaited = this.dumps.abandon(pending);
    settle(pending, 'failed', error);
    if (awaited) setImmediate(() => this.reader.pump(slice));
  }

  private park(change: 1 | -1): void {
    if (!this.closed) {
      this.watcher ??= this.transport.watch(() => this.reader.pump(slice));
      const wanted = this.parked + change > 0;
      if (wanted && !this.watching) this.watcher.start();
      if (!wanted) this.watcher.stop();
      this.watching = wanted;
    }
    this.parked += change;
  }
}
