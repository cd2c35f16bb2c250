import type { Connection } from '../conversation/connection.ts';
import type { Call } from '../conversation/pending.ts';
import { run } from '../conversation/run.ts';
import { NetlinkError } from '../errors.ts';
import type { RouteEventType } from '../route/events.ts';
import type { Transport } from '../transport/transport.ts';
import type { Queue } from './changes.ts';
import { feed } from './feed.ts';
import { parts, type Part, type PartName } from './parts.ts';
import { stirring } from './stirs.ts';
import type { Announced, Table } from './table.ts';

/** A part that is watched. */
interface Watched {
  readonly name: PartName;
  readonly part: Part<unknown>;
  readonly table: Table<unknown>;
  /** Its table may differ from the kernel's: it must be listed anew. */
  dirty: boolean;
  /** It was listed once. */
  known: boolean;
  /** Events that came while it is listed: they are taken once more, upon the list. */
  replay: Announced<unknown>[] | undefined;
  /** When it may be listed next, and how long to wait after one that failed. */
  notBefore: number;
  pause: number;
}

export interface MirrorCounters {
  /** Events that were taken. */
  events: number;
  /** Times that events were lost, or could not be read. */
  losses: number;
  /** Times that a table was listed anew. */
  resyncs: number;
}

/** What keeps tables like the kernel's. */
export interface Keeper {
  readonly counters: MirrorCounters;
  table(name: PartName): Table<unknown>;
  /** Takes the events that are there, and lists anew what may differ. */
  pump(): void;
  /** Whether each table was listed once. */
  readonly known: boolean;
  /** Whether there is nothing left to do. */
  readonly quiet: boolean;
  /** Calls for a fresh look at everything. */
  stir(): void;
  stop(): void;
}

export interface KeeperHooks {
  /** Something was done: changes may be waiting, and it may be quiet now. */
  done(): void;
  failed(error: unknown): void;
  /** Whether changes are to be told: not before everything was listed once. */
  readonly telling: boolean;
  /** How many more events may be taken now. */
  room(): number;
}

/** The longest wait before a table is listed anew, and the one after the first failure; milliseconds. */
const longestPause = 1000, firstPause = 5;

/** Failures after which the same question may well be answered. */
const passing = ['ERR_DUMP_INTERRUPTED', 'ENOBUFS', 'ERR_TIMEOUT', 'EBUSY'];

/**
 * Keeps tables like the kernel's: what events say is done to them, and where events do not say enough, they are listed
 * anew. Events that arrive while a table is listed are done to the old one at once, and once more to the new one.
 */
export function keeper(
  connection: Connection, call: () => Call, transport: Transport, types: readonly RouteEventType[],
  names: readonly PartName[], queue: Queue, hooks: KeeperHooks, ref: boolean,
): Keeper {
  const watched = names.map((name): Watched => {
    const part = parts[name] as Part<unknown>;
    return { name, part, table: part.table(), dirty: true, known: false, replay: undefined, notBefore: 0, pause: firstPause };
  });
  const counters: MirrorCounters = { events: 0, losses: 0, resyncs: 0 };
  const stirs = stirring();
  let busy = false, stopped = false, timer: NodeJS.Timeout | undefined;

  const stir = (): void => {
    for (const one of watched) one.dirty = true;
  };

  const read = feed(transport, types, {
    event(type, action, item, flags) {
      counters.events++;
      const stirred = stirs(type, action, item);
      for (const one of watched) {
        if (one.part.stirredBy.some((by) => stirred.includes(by))) one.dirty = true;
        if (one.part.type === type) take(one, action, item, flags);
      }
    },
    lost() {
      counters.losses++;
      stir();
    },
  });

  function take(one: Watched, action: 'new' | 'del', item: unknown, flags: number): void {
    const announced = one.part.announced(item);
    // an entry that is left out from now on is gone
    const event: Announced<unknown> = announced === undefined ? { action: 'del', item, flags } : { action, item: announced, flags };
    one.replay?.push(event);
    if (!one.table.apply(event, tell(one, 'event'))) one.dirty = true;
  }

  const tell = ({ name }: Watched, cause: 'event' | 'resync') => (key: number | string, before: unknown, after: unknown): void => {
    if (hooks.telling) queue.put(name, key, before, after, cause);
  };

  async function refresh(one: Watched): Promise<void> {
    const { part } = one, began = performance.now();
    one.dirty = false;
    one.replay = [];
    let items: unknown[];
    try {
      items = await run(connection, part.list(), { ...call(), gentle: true });
    } catch (error) {
      one.replay = undefined;
      one.dirty = true;
      if (!(error instanceof NetlinkError && passing.includes(error.code))) throw error;
      one.notBefore = performance.now() + one.pause;
      one.pause = Math.min(one.pause * 2, longestPause);
      return;
    }
    if (stopped) return;
    read(Infinity); // all that happened until now
    const fresh = part.table(), replay = one.replay;
    one.replay = undefined;
    for (const item of items) {
      const announced = part.announced(item);
      if (announced !== undefined) fresh.load(announced);
    }
    let sure = replay.length === 0 || !part.again;
    for (const event of replay) if (!fresh.apply(event, () => {})) sure = false;
    if (!sure) one.dirty = true;
    if (one.known) counters.resyncs++;
    one.table.become(fresh, tell(one, 'resync'));
    one.known = true;
    one.pause = firstPause;
    one.notBefore = performance.now() + Math.min(2 * (performance.now() - began), longestPause);
  }

  /** Lists anew what must be, one table after the other, and none of them all the time. */
  async function refreshAll(): Promise<void> {
    if (busy || stopped) return;
    busy = true;
    clearTimeout(timer);
    try {
      for (;;) {
        const dirty = watched.filter((one) => one.dirty), now = performance.now();
        const next = dirty.find((one) => !one.known) ?? dirty.find((one) => one.notBefore <= now);
        if (!next || stopped) break;
        await refresh(next);
        if (!next.known) await new Promise((resolve) => setTimeout(resolve, next.pause));
        hooks.done();
      }
    } catch (error) {
      if (!stopped) hooks.failed(error);
    }
    busy = false;
    const dirty = watched.filter((one) => one.dirty);
    if (dirty.length > 0 && !stopped) {
      timer = setTimeout(refreshAll, Math.max(1, Math.min(...dirty.map((one) => one.notBefore)) - performance.now()));
      if (!ref) timer.unref();
    }
    if (!stopped) hooks.done();
  }

  return {
    counters, stir,
    table: (name) => watched.find((one) => one.name === name)!.table,
    get known() {
      return watched.every((one) => one.known);
    },
    get quiet() {
      return !busy && watched.every((one) => !one.dirty);
    },
    pump() {
      try {
        read(hooks.room());
      } catch (error) {
        hooks.failed(error);
        return;
      }
      if (watched.some((one) => one.dirty)) void refreshAll();
      hooks.done();
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
