import { abortSignal, boolean, byteCount, checkOptions, count, type OptionTable } from '../arguments.ts';
import type { Connection } from '../conversation/connection.ts';
import type { Call } from '../conversation/pending.ts';
import { AbortError, ArgumentError, ClosedError } from '../errors.ts';
import type { OpenTransport, Watcher } from '../transport/transport.ts';
import { everyChange, lastChanges } from './changes.ts';
import { groupsOf } from './feed.ts';
import { keeper, type MirrorCounters } from './mirror.ts';
import { parts, type ChangeType, type PartItem, type PartKey, type PartName } from './parts.ts';
import { sortOf } from './stirs.ts';

/** What is watched. */
export type WatchChoice = { readonly [P in PartName]?: boolean | undefined };

export interface WatchOptions {
  readonly signal?: AbortSignal | undefined;
  /** Bytes of the receive buffer of the socket that listens (SO_RCVBUF). */
  readonly receiveBuffer?: number | undefined;
  /** Whether the mirror keeps the process alive; true. */
  readonly ref?: boolean | undefined;
  /**
   * True, the default: changes of one entry that were not read yet become one, so that a slow reader never has more
   * waiting than there are entries. False: every change is kept.
   */
  readonly coalesce?: boolean | undefined;
  /** Without `coalesce`: changes that may wait before no more events are taken; 4096. The kernel's buffer fills then. */
  readonly highWaterMark?: number | undefined;
}

type OneChange<P extends PartName> = { readonly type: ChangeType<P>; readonly key: PartKey<P>; readonly cause: 'event' | 'resync' } &
  { readonly [T in ChangeType<P>]: PartItem<P> } &
  ({ readonly action: 'new' | 'del' } | { readonly action: 'change'; readonly before: PartItem<P> });

/**
 * A change of a mirror: `{ type: 'link', action: 'change', key: 2, link, before, cause: 'event' }`. With the cause
 * `resync` it was not announced, or the announcement was lost: it is a difference that a fresh list has shown.
 */
export type Change<P extends PartName = PartName> = { [K in P]: OneChange<K> }[P];

/** The maps of a mirror: links by index, the others by a text that tells them apart. */
export type MirrorMaps<P extends PartName> = { readonly [K in P]: ReadonlyMap<PartKey<K>, PartItem<K>> };

/** A live copy of parts of the kernel's state. Leaving a loop over its changes does not end it. */
export type Mirror<P extends PartName = PartName> = MirrorMaps<P> & AsyncIterable<Change<P>> & Disposable & AsyncDisposable & {
  /** The next change. */
  next(): Promise<IteratorResult<Change<P>, undefined>>;
  /**
   * Resolves when the maps show all that the kernel had done when it was called, and nothing waits to be listed anew.
   * Without `coalesce` that may take reading the changes.
   */
  settled(): Promise<void>;
  /** Lists everything anew; resolves as `settled` does. Nobody has to call it. */
  resync(): Promise<void>;
  readonly counters: Readonly<MirrorCounters>;
  /** Ends it; the maps stay as they are. */
  close(): void;
};

type Chosen<C> = { [P in keyof C & PartName]: C[P] extends true ? P : never }[keyof C & PartName];

/** Starts watching; see `routeWatch`. */
export type RouteWatch = <const C extends WatchChoice>(choice: C, options?: WatchOptions) => Promise<Mirror<Chosen<C>>>;

const choiceTable = Object.fromEntries(Object.keys(parts).map((name) => [name, boolean])) as OptionTable<WatchChoice>;
const optionTable: OptionTable<WatchOptions> = { signal: abortSignal, receiveBuffer: byteCount, ref: boolean, coalesce: boolean, highWaterMark: count };

/**
 * Keeps a copy of parts of the kernel's state, and tells what changes.
 *
 *     using mirror = await nl.watch({ links: true, routes: true });
 *     mirror.links.get(1)?.name;
 *     for await (const change of mirror) if (change.type === 'link') console.log(change.action, change.link.name);
 *
 * The maps are filled when the promise resolves; what happens from then on is a change. Where events were lost (a full
 * buffer), could not be read, or do not say enough (the kernel takes routes away with their link without a word), the
 * tables are listed anew by itself, and the differences are changes with the cause `resync`. What the kernel does not
 * announce is left out: counters, timers, settings of address families, neighbours that are still looked for.
 *
 * Some changes of links the kernel tells with the link's next event only: alias, group, link mode, protoDown and the
 * options of most kinds, while the link is down; the sizes of segmentation (`gsoMaxSize`), always. Until then the mirror
 * has what was before, unless `resync` is called.
 */
