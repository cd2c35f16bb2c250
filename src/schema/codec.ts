import type { Memory } from '../bytes/memory.ts';
import { printable } from '../bytes/text.ts';
import type { Writer } from '../bytes/writer.ts';
import { EncodeError } from '../errors.ts';
import type { Owner, Read } from './source.ts';

export type { Owner } from './source.ts';

/**
 * How one payload is read and written: two functions and, where it is known, a size.
 * `base` is where the message's fixed header starts, for the few attributes that share a value with it.
 */
export interface Codec<T> {
  /** The word that dumps use: `u32`, `ipv4`. */
  readonly label: string;
  /** Payload bytes written; readers take any payload at least this long. 0 where it varies. */
  readonly size: number;
  /** Values are numbers, always: such a column is a typed array. */
  readonly numeric?: true;
  /** Flags for the attribute's type: NLA_F_NESTED or NLA_F_NET_BYTEORDER. */
  readonly flags?: number;
  /** Whether a payload of `length` bytes can be read; without it, any that has `size` bytes. Others are kept as unknown. */
  fits?(length: number): boolean;
  readonly read: Read<T>;
  write(w: Writer, value: T, owner: Owner, base: number): void;
  /** Writes the whole attribute, header and all, where a value is not simply one attribute with one payload. */
  put?(w: Writer, type: number, value: T, owner: Owner, base: number): void;
  /** Of an attribute that repeats: how one of them is read; the values gather in an array. */
  readonly each?: Codec<unknown>;
  /** Visits what is inside, for annotated dumps and for field paths. */
  visit?(visitor: Visitor, m: Memory, at: number, end: number, owner: Owner, base: number): void;
  /** The value as dumps print it; without it, JSON. */
  show?(value: T): string;
}

/** What a codec's values are. */
export type ValueOf<C> = C extends Codec<infer T> ? T : never;

/** Walks a message field by field; see annotate.ts. */
export interface Visitor {
  /** A field without fields of its own. `key` is our name, undefined for one we do not know. */
  leaf(key: string | undefined, cName: string, at: number, end: number, text: string): void;
  /**
   * A field with fields of its own; `inside` visits them. `key` is '' where they stand in the parent's object.
   * `known` tells the field at a number, for what the kernel says is missing.
   */
  nest(key: string | undefined, cName: string, at: number, end: number, inside: () => void, known?: KnownField): void;
}

export type KnownField = (type: number) => { readonly key: string | undefined; readonly cName: string } | undefined;

/** Whether `codec` can read a payload of `length` bytes. */
export const fits = (codec: Codec<never> | Codec<unknown>, length: number): boolean =>
  codec.fits ? codec.fits(length) : length >= codec.size;

/** Throws an EncodeError where `value` is no object: callers in JavaScript give anything. */
export function checkObject(value: unknown): asserts value is object {
  if (typeof value !== 'object' || value === null) throw new EncodeError(`must be an object, got ${show(value)}`);
}

/** A value for people: short, on one line, without anything that a terminal would obey. */
export function show(value: unknown): string {
  if (typeof value === 'string') return printable(JSON.stringify(value));
  if (typeof value === 'bigint') return String(value);
  if (value instanceof Uint8Array) return `0x${Buffer.from(value).toString('hex')}`;
  if (Array.isArray(value)) return `[${value.map(show).join(', ')}]`;
  if (typeof value === 'object' && value !== null)
    return `{ ${Object.entries(value).map(([key, inner]) => `${printable(key)}: ${show(inner)}`).join(', ')} }`;
  return String(value);
}
