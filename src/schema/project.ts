import type { Memory } from '../bytes/memory.ts';
import type { Level } from './level.ts';
import { literal, type Arrange } from './source.ts';
import { specialisedMessage } from './specialise.ts';
import type { Fields, Struct } from './struct.ts';

/** Reads some fields of a message, undefined where `keep` does not want it. */
export type Project<T> = (m: Memory, at: number, end: number, keep?: (item: T) => boolean) => object | undefined;

/** Of an object, some fields. */
export const picker = (fields: readonly string[]) => (item: object): object => {
  const picked: { [field: string]: unknown } = {};
  for (const field of fields) if (field in item) picked[field] = (item as typeof picked)[field];
  return picked;
};

/** Selections of one message for which decoders are kept. */
const most = 16;

/** Decoders for some fields of a message: they read these and, where `keep` is given, those that it `looksAt`, no others. */
export function projections<T extends object>(
  level: Level, header: Struct<Fields>, decode: (m: Memory, at: number, end: number) => T,
): (fields: readonly string[], looksAt: readonly string[]) => Project<T> {
  const made = new Map<string, Project<T>>();
  return (fields, looksAt) => {
    const name = JSON.stringify([fields, looksAt]), known = made.get(name);
    if (known) return known;
    const quick = specialisedMessage(level, header, arrangement(fields, looksAt)), pick = picker(fields);
    const project: Project<T> = (m, at, end, keep) => {
      const value = quick(m, at, end, keep as never);
      if (value !== undefined) return value ?? undefined;
      const item = decode(m, at, end);
      return keep === undefined || keep(item) ? pick(item) : undefined;
    };
    if (made.size >= most) made.clear();
    made.set(name, project);
    return project;
  };
}

/** `null` is a message that `keep` does not want. */
const arrangement = (fields: readonly string[], looksAt: readonly string[]): Arrange => (have) => {
  const only = (keys: readonly string[]): string => literal(Object.fromEntries([...new Set(keys)].filter((key) => Object.hasOwn(have, key)).map((key) => [key, have[key]!])));
  return `keep === undefined || keep(${only(looksAt)}) ? ${only(fields)} : null`;
};
