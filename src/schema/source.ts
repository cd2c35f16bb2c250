import type { Memory } from '../bytes/memory.ts';

/** The object that an attribute belongs to, half built while decoding: an attribute may depend on its siblings. */
export type Owner = { [key: string]: unknown };

/**
 * Reads the payload between `at` and `end`. A decoder that is made for one layout of a message (specialise.ts) calls
 * it, or has in its place what `source` writes: an expression of JavaScript that gives the same. The source hangs on
 * the function it stands for, so that a codec made of another by a `read` of its own does not inherit it.
 */
export interface Read<T> {
  (m: Memory, at: number, end: number, owner: Owner, base: number): T;
  readonly source?: Source;
  /** Payloads that differ in length are layouts of their own, so that the source knows the length. */
  readonly exact?: boolean;
}

/** Writes the expression; undefined where this payload cannot be read so. */
export type Source = (site: Site) => string | undefined;

/** A payload as the writer of a source sees it: expressions for its place, for numbers in it, for what stands beside it. */
export interface Site {
  /** The first byte, the one behind the last, the first of the message's fixed header. */
  readonly at: string;
  readonly end: string;
  readonly base: string;
  /** How many bytes it has, where the layout says so. */
  readonly length: number | undefined;
  u8(offset: number): string;
  u16(offset: number): string;
  u32(offset: number): string;
  /** The value that stands before this one in the same object; `undefined` where there is none. */
  sibling(key: string): string;
  /** A part of it, `offset` bytes behind its first. */
  part(offset: number, length: number, sibling: (key: string) => string): Site;
  /** A name for a value of ours: a table, a function. */
  use(value: unknown): string;
}

/** A function that reads, with the source that reads the same. */
export const sourced = <T>(
  read: (m: Memory, at: number, end: number, owner: Owner, base: number) => T, source: Source, exact = false,
): Read<T> => Object.assign(read, { source, exact });

/** The function of one number, put where the number's own source is. */
export const through = (number: { readonly read: Read<number> }, use: (n: string, site: Site) => string): Source =>
  (site) => {
    const n = number.read.source?.(site);
    return n === undefined ? undefined : use(n, site);
  };

/**
 * Writes the object that users see, as an expression of JavaScript: `fields` are the expressions of what lies on the
 * wire, by key, in the order in which it came; those that are not there are not in it.
 */
export type Arrange = (fields: Readonly<Record<string, string>>) => string;

/** An object literal of such expressions. */
export const literal = (fields: Readonly<Record<string, string>>): string =>
  `{ ${Object.entries(fields).map(([key, expression]) => `${JSON.stringify(key)}: ${expression}`).join(', ')} }`;
