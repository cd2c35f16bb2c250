import { runBatch, runBatchSync, type Waiting } from '../conversation/batch.ts';
import { Place, type BatchItem } from '../conversation/bind.ts';
import { bindable } from '../conversation/bindable.ts';
import { clients, fill, type BatchResults, type Client, type Runners } from '../conversation/client.ts';
import type { Connection } from '../conversation/connection.ts';
import type { Operation } from '../conversation/operation.ts';
import type { Call } from '../conversation/pending.ts';
import { run, runSync } from '../conversation/run.ts';
import { ArgumentError } from '../errors.ts';
import { isChange, type Change } from './change.ts';
import { TransactionError } from './errors.ts';
import type { NetfilterEvents } from './events.ts';
import { families } from './families.ts';
import { runTransaction, runTransactionSync, type TransactionOptions } from './transaction.ts';

type Families = typeof families;

/** The functions that make changes, noting them in a transaction. */
export type TransactionFamilies = {
  readonly [K in keyof Families as keyof Noted<Families[K]> extends never ? never : K]: Noted<Families[K]>;
};

type Noted<F> = { readonly [K in keyof F as F[K] extends (...parameters: any[]) => Change<any> ? K : never]:
  F[K] extends (...parameters: infer P) => Change<infer R> ? (...parameters: P) => BatchItem<R> : never };

/** What changes result in, each in its place. */
export type ChangeResults<C extends readonly Change<unknown>[]> =
  { -readonly [K in keyof C]: C[K] extends Change<infer R> ? R : never };

/** Makes changes of the ruleset together: all of them or none. */
export interface Transact {
  /**
   * The result has the shape of what `build` returns, each change replaced by its result. Throws a TransactionError
   * that names each change the kernel refused; nothing was changed then.
   *
   *     await nl.transaction((t) => {
   *       t.table.add({ family: 'ip', name: 'nat' });
   *       t.chain.add({ family: 'ip', table: 'nat', name: 'pre', type: 'nat', hook: 'prerouting', priority: -100 });
   *     });
   *
   * Equivalent to `nft -f FILE`.
   */
  <T>(build: (transaction: TransactionFamilies) => T, options?: TransactionOptions): Promise<BatchResults<T>>;
  /** The same with changes as data. */
  <const C extends readonly Change<any>[]>(changes: C, options?: TransactionOptions): Promise<ChangeResults<C>>;
}

/** The same, before it returns. */
export interface TransactSync {
  <T>(build: (transaction: TransactionFamilies) => T, options?: TransactionOptions): BatchResults<T>;
  <const C extends readonly Change<any>[]>(changes: C, options?: TransactionOptions): ChangeResults<C>;
}

interface Own {
  readonly transaction: Transact;
  readonly sync: { readonly transaction: TransactSync };
  /** Changes of the ruleset and of connections, as they happen: `nl.events(['rule', 'conntrack'])`. */
  readonly events: NetfilterEvents;
}

/** nf_tables and connection tracking on one connection: as promises, synchronously, in transactions. */
export type Netfilter = Client<Families> & Own;

/** A change that is run by itself has a transaction of its own, and its error is the change's own. */
const runners: Runners = {
  run: <T>(connection: Connection, operation: Operation<T>, call: Call): Promise<T> => isChange(operation)
    ? runTransaction(connection, [operation as Change<unknown>], call).then(([result]) => result as T, alone)
      : run(connection, operation, call),
  runSync<T>(connection: Connection, operation: Operation<T>, call: Call): T {
    if (!isChange(operation)) return runSync(connection, operation, call);
    try {
      return runTransactionSync(connection, [operation as Change<unknown>], call)[0] as T;
    } catch (error) {
      return alone(error);
    }
  },
  runBatch: async (connection, operations, call) => runBatch(connection, unchanging(operations), call),
  runBatchSync: (connection, operations, call) => runBatchSync(connection, unchanging(operations), call),
};

function alone(error: unknown): never {
  throw error instanceof TransactionError && error.failures.length > 0 ? error.failures[0]!.error : error;
}

/** Nothing is asked where one of them would change something. */
function unchanging(operations: readonly Waiting[]): readonly Waiting[] {
  for (const waiting of operations) {
    const operation = waiting.make();
    if (isChange(operation)) throw new ArgumentError(`${operation.operation} changes the ruleset: it belongs in a transaction, not in a batch`);
  }
  return operations;
}

const bound = bindable(families), bind = clients(bound, runners);

/** Binds the families to a connection. */
export function netfilterClient(connection: Connection, events: NetfilterEvents): Netfilter {
  return bind(connection, (call: () => Call): Own => ({
    events,
    transaction: async (changes: Changes, options?: TransactionOptions) => {
      const { noted, shape } = note(changes);
      return fill(shape, await runTransaction(connection, noted, call(), options));
    },
    sync: {
      transaction(changes: Changes, options?: TransactionOptions) {
        const { noted, shape } = note(changes);
        return fill(shape, runTransactionSync(connection, noted, call(), options));
      },
    },
  })) as unknown as Netfilter;
}

type Changes = readonly Change<unknown>[] | ((transaction: TransactionFamilies) => unknown);

function note(changes: Changes): { noted: readonly Change<unknown>[]; shape: unknown } {
  if (typeof changes !== 'function') return { noted: changes, shape: changes.map((_, index) => new Place(index)) };
  const noted: Change<unknown>[] = [];
  const noting = new bound({ once: true, one: (make, parameters) => new Place(noted.push(make(...parameters) as Change<unknown>) - 1) });
  return { shape: changes(noting as TransactionFamilies), noted };
}
