import { get16, set16 } from '../bytes/memory.ts';
import type { Writer } from '../bytes/writer.ts';
import { AbortError, BatchError } from '../errors.ts';
import { NLM_F } from '../wire/header.ts';
import { Place } from './bind.ts';
import type { Maker } from './bindable.ts';
import type { Connection } from './connection.ts';
import { writeRequest } from './frame.ts';
import { isSteps, type Asked, type Done, type Exchange, type Operation, type Steps } from './operation.ts';
import { pendingOf, settle, type Call, type Pending } from './pending.ts';
import { Namespaces, valueOf } from './run.ts';
import { verified } from './verified.ts';

/** Bytes of receive buffer that one refusal may take, kernel's own overhead included (measured: 832 for a bare ACK). */
const refusalCost = 1664;
/** A single message may be as large as this many refusals. */
const messageWeight = 8;
/** Requests are packed until a datagram has about this many bytes. */
const packBytes = 65536;

/**
 * An operation of a batch, and the place of its result. It is made when its turn comes: steps that wait take three times
 * the memory of what they are made of, and a batch has many thousands.
 */
export class Waiting extends Place {
  #make: Maker | undefined;
  /** The parameter, where it is one: most are, and an array around it would take as much memory as all the rest. */
  #first: unknown;
  #all: readonly unknown[] | undefined;

  constructor(index: number, make: Maker, parameters: readonly unknown[]) {
    super(index);
    this.#make = make;
    this.#first = parameters[0];
    this.#all = parameters.length === 1 ? undefined : parameters;
  }

  make(): Operation<unknown> {
    return this.#all === undefined ? this.#make!(this.#first) : this.#make!(...this.#all);
  }

  /** It will not be made again: most of many thousands are garbage while they are young. */
  forget(): void {
    this.#make = this.#first = this.#all = undefined;
  }
}

/**
 * Runs many operations in few sends. The kernel works through a datagram's requests in order and goes on after one
 * that fails. It reports failures unasked, so only the last of a datagram asks for an acknowledgement: that one
 * arrives when all before it are done. A datagram holds no more requests than refusals fit the receive buffer.
 */
export async function runBatch(connection: Connection, operations: readonly Waiting[], call: Call): Promise<unknown[]> {
  const batch = new Batch(connection, operations, call);
  for (const sent of batch.steps()) await connection.settleAll(sent);
  return batch.outcome();
}

export function runBatchSync(connection: Connection, operations: readonly Waiting[], call: Call): unknown[] {
  const batch = new Batch(connection, operations, call);
  for (const sent of batch.steps()) connection.settleSync(sent);
  return batch.outcome();
}

/** A class and no closures: generators that are made anew each time cost V8 more than what they do here. */
class Batch {
  private readonly connection: Connection;
  private readonly operations: readonly Waiting[];
  private readonly call: Call;
  private readonly writer: Writer;
  private readonly namespaces: Namespaces;
  /** The most that one datagram may have: weight in refusals, and bytes. */
  private readonly most: number;
  private readonly bytes: number;
  private readonly results: unknown[] = [];
  private readonly failures: { index: number; operation: string; error: unknown }[] = [];
  /** Answers that later operations may use again. */
  private memo: Map<string, unknown> | undefined;
  /** What is written and not sent yet, and where its results belong. */
  private pack: Pending[] = [];
  private indices: number[] = [];
  private lastAt = 0;
  private weight = 0;

  constructor(connection: Connection, operations: readonly Waiting[], call: Call) {
    refuseAborted(call);
    const { transport, writer } = connection;
    this.connection = connection;
    this.operations = operations;
    this.call = call;
    this.writer = writer;
    this.namespaces = new Namespaces(connection);
    this.most = Math.max(1, Math.floor(transport.receiveLimit / refusalCost));
    this.bytes = Math.min(packBytes, transport.sendLimit);
  }

  /** Yields what must be settled before it can go on. */
  *steps(): Generator<readonly Pending[], void, void> {
    const { operations, call, results } = this;
    for (let index = 0; index < operations.length; index++) results.push(undefined);
    try {
      for (let index = 0; index < operations.length; index++) {
        let last: Exchange<unknown> | Done<unknown> | undefined;
        try {
          const given = operations[index]!.make(), operation = call.verify ? verified(given) : given;
          operations[index]!.forget();
          if (!isSteps(operation)) last = operation;
          else {
            const first = operation.next();
            last = first.done ? first.value : yield* this.prelude(operation, first);
          }
        } catch (error) {
          this.fail(index, error);
          continue;
        }
        if (!this.fits(index, last)) yield* this.add(index, last);
      }
      yield* this.flush();
    } finally {
      this.namespaces.close();
    }
  }

  outcome(): unknown[] {
    if (this.failures.length > 0) throw new BatchError(this.failures.sort((a, b) => a.index - b.index), this.results);
    return this.results;
  }

