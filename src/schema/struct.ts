import { getText, encodeText } from '../bytes/text.ts';
import { EncodeError, within } from '../errors.ts';
import { show, type Codec, type Owner } from './codec.ts';
import { sourced, type Site } from './source.ts';

/** One member of a C struct: its C name, where it stands, and how it is read and written. */
export interface Field<T, Shown extends boolean = true> {
  readonly cName: string;
  readonly offset: number;
  readonly codec: Codec<T>;
  /** False where the user never sees it: another field speaks for it (a prefix for its length). */
  readonly shown: Shown;
}

export const field = <T,>(cName: string, offset: number, codec: Codec<T>): Field<T> => ({
  cName,
  offset,
  codec,
  shown: true,
});

/** A member that stands in the struct but not in the user's object. */
export const hidden = <T,>(cName: string, offset: number, codec: Codec<T>): Field<T, false> => ({
  cName,
  offset,
  codec,
  shown: false,
});

export type Fields = { readonly [key: string]: Field<any, boolean> };

/** The user's object of a struct. */
export type StructValue<F extends Fields> = {
  -readonly [K in keyof F as F[K] extends Field<any, true> ? K : never]: F[K] extends Field<infer T, boolean>
    ? T
    : never;
};

export interface Struct<F extends Fields> extends Codec<StructValue<F>> {
  readonly kind: 'struct';
  readonly cName: string;
  readonly fields: F;
  /** Reads the members that lie before `end` into `target`: older kernels send shorter structs. */
  readInto(target: Owner, m: Parameters<Codec<never>['read']>[0], at: number, end: number): void;
  /** Writes the members that `given` has; what else it has is somebody else's. */
  writeFrom(w: Parameters<Codec<never>['write']>[0], given: Owner, base: number): void;
}

/**
 * A C struct of `size` bytes. A shorter one is read as far as it goes, of a longer one what is known.
 * Members that the user leaves out are sent as zero.
 */
export function struct<const F extends Fields>(cName: string, size: number, fields: F): Struct<F> {
  const all = Object.entries(fields).map(([key, f]) => ({ key, ...f }));
  for (const f of all)
    if (f.offset + f.codec.size > size)
      throw new TypeError(`${cName}.${f.cName} ends behind the struct's ${size} bytes`);
  const visible = all.filter((f) => f.shown);
  const readInto: Struct<F>['readInto'] = (target, m, at, end) => {
    for (const f of visible) {
      const from = at + f.offset;
      if (from + f.codec.size <= end) target[f.key] = f.codec.read(m, from, from + f.codec.size, target, at);
    }
  };
  /** The object in one piece, where all members are there and each can be read by a source. */
  const literal = (site: Site): string | undefined => {
    if (site.length === undefined || site.length < size) return undefined;
    const sibling = (key: string): string => {
      const f = visible.find((other) => other.key === key);
      return (f && member(f)) ?? 'undefined';
    };
    const member = (f: (typeof visible)[number]): string | undefined =>
      f.codec.read.source?.(site.part(f.offset, f.codec.size, sibling));
    const members = visible.map((f) => [f.key, member(f)] as const);
    if (members.some(([, source]) => source === undefined)) return undefined;
    return `{ ${members.map(([key, source]) => `${JSON.stringify(key)}: ${source}`).join(', ')} }`;
  };
  const writeFrom: Struct<F>['writeFrom'] = (w, given, base) => {
    const start = w.take(size);
    for (const f of visible) {
      const inner = given[f.key];
      if (inner === undefined) continue;
      w.at = start + f.offset;
      try {
        f.codec.write(w, inner, given, base);
      } catch (error) {
        throw within(error, f.key);
      }
    }
    w.at = start + size;
  };
  return {
    kind: 'struct', label: `struct ${cName}`, cName, size, fields, readInto, writeFrom,
    fits: () => true,
    read: sourced((m, at, end) => {
      const value: Owner = {};
      readInto(value, m, at, end);
      return value as StructValue<F>;
    }, literal, true),
    write(w, value, _owner, base) {
      if (typeof value !== 'object' || value === null) throw new EncodeError(`must be an object, got ${show(value)}`);
      for (const [key, inner] of Object.entries(value))
        if (inner !== undefined && !fields[key]?.shown) throw new EncodeError(`there is no field "${key}"`);
      writeFrom(w, value as Owner, base);
    },
    visit(visitor, m, at, end, owner, base) {
      for (const f of all) {
        const from = at + f.offset, to = from + f.codec.size;
        if (to > end) continue;
        const value = f.codec.read(m, from, to, owner, base);
        visitor.leaf(f.shown ? f.key : undefined, f.cName, from, to, f.codec.show?.(value) ?? show(value));
      }
    },
  };
}

/** A struct that means nothing in part: a shorter one is kept as bytes. */
export const whole = <S extends Codec<any>>(struct: S): S => ({ ...struct, fits: (length: number) => length >= struct.size });

/** A struct that newer kernels have made longer: what was read of an older one is written as short as it was. */
export const growing = <S extends Struct<any>>(struct: S): S => ({
  ...struct,
  write(w, value, owner, base) {
    const start = w.at;
    struct.write(w, value, owner, base);
    if (!w.full) return;
    const given = Object.entries(struct.fields as Fields).filter(([key]) => (value as Owner)[key] !== undefined);
    w.at = start + Math.max(0, ...given.map(([, { offset, codec }]) => offset + codec.size));
  },
});

/** `char name[size]` inside a struct: NUL-padded text. */
export const chars = (size: number): Codec<string> => ({
  label: `char[${size}]`, size,
  read: sourced((m, at) => getText(m.bytes, at, at + size), (site) => `${site.use(getText)}(m.bytes, ${site.at}, ${site.at} + ${size})`),
  write(w, value) {
    const bytes = typeof value === 'string' ? encodeText(value) : undefined;
    if (!bytes || bytes.length >= size || bytes.includes(0))
      throw new EncodeError(`must be a string of at most ${size - 1} bytes, got ${show(value)}`);
    const at = w.take(size);
    w.memory.bytes.set(bytes, at);
  },
});