export const routeWatch = (connection: Connection, open: OpenTransport, call: () => Call): RouteWatch => async (choice, options = {}) => {
  checkOptions('watch', choice as WatchChoice, choiceTable);
  checkOptions('watch', options, optionTable);
  const names = (Object.keys(parts) as PartName[]).filter((name) => choice[name] === true);
  if (names.length === 0) throw new ArgumentError(`watch: choose some of ${Object.keys(parts).join(', ')}`);
  const { signal, receiveBuffer, ref = true, coalesce = true, highWaterMark = 4096 } = options;
  if (signal?.aborted) throw new AbortError('watch', signal.reason);
  const types = [...new Set(names.flatMap((name) => [parts[name].type, ...parts[name].stirredBy.map((stir) => sortOf[stir])]))];
  const queue = (coalesce ? lastChanges : everyChange)((name) => parts[name].type);
  type Result = IteratorResult<never, undefined>;
  const readers: { resolve: (result: Result) => void; reject: (error: unknown) => void }[] = [];
  let waiters: { resolve: () => void; reject: (error: unknown) => void }[] = [];
  let telling = false, ended = false, failure: unknown;

  const transport = open({ groups: groupsOf(types), receiveBuffer });
  const room = (): number => (coalesce ? Infinity : highWaterMark - queue.length);
  const keep = keeper(connection, call, transport, types, names, queue, {
    get telling() {
      return telling;
    },
    room, failed: end,
    done() {
      while (readers.length > 0 && queue.length > 0) readers.shift()!.resolve({ done: false, value: queue.take() as never });
      if (room() <= 0) watcher?.stop();
      if (keep.quiet || (!telling && keep.known)) for (const { resolve } of waiters.splice(0)) resolve();
    },
  }, ref);
  let watcher: Watcher | undefined;

  function end(error?: unknown): void {
    if (ended) return;
    ended = true;
    failure = error;
    signal?.removeEventListener('abort', aborted);
    keep.stop();
    watcher?.close();
    transport.close();
    for (const { reject } of waiters.splice(0)) reject(error ?? new ClosedError('watch'));
    for (const reader of readers.splice(0)) {
      if (failure === undefined) reader.resolve({ done: true, value: undefined });
      else reader.reject(failure);
      failure = undefined; // it is told once
    }
  }
  const aborted = (): void => end(new AbortError('watch', signal?.reason));
  signal?.addEventListener('abort', aborted, { once: true });

  const listen = (): void => {
    try {
      if (!watcher) {
        watcher = transport.watch(() => keep.pump());
        if (!ref) watcher.unref();
      }
      watcher.start();
    } catch (error) { // no descriptor left to wait by
      end(error);
    }
  };

  const settled = async (): Promise<void> => {
    for (;;) {
      if (ended) throw failure ?? new ClosedError('watch');
      keep.pump();
      if (keep.quiet) return;
      await new Promise<void>((resolve, reject) => waiters.push({ resolve, reject }));
    }
  };

  const next = (): Promise<Result> => {
    const change = queue.take();
    if (change !== undefined) {
      if (!ended && !coalesce && queue.length === highWaterMark - 1) listen();
      return Promise.resolve({ done: false, value: change as never });
    }
    if (!ended) return new Promise((resolve, reject) => readers.push({ resolve, reject }));
    const error = failure;
    failure = undefined;
    return error === undefined ? Promise.resolve({ done: true, value: undefined }) : Promise.reject(error);
  };

  listen();
  if (!ended) keep.pump();
  while (!keep.known) {
    if (ended) throw failure ?? new ClosedError('watch');
    await new Promise<void>((resolve, reject) => waiters.push({ resolve, reject }));
  }
  telling = true;

  const maps = Object.fromEntries(names.map((name) => [name, keep.table(name).entries]));
  return {
    ...maps, next, settled,
    resync() {
      keep.stir();
      return settled();
    },
    counters: keep.counters,
    close: () => end(),
    [Symbol.asyncIterator]: () => ({ next }),
    [Symbol.dispose]: () => end(),
    [Symbol.asyncDispose]: () => Promise.resolve(end()),
  } as never;
};
