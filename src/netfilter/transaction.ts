import { set16 } from '../bytes/memory.ts';
import { Writer } from '../bytes/writer.ts';
import type { Connection } from '../conversation/connection.ts';
import { writeRequest } from '../conversation/frame.ts';
import { single, type Answer, type Exchange } from '../conversation/operation.ts';
import { pendingOf, settle, type Call, type Pending } from '../conversation/pending.ts';
import { valueOf } from '../conversation/run.ts';
import { ArgumentError, EncodeError, NetlinkError, OverrunError } from '../errors.ts';
import { NLM_F } from '../wire/header.ts';
import { isChange, type Change } from './change.ts';
import { TransactionError, type TransactionFailure } from './errors.ts';
import { batchMessage, generationMessage, type Generation } from './generation/message.ts';
import { NFNL_MSG_BATCH_BEGIN, NFNL_MSG_BATCH_END, NFNL_SUBSYS_NFTABLES, NFT_MSG } from './types.ts';

export interface TransactionOptions {
  /**
   * The generation of the ruleset that the changes were thought out for. Where it is another by now the transaction
   * fails with ERESTART; without it, the changes are made to whatever is there.
   */
  readonly generation?: number | undefined;
}

/** Times that a transaction is begun anew because somebody else's came between. */
const restarts = 1000;

/** Makes all changes, or none, and gives their results. */
export async function runTransaction(
  connection: Connection, changes: readonly Change<unknown>[], call: Call, options: TransactionOptions = {},
): Promise<unknown[]> {
  const steps = transactionSteps(connection, changes, call, options);
  let step = steps.next();
  while (!step.done) {
    await connection.settleAll(step.value);
    step = steps.next();
  }
  return step.value;
}

export function runTransactionSync(
  connection: Connection, changes: readonly Change<unknown>[], call: Call, options: TransactionOptions = {},
): unknown[] {
  const steps = transactionSteps(connection, changes, call, options);
  let step = steps.next();
  while (!step.done) {
    connection.settleSync(step.value);
    step = steps.next();
  }
  return step.value;
}

/** A message of the transaction, and whose it is. */
interface Part {
  readonly index: number;
  readonly exchange: Exchange<unknown>;
}

/**
 * One datagram: BATCH_BEGIN, the changes, BATCH_END. The kernel reports failures unasked, in their order, and only the
 * last change asks for an acknowledgement: when it is there, everything is said. Refusals of the whole come as answers
 * to BATCH_BEGIN. Yields what must be settled before it can go on.
 */
function* transactionSteps(
  connection: Connection, changes: readonly Change<unknown>[], call: Call, options: TransactionOptions,
): Generator<Pending[], unknown[], void> {
  const parts = partsOf(changes), count = changes.length;
  if (parts.length === 0) return changes.map(() => undefined);
  for (let tries = 1; ; tries++) {
    const generation = options.generation ?? (yield* currentGeneration(connection, call));
    const begin = pendingOf(envelope(NFNL_MSG_BATCH_BEGIN, generation), call);
    const pendings = parts.map(({ exchange }) => pendingOf(exchange, call));
    const last = pendings[pendings.length - 1]!;
    const forget = (): void => {
      for (const pending of [begin, ...pendings]) connection.acknowledge(pending);
    };
    // refused as a whole: no answer to the last change will come
    begin.settled = () => {
      if (begin.state === 'failed') for (const pending of pendings) settle(pending, 'failed', begin.value);
    };
    connection.post(write(connection, begin, parts, pendings, count), [begin, ...pendings]);
    yield [last];

    if (begin.state === 'failed' && !isLost(begin.value)) {
      forget();
      if (codeOf(begin.value) !== 'ERESTART' || options.generation !== undefined || tries >= restarts ||
      performance.now() >= call.deadline)
        throw begin.value;
      continue;
    }
    const failed = pendings.flatMap((pending, i) =>
      (pending.state === 'failed' ? [{ part: parts[i]!, error: pending.value }] : []));
    const failures: TransactionFailure[] = failed.filter(({ error }) => !isLost(error))
      .map(({ part, error }) => ({ index: part.index, operation: part.exchange.operation, error }));
    const lost = failed.find(({ error }) => isLost(error))?.error;
    if (lost !== undefined && !(lost instanceof OverrunError)) {
      forget();
      throw lost; // a deadline, an abort, a close: the socket has not told yet what became of it
    }
    if (failures.length > 0) {
      forget();
      throw new TransactionError(failures, count, lost === undefined);
    }
    const said = pendings.some(({ items }) => items.length > 0);
    if (lost !== undefined && !said) {
      forget();
      const now = yield* currentGeneration(connection, call);
      if (now === generation) throw new TransactionError([], count, false);
      if (now !== following(generation)) throw lost; // others have made changes too: it cannot be told
    }
    const results: unknown[] = new Array(count).fill(undefined);
    for (const [i, pending] of pendings.entries()) {
      results[parts[i]!.index] = pending.items.length > 0 ? pending.exchange.answer.finish(pending.items) : undefined;
    }
    forget();
    return results;
  }
}

