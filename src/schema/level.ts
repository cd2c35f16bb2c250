import type { Codec } from './codec.ts';

/** One attribute: its C name, its number and how its payload is read and written. */
export interface Attribute<T, O extends AttributeOptions<T> = AttributeOptions<T>> extends AttributeOptions<T> {
  readonly cName: string;
  readonly id: number;
  readonly codec: Codec<T>;
  /** The nests around it that the user's object does not show, outermost first. */
  readonly inside: readonly Nest[];
  /** Only for types. */
  readonly options?: O;
}

export interface AttributeOptions<T> {
  /** The kernel always sends it: its type is not optional when read. */
  readonly always?: boolean;
  /** What its absence means when read. */
  readonly absent?: T;
  /** The kernel reports it and takes it from nobody: not sent, so that what was listed can be sent back. */
  readonly readOnly?: boolean;
}

export interface Nest {
  readonly cName: string;
  readonly id: number;
}

/** An attribute we do not know, or whose payload we cannot read: kept as it came and sent back so. */
export interface RawAttribute {
  /** Its number, with the flag bits it came with. */
  readonly type: number;
  readonly data: Uint8Array;
  /** Numbers of the nests around it that the object does not show. */
  readonly inside?: readonly number[];
}

/** One level of nesting: what stands at which number. Levels that the user's object does not show are entries too. */
export interface Level {
  readonly byId: Entry[];
  readonly byKey: Map<string, Entry>;
  /** Keys that say how others are read (`kind` for `options`): they are written first, wherever the user has them. */
  readonly tags: string[];
  /** Keys whose absence has a meaning, here and below. */
  readonly absent: { readonly key: string; readonly value: unknown }[];
}

export type Entry =
  | {
    readonly key: string; readonly cName: string; readonly id: number; readonly attribute: Attribute<any, any>;
    /** The key of the sibling that says how it is read: where the kernel sends that behind it, it waits. */
    readonly after: string | undefined;
  }
  | { readonly key: undefined; readonly cName: string; readonly id: number; readonly level: Level }
  | Pad;

/** Empty, and there only to put 64 bits behind it where such may lie: neither shown nor sent. */
export interface Pad {
  readonly key: undefined;
  readonly cName: string;
  readonly id: number;
  readonly level: undefined;
  /** Numbers of the nests around it that the user's object does not show. */
  readonly inside: readonly number[];
}
