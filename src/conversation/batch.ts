import { get16, set16 } from '../bytes/memory.ts';
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
  const steps = batchSteps(connection, operations, call);
  let step = steps.next();
  while (!step.done) {
    await connection.settleAll(step.value);
    step = steps.next();
  }
  return step.value;
}

export function runBatchSync(connection: Connection, operations: readonly Waiting[], call: Call): unknown[] {
  const steps = batchSteps(connection, operations, call);
  let step = steps.next();
  while (!step.done) {
    connection.settleSync(step.value);
    step = steps.next();
  }
  return step.value;
}

/** Yields what must be settled before it can go on. */
function* batchSteps(connection: Connection, operations: readonly Waiting[], call: Call): Generator<Pending[], unknown[], void> {
  refuseAborted(call);
  const { transport, writer: w } = connection;
  const most = Math.max(1, Math.floor(transport.receiveLimit / refusalCost));
  const bytes = Math.min(packBytes, transport.sendLimit);
  const results: unknown[] = new Array(operations.length).fill(undefined);
  const failures: { index: number; operation: string; error: unknown }[] = [];
  const memo = new Map<string, unknown>();
  const namespaces = new Namespaces(connection);
  let pack: Pending[] = [], indices: number[] = [], lastAt = 0, weight = 0;

  const forget = ({ forgets }: Exchange<unknown>): void => {
    if (forgets !== undefined) for (const key of memo.keys()) if (key.startsWith(forgets)) memo.delete(key);
  };
  const fail = (index: number, error: unknown, name = '') => failures.push({ index, operation: name, error });

  function* flush(): Generator<Pending[], void, void> {
    if (pack.length === 0) return;
    const sent = pack, places = indices, last = sent[sent.length - 1]!;
    pack = [];
    indices = [];
    weight = 0;
    if (last.exchange.answer.ends === 'ack') set16(w.memory, lastAt + 6, get16(w.memory, lastAt + 6) | NLM_F.ACK);
    try {
      refuseAborted(call);
      connection.post(w, sent);
      yield [last];
      // the last answer ends the datagram: whatever has none by then went well
      if (last.state === 'done' || !lost(last.value))
        for (const pending of sent) if (pending.exchange.answer.ends === 'ack') connection.acknowledge(pending);
      yield sent;
    } catch (error) {
      for (const pending of sent) settle(pending, 'failed', error);
    }
    for (let i = 0; i < sent.length; i++) {
      const { state, value, exchange } = sent[i]!, index = places[i]!;
      if (state === 'done') results[index] = value;
      else fail(index, value, exchange.operation);
    }
  }

  function* alone(exchange: Asked): Generator<Pending[], unknown, void> {
    if ('namespace' in exchange) return namespaces.open(exchange);
    if (exchange.memo !== undefined && memo.has(exchange.memo)) return memo.get(exchange.memo);
    yield* flush();
    forget(exchange);
    const pending = connection.begin(exchange, call);
    if (pending.state === 'waiting') yield [pending];
    const value = valueOf(pending);
    if (exchange.memo !== undefined) memo.set(exchange.memo, value);
    return value;
  }

  function* prelude(operation: Steps<unknown>, first: ReturnType<Steps<unknown>['next']>): Generator<Pending[], Exchange<unknown> | { done: unknown }, void> {
    let step = first;
    while (!step.done) {
      let value: unknown;
      try {
        value = yield* alone(step.value);
      } catch (error) {
        step = operation.throw(error);
        continue;
      }
      step = operation.next(value);
    }
    return step.value;
  }

  try {
    yield* addAll();
    yield* flush();
  } finally {
    namespaces.close();
  }
  if (failures.length > 0) throw new BatchError(failures.sort((a, b) => a.index - b.index), results);
  return results;

  function* addAll(): Generator<Pending[], void, void> {
    for (let index = 0; index < operations.length; index++) {
      let last: Exchange<unknown> | Done<unknown> | undefined;
      try {
        const given = operations[index]!.make(), operation = call.verify ? verified(given) : given;
        operations[index]!.forget();
        if (!isSteps(operation)) last = operation;
        else {
          const first = operation.next();
          last = first.done ? first.value : yield* prelude(operation, first);
        }
      } catch (error) {
        fail(index, error);
        continue;
      }
      if (!fits(index, last)) yield* add(index, last);
    }
  }

  /** Adds what needs nothing else done before, as most do: without a generator, whose making costs more. */
  function fits(index: number, last: Exchange<unknown> | Done<unknown>): boolean {
    if ('done' in last || last.answer.ends !== 'ack' || last.forgets !== undefined || weight >= most || w.at > bytes - 4096) return false;
    try {
      return packed(index, last, 1);
    } catch (error) {
      fail(index, error, last.operation);
      return true;
    }
  }

  /** Writes one more request; one that is too large to go with those before it is taken back. */
  function packed(index: number, exchange: Exchange<unknown>, cost: number): boolean {
    if (pack.length === 0) w.reset();
    const start = w.at, pending = pendingOf(exchange, call);
    pending.sequence = connection.nextSequence();
    writeRequest(w, exchange, pending.sequence, exchange.flags & ~NLM_F.ACK);
    if (w.at > bytes && pack.length > 0) {
      w.at = start;
      return false;
    }
    pack.push(pending);
    indices.push(index);
    lastAt = start;
    weight += cost;
    return true;
  }

  function* add(index: number, last: Exchange<unknown> | Done<unknown>): Generator<Pending[], void, void> {
    let name = '';
    try {
      if ('done' in last) {
        results[index] = last.done;
        return;
      }
      name = last.operation;
      if (last.answer.ends !== 'ack' && last.answer.ends !== 'one') {
        results[index] = yield* alone(last);
        return;
      }
      forget(last);
      const cost = last.answer.ends === 'ack' ? 1 : messageWeight;
      if (pack.length > 0 && (weight + cost > most || w.at > bytes - 4096)) yield* flush();
      if (packed(index, last, cost)) return;
      yield* flush(); // a large one: it goes by itself
      packed(index, last, cost);
    } catch (error) {
      fail(index, error, name);
    }
  }
}

function refuseAborted({ signal }: Call): void {
  if (signal?.aborted) throw new AbortError('batch', signal.reason);
}

/** Whether an error leaves open what became of the requests before it. */
const lost = (error: unknown): boolean => ['ENOBUFS', 'ERR_TIMEOUT', 'ABORT_ERR', 'ERR_CLOSED', 'ERR_DECODE'].includes((error as { code?: string }).code ?? '');
