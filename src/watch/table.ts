import { isDeepStrictEqual } from 'node:util';

export type Key = number | string;

/** What happened to one entry: it came (no `before`), changed, or went (no `after`). */
export type Touched<T> = (key: Key, before: T | undefined, after: T | undefined) => void;

/** A change as the kernel announced it, with the NLM_F_ flags of its message. */
export interface Announced<T> {
  readonly action: 'new' | 'del';
  readonly item: T;
  readonly flags: number;
}

/** A copy of one of the kernel's tables. */
export interface Table<T> {
  readonly entries: ReadonlyMap<Key, T>;
  /** Takes one more entry of a dump. */
  load(item: T): void;
  /** Does what an event says. False where it leaves open what the kernel's table is like now. */
  apply(event: Announced<T>, touched: Touched<T>): boolean;
  /** Becomes what another copy is. */
  become(other: Table<T>, touched: Touched<T>): void;
}

/** How entries are told apart. `twice` lets the same entry stand in the table more than once. */
export interface TableOptions<T> {
  readonly key: (item: T) => Key;
  readonly twice?: boolean | undefined;
}

/** A table in which each key stands for one entry, and an event says what becomes of it. */
export function keyedTable<T>({ key, twice = false }: TableOptions<T>): Table<T> {
  const entries = new Map<Key, T>();
  /** The next free place of an entry that is there already, or with `last` the last one that is taken. */
  const place = (item: T, last: boolean): Key => {
    const first = key(item);
    if (!twice || !entries.has(first)) return first;
    let free = first;
    for (let number = 2; ; number++) {
      const next = `${first} #${number}`;
      if (!entries.has(next)) return last ? free : next;
      free = next;
    }
  };
  return {
    entries,
    load: (item) => void entries.set(place(item, false), item),
    apply({ action, item }, touched) {
      const at = place(item, action === 'del'), before = entries.get(at);
      if (action === 'del') {
        if (before !== undefined) remove(entries, at, before, touched);
      } else if (before === undefined || !isDeepStrictEqual(before, item)) {
        entries.set(at, item);
        touched(at, before, item);
      }
      return true;
    },
    become: (other, touched) => replace(entries, other.entries, touched),
  };
}

function remove<T>(entries: Map<Key, T>, key: Key, before: T, touched: Touched<T>): void {
  entries.delete(key);
  touched(key, before, undefined);
}

/** Makes the entries of one map those of another, and tells each difference. */
export function replace<T>(entries: Map<Key, T>, wanted: ReadonlyMap<Key, T>, touched: Touched<T>): void {
  for (const [key, before] of entries) if (!wanted.has(key)) remove(entries, key, before, touched);
  for (const [key, after] of wanted) {
    const before = entries.get(key);
    if (before !== undefined && isDeepStrictEqual(before, after)) continue;
    entries.set(key, after);
    touched(key, before, after);
  }
}
