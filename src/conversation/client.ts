import { aFunction, checkArgument, checkOptions } from '../arguments.ts';
import { Place, type Async, type Batched, type BatchItem, type Sync } from './bind.ts';
import type { Bindable, Families } from './bindable.ts';
import { runBatch, runBatchSync, Waiting } from './batch.ts';
import type { Connection } from './connection.ts';
import type { Operation } from './operation.ts';
import { callOptions, type Call, type CallOptions } from './pending.ts';
import { run, runSync } from './run.ts';
import { stream, streamSync } from './stream.ts';
import type { Trace } from './trace.ts';
import type { ConnectionCounters } from './reader.ts';
import type { AsyncViewsOf, BatchedViewsOf, SyncViewsOf } from './views.ts';

export type AsyncFamilies<F> = { readonly [K in keyof F]: Async<F[K]> & AsyncViewsOf<F[K]> };
export type SyncFamilies<F> = { readonly [K in keyof F]: Sync<F[K]> & SyncViewsOf<F[K]> } & {
  /** As `batch`, before it returns. */
  batch<T>(build: (batch: BatchedFamilies<F>) => T): BatchResults<T>;
};
export type BatchedFamilies<F> = { readonly [K in keyof F]: Batched<F[K]> & BatchedViewsOf<F[K]> };

/** What the builder of a batch returned, with results in the places of its items. */
export type BatchResults<T> = T extends BatchItem<infer R> ? R : T extends object ? { -readonly [K in keyof T]: BatchResults<T[K]> } : T;

/** Operations on one connection: as promises, synchronously, in batches. */
export type Client<F> = AsyncFamilies<F> & ClientCore<F> & Disposable & AsyncDisposable;

export interface ClientCore<F> {
  /** The same operations, synchronous: they block this thread for the time the kernel takes. */
  readonly sync: SyncFamilies<F>;
  /**
   * Runs many operations in few sends. The result has the shape of what `build` returns, each operation replaced by
   * its result. All are tried; if any fails, a BatchError names each of them.
   */
  batch<T>(build: (batch: BatchedFamilies<F>) => T): Promise<BatchResults<T>>;
  /** The same connection with other options for its calls: `nl.with({ signal, timeout: 500 }).link.list()`. */
  with(options: CallOptions): this;
  /** Gets every message, both ways, as annotated text; true prints it to standard error. */
  trace: Trace | boolean;
  /** What was seen that belonged to nobody. */
  readonly counters: Readonly<ConnectionCounters>;
  /** Ends the connection: whatever waits for it is rejected with ERR_CLOSED. */
  close(): void;
}

/** How operations are run. Protocols whose requests travel in envelopes bring their own. */
export interface Runners {
  readonly run: typeof run;
  readonly runSync: typeof runSync;
  readonly runBatch: typeof runBatch;
  readonly runBatchSync: typeof runBatchSync;
}

const standard: Runners = { run, runSync, runBatch, runBatchSync };

/** Makes clients of connections; see `clients`. */
export type ClientMaker<F extends Families> =
  <O extends object>(connection: Connection, own: O | ((call: () => Call) => O)) => Client<F> & O;

type Build = (batch: never) => unknown;

/**
 * What binds families of operations to connections. `own` is added to the client and to those made by `with`, what it has
 * as `sync` to their synchronous half; a function is told how to make the options of a call.
 *
 * A program opens one for each of a thousand containers: what they have in common is made here, once, and all of them are
 * objects of the same shape, for V8 finds its way about those alone without asking.
 */
export function clients<F extends Families>(families: Bindable<F>, runners = standard): ClientMaker<F> {
  const { run, runSync, runBatch, runBatchSync } = runners;

  function collect(build: Build, operations: Waiting[]): unknown {
    checkArgument('batch', 'build', build, aFunction);
    return build(new families({
      once: true,
      one(make, parameters) {
        const waiting = new Waiting(operations.length, make, parameters);
        operations.push(waiting);
        return waiting;
      },
    }) as never);
  }

  class Bound extends families {
    readonly #connection: Connection;

    constructor(connection: Connection, own: object | ((call: () => Call) => object), defaults: CallOptions) {
      const call = (): Call => connection.call(defaults);
      super({
        one(make, parameters) {
          let operation: Operation<unknown>;
          try {
            operation = make(...parameters);
          } catch (error) {
            return Promise.reject(error);
          }
          return run(connection, operation, call());
        },
        stream: (list) => stream(connection, list, call()),
      });
      this.#connection = connection;
      const also: { readonly sync?: object } = typeof own === 'function' ? own(call) : own;
      Object.assign(this, also, {
        async batch(build: Build) {
          const operations: Waiting[] = [], shape = collect(build, operations);
          return fill(shape, await runBatch(connection, operations, call()));
        },
        with(options: CallOptions) {
          checkOptions('with', options, callOptions);
          return new Bound(connection, own, { ...defaults, ...options });
        },
        close: () => connection.close(),
        sync: Object.assign(new families({
          one: (make, parameters) => runSync(connection, make(...parameters), call()),
          stream: (list) => streamSync(connection, list, call()),
        }), {
          batch(build: Build) {
            const operations: Waiting[] = [], shape = collect(build, operations);
            return fill(shape, runBatchSync(connection, operations, call()));
          },
        }, also.sync),
      });
    }

    [Symbol.dispose](): void {
      this.#connection.close();
    }

    async [Symbol.asyncDispose](): Promise<void> {
      this.#connection.close();
    }

    get trace(): Trace | boolean {
      return this.#connection.trace ?? false;
    }

    set trace(trace: Trace | boolean) {
      this.#connection.trace = trace === true ? (text) => void process.stderr.write(`${text}\n`) : trace || undefined;
    }

    get counters(): Readonly<ConnectionCounters> {
      return this.#connection.counters;
    }
  }

  return (connection, own) => new Bound(connection, own, {}) as never;
}

/** Puts results into the places of their items. */
export function fill(shape: unknown, results: readonly unknown[]): never {
  const put = (part: unknown): unknown => {
    if (typeof part !== 'object' || part === null) return part;
    if (part instanceof Place) return results[part.index];
    if (Array.isArray(part)) return part.map(put);
    return Object.fromEntries(Object.entries(part).map(([key, inner]) => [key, put(inner)]));
  };
  return put(shape) as never;
}