  private fail(index: number, error: unknown, name = ''): void {
    this.failures.push({ index, operation: name, error });
  }

  private forget({ forgets }: Exchange<unknown>): void {
    if (forgets !== undefined && this.memo !== undefined) for (const key of this.memo.keys()) if (key.startsWith(forgets)) this.memo.delete(key);
  }

  private *flush(): Generator<readonly Pending[], void, void> {
    const { pack: sent, indices, connection, writer: { memory } } = this;
    if (sent.length === 0) return;
    const last = sent[sent.length - 1]!;
    this.pack = [];
    this.indices = [];
    this.weight = 0;
    if (last.exchange.answer.ends === 'ack') set16(memory, this.lastAt + 6, get16(memory, this.lastAt + 6) | NLM_F.ACK);
    try {
      refuseAborted(this.call);
      connection.post(this.writer, sent);
      yield [last];
      // the last answer ends the datagram: whatever has none by then went well
      if (last.state === 'done' || !lost(last.value))
        for (const pending of sent) if (pending.exchange.answer.ends === 'ack') connection.acknowledge(pending);
      if (sent.some(({ state }) => state === 'waiting')) yield sent;
    } catch (error) {
      for (const pending of sent) settle(pending, 'failed', error);
    }
    for (let i = 0; i < sent.length; i++) {
      const { state, value, exchange } = sent[i]!, index = indices[i]!;
      if (state === 'done') this.results[index] = value;
      else this.fail(index, value, exchange.operation);
    }
  }

  private *alone(exchange: Asked): Generator<readonly Pending[], unknown, void> {
    if ('namespace' in exchange) return this.namespaces.open(exchange);
    if (exchange.memo !== undefined && this.memo?.has(exchange.memo)) return this.memo.get(exchange.memo);
    yield* this.flush();
    this.forget(exchange);
    const pending = this.connection.begin(exchange, this.call);
    if (pending.state === 'waiting') yield [pending];
    const value = valueOf(pending);
    if (exchange.memo !== undefined) (this.memo ??= new Map()).set(exchange.memo, value);
    return value;
  }

  private *prelude(operation: Steps<unknown>, first: ReturnType<Steps<unknown>['next']>): Generator<readonly Pending[], Exchange<unknown> | Done<unknown>, void> {
    let step = first;
    while (!step.done) {
      let value: unknown;
      try {
        value = yield* this.alone(step.value);
      } catch (error) {
        step = operation.throw(error);
        continue;
      }
      step = operation.next(value);
    }
    return step.value;
  }

  /** Adds what needs nothing else done before, as most do: without a generator, whose making costs more. */
  private fits(index: number, last: Exchange<unknown> | Done<unknown>): boolean {
    if ('done' in last || last.answer.ends !== 'ack' || this.weight >= this.most || this.writer.at > this.bytes - 4096) return false;
    try {
      this.forget(last);
      return this.packed(index, last, 1);
    } catch (error) {
      this.fail(index, error, last.operation);
      return true;
    }
  }

  /** Writes one more request; one that is too large to go with those before it is taken back. */
  private packed(index: number, exchange: Exchange<unknown>, cost: number): boolean {
    const { pack, writer: w } = this;
    if (pack.length === 0) w.reset();
    const start = w.at, pending = pendingOf(exchange, this.call);
    pending.sequence = this.connection.nextSequence();
    writeRequest(w, exchange, pending.sequence, exchange.flags & ~NLM_F.ACK);
    if (w.at > this.bytes && pack.length > 0) {
      w.at = start;
      return false;
    }
    pack.push(pending);
    this.indices.push(index);
    this.lastAt = start;
    this.weight += cost;
    return true;
  }

  private *add(index: number, last: Exchange<unknown> | Done<unknown>): Generator<readonly Pending[], void, void> {
    let name = '';
    try {
      if ('done' in last) {
        this.results[index] = last.done;
        return;
      }
      name = last.operation;
      if (last.answer.ends !== 'ack' && last.answer.ends !== 'one') {
        this.results[index] = yield* this.alone(last);
        return;
      }
      this.forget(last);
      const cost = last.answer.ends === 'ack' ? 1 : messageWeight;
      if (this.pack.length > 0 && (this.weight + cost > this.most || this.writer.at > this.bytes - 4096)) yield* this.flush();
      if (this.packed(index, last, cost)) return;
      yield* this.flush(); // a large one: it goes by itself
      this.packed(index, last, cost);
    } catch (error) {
      this.fail(index, error, name);
    }
  }
}

function refuseAborted({ signal }: Call): void {
  if (signal?.aborted) throw new AbortError('batch', signal.reason);
}

/** Whether an error leaves open what became of the requests before it. */
const lost = (error: unknown): boolean => ['ENOBUFS', 'ERR_TIMEOUT', 'ABORT_ERR', 'ERR_CLOSED', 'ERR_DECODE'].includes((error as { code?: string }).code ?? '');
