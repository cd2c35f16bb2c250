import { checkArgument, list as anArray } from '../arguments.ts';
import { append, columnsOf, growing, type Columns, type Growing } from '../schema/columns.ts';
import { picker } from '../schema/project.ts';
import type { BatchItem, Operations } from './bind.ts';
import { done, lastOf, type Exchange, type Operation, type ResultOf, type Steps } from './operation.ts';

/** An item of what a family lists, and what its list takes. */
type Item<F> = F extends { readonly list: (...parameters: any[]) => infer O } ? ResultOf<O> extends readonly (infer T)[] ? T : never : never;
type FilterOf<F> = F extends { readonly list: (...parameters: infer P) => any } ? P : never;

/** What every family that can `list` can do too, with the same filters. */
export interface AsyncViews<T, P extends readonly unknown[]> {
  /** As `list`, each item with these fields alone: what nobody wants is not read. `select(['dst', 'gateway'], { family: 'inet' })` */
  select<const K extends keyof T>(fields: readonly K[], ...parameters: P): Promise<Pick<T, K>[]>;
  /** As `select`, an array for each field in place of an object for each item: numbers as a Float64Array, NaN where there is none. */
  columns<const K extends keyof T & string>(fields: readonly K[], ...parameters: P): Promise<Columns<T, K>>;
  /**
   * As `list`, in chunks as the kernel sends them: `for await (const routes of nl.route.stream())`. A table of any size
   * takes the memory of one chunk, and the event loop gets a turn every 10 ms. The timeout is that of one chunk. Where the
   * table changes meanwhile, a DumpInterruptedError follows the last chunk; nothing is asked for again.
   */
  stream(...parameters: P): AsyncGenerator<T[], void, undefined>;
}

/** The same, synchronously. */
export interface SyncViews<T, P extends readonly unknown[]> {
  select<const K extends keyof T>(fields: readonly K[], ...parameters: P): Pick<T, K>[];
  columns<const K extends keyof T & string>(fields: readonly K[], ...parameters: P): Columns<T, K>;
  stream(...parameters: P): Generator<T[], void, undefined>;
}

/** The same in a batch. */
export interface BatchedViews<T, P extends readonly unknown[]> {
  select<const K extends keyof T>(fields: readonly K[], ...parameters: P): BatchItem<Pick<T, K>[]>;
  columns<const K extends keyof T & string>(fields: readonly K[], ...parameters: P): BatchItem<Columns<T, K>>;
}

export type AsyncViewsOf<F> = [Item<F>] extends [never] ? {} : AsyncViews<Item<F>, FilterOf<F>>;
export type SyncViewsOf<F> = [Item<F>] extends [never] ? {} : SyncViews<Item<F>, FilterOf<F>>;

export type BatchedViewsOf<F> = [Item<F>] extends [never] ? {} : BatchedViews<Item<F>, FilterOf<F>>;

type List = (...parameters: unknown[]) => Operation<object[]>;

/** The operations of a family, with those that its `list` brings along. */
export function withViews(family: string, operations: Operations): Operations {
  const list = operations['list'] as List | undefined;
  if (list === undefined) return operations;
  const select = (fields: readonly string[], ...parameters: unknown[]): Operation<object[]> => {
    checkArgument(`${family}.select`, 'fields', fields, anArray);
    return projected(list(...parameters), fields);
  };
  const columns = function* (fields: readonly string[], ...parameters: unknown[]): Steps<object> {
    checkArgument(`${family}.columns`, 'fields', fields, anArray);
    const last = yield* lastOf(projected(list(...parameters), fields));
    if ('done' in last) return done(columnsOf(append(growing(fields, {}), last.done)));
    const { answer } = last;
    const keep = (items: unknown[], kept: unknown): Growing => append(kept as Growing | undefined ?? growing(fields, answer.reply ?? {}), answer.finish(items));
    return { ...last, answer: { ...answer, keep, finish: (items, kept) => columnsOf(keep(items, kept)) } } as Exchange<object>;
  };
  return { ...operations, select, columns };
}

function* projected(operation: Operation<object[]>, fields: readonly string[]): Steps<object[]> {
  const last = yield* lastOf(operation), pick = picker(fields);
  if ('done' in last) return done(last.done.map(pick));
  const { answer } = last, read = answer.project?.(fields);
  if (read !== undefined) return { ...last, answer: { ...answer, read } };
  return { ...last, answer: { ...answer, finish: (items) => answer.finish(items).map(pick) } };
}
