import { isDeepStrictEqual } from 'node:util';
import type { Part, PartName } from './parts.ts';
import type { Key } from './table.ts';

export type Cause = 'event' | 'resync';

/** A change as it is given out, whatever it is of. */
export interface AnyChange {
  readonly type: string;
  readonly action: 'new' | 'change' | 'del';
  readonly key: Key;
  readonly cause: Cause;
  readonly [item: string]: unknown;
}

/** Where changes wait for a reader. */
export interface Queue {
  readonly length: number;
  put(name: PartName, key: Key, before: unknown, after: unknown, cause: Cause): void;
  take(): AnyChange | undefined;
}

type Named = (name: PartName) => Part<unknown>['type'];

/** Every change, one after the other. */
export function everyChange(type: Named): Queue {
  const queue: AnyChange[] = [];
  let head = 0;
  return {
    get length() {
      return queue.length - head;
    },
    put: (name, key, before, after, cause) => void queue.push(change(type(name), key, before, after, cause)),
    take() {
      if (head === queue.length) return undefined;
      const next = queue[head++];
      if (head > 1024 && head * 2 > queue.length) queue.splice(0, head), (head = 0);
      return next;
    },
  };
}

/** For each entry one change at most: from what the reader saw last to what is there now. It never outgrows the tables. */
export function lastChanges(type: Named): Queue {
  const waiting = new Map<string, { name: PartName; key: Key; before: unknown; after: unknown; cause: Cause }>();
  return {
    get length() {
      return waiting.size;
    },
    put(name, key, before, after, cause) {
      const id = `${name} ${key}`, earlier = waiting.get(id);
      if (!earlier) waiting.set(id, { name, key, before, after, cause });
      else if (isDeepStrictEqual(earlier.before, after)) waiting.delete(id);
      else Object.assign(earlier, { after, cause });
    },
    take() {
      for (const [id, { name, key, before, after, cause }] of waiting) {
        waiting.delete(id);
        return change(type(name), key, before, after, cause);
      }
      return undefined;
    },
  };
}

function change(type: string, key: Key, before: unknown, after: unknown, cause: Cause): AnyChange {
  const action = before === undefined ? 'new' : after === undefined ? 'del' : 'change';
  return { type, action, key, cause, [type]: after ?? before, ...(action === 'change' ? { before } : {}) };
}