/** The number after `generation`: the kernel leaves 0 out. */
const following = (generation: number): number => (generation + 1) >>> 0 || 1;

function partsOf(changes: readonly Change<unknown>[]): Part[] {
  let ids = 0;
  const newId = (): number => ++ids;
  return changes.flatMap((change, index) => {
    if (!isChange(change))
      throw new ArgumentError(`${(change as Exchange<unknown>).operation ?? 'that'} is no change of the ruleset: it has no place in a transaction`);
    return (change.messages?.(newId) ?? [change]).map((exchange) => ({ index, exchange }));
  });
}

function write(
  connection: Connection, begin: Pending, parts: readonly Part[], pendings: readonly Pending[], count: number,
): Writer {
  const w = new Writer(4096), last = pendings.length - 1, failures: TransactionFailure[] = [];
  begin.sequence = connection.nextSequence();
  writeRequest(w, begin.exchange, begin.sequence);
  let at = 0;
  for (const [i, pending] of pendings.entries()) {
    pending.sequence = connection.nextSequence();
    const { exchange } = pending;
    try {
      at = writeRequest(w, exchange, pending.sequence, exchange.flags & ~NLM_F.ACK);
    } catch (error) {
      if (!(error instanceof EncodeError)) throw error;
      failures.push({ index: parts[i]!.index, operation: exchange.operation, error });
    }
    if (i === last) set16(w.memory, at + 6, (exchange.flags | NLM_F.REQUEST | NLM_F.ACK));
  }
  if (failures.length > 0) throw new TransactionError(failures, count, true);
  writeRequest(w, envelope(NFNL_MSG_BATCH_END), connection.nextSequence());
  const { sendLimit } = connection.transport;
  if (w.at > sendLimit) {
    const text =
      `${count} changes take ${w.at} bytes, and this socket sends at most ${sendLimit} at once (net.core.wmem_max)`;
    throw new NetlinkError('EMSGSIZE', `${text}: make them in several transactions`);
  }
  return w;
}

const ends: Answer<void> = { ends: 'ack', read: () => undefined, finish: () => undefined };

const envelope = (type: number, generation?: number): Exchange<void> => ({
  operation: 'transaction', type, flags: 0, request: batchMessage, answer: ends,
  value: { subsystem: NFNL_SUBSYS_NFTABLES, generation },
});

/** The number of the ruleset. Equivalent to no command of nft; `nft monitor` tells it after each change. */
export const generationExchange = (operation = 'generation.get'): Exchange<Generation> =>
  single(operation, NFT_MSG.GETGEN, 0, generationMessage, {}, generationMessage);

function* currentGeneration(connection: Connection, call: Call): Generator<Pending[], number, void> {
  const pending = connection.begin(generationExchange('transaction'), call);
  if (pending.state === 'waiting') yield [pending];
  return (valueOf(pending) as Generation).id;
}

const codeOf = (error: unknown): string => (error as { code?: string } | undefined)?.code ?? '';

/** Whether an error leaves open what the kernel did. */
const isLost = (error: unknown): boolean =>
  ['ENOBUFS', 'ERR_TIMEOUT', 'ABORT_ERR', 'ERR_CLOSED', 'ERR_DECODE'].includes(codeOf(error));
