import { get16, type Memory } from '../bytes/memory.ts';
import { DecodeError, EncodeError, within } from '../errors.ts';
import { NLA_F_NESTED, NLA_TYPE_MASK } from '../wire/header.ts';
import { visitAttribute, writeAttribute } from './attributes.ts';
import { fits, show, type Codec } from './codec.ts';
import { sourced } from './source.ts';

/** An attribute that stands once for each element, beside its siblings ("multi-attr"). */
export function multi<T>(codec: Codec<T>): Codec<T[]> {
  return {
    label: `${codec.label} each`, size: codec.size, each: codec as Codec<unknown>,
    ...(codec.flags === undefined ? {} : { flags: codec.flags }),
    ...(codec.fits ? { fits: codec.fits.bind(codec) } : {}),
    read: (m, at, end, owner, base) => [codec.read(m, at, end, owner, base)],
    write() {
      throw new TypeError('a repeated attribute is put, not written');
    },
    put(w, type, values, owner, base) {
      eachOf(values, (value) => writeAttribute(w, type, codec, value, owner, base));
    },
    ...(codec.visit ? { visit: codec.visit.bind(codec) } : {}),
  };
}

/** An array in one attribute; `element` is how one of its values is read and written. */
export interface ListCodec<T> extends Codec<T[]> {
  readonly element: Codec<T>;
  /** The number that each element has as an attribute of its own; none where they lie bare one behind the other. */
  readonly type?: number | 'index';
}

/**
 * A nest whose children are the elements of an array. Their numbers are all `type`, or 1, 2, 3 ... where it is
 * 'index'. `cName` names an element in dumps.
 */
export function list<T>(cName: string, codec: Codec<T>, type: number | 'index' = 'index'): ListCodec<T> {
  return {
    label: `${codec.label} list`, size: 0, flags: NLA_F_NESTED, element: codec, type,
    read(m, at, end, owner, base) {
      const values: T[] = [];
      walk(m, at, end, (_start, from, to) => {
        if (fits(codec as Codec<unknown>, to - from)) values.push(codec.read(m, from, to, owner, base));
      });
      return values;
    },
    write(w, values, owner, base) {
      eachOf(values, (value, i) => writeAttribute(w, type === 'index' ? i + 1 : type, codec, value, owner, base));
    },
    visit(visitor, m, at, end, owner, base) {
      let i = 0;
      walk(m, at, end, (start, from, to) =>
        visitAttribute(visitor, `[${i++}]`, cName, codec as Codec<unknown>, m, start, from, to, owner, base));
    },
  };
}

/** Elements of a fixed size, one behind the other in one payload. A rest too short for one more is left out. */
export function packed<T>(codec: Codec<T>): ListCodec<T> {
  return {
    label: `${codec.label}[]`, size: 0, element: codec,
    read: sourced((m, at, end, owner, base) => {
      const values: T[] = [];
      for (; at + codec.size <= end; at += codec.size) values.push(codec.read(m, at, at + codec.size, owner, base));
      return values;
    }, (site) => {
      const count = Math.floor((site.length ?? Infinity) / codec.size);
      if (count > 64) return undefined;
      const elements = Array.from({ length: count }, (_, i) => codec.read.source?.(site.part(i * codec.size, codec.size, site.sibling)));
      return elements.includes(undefined) ? undefined : `[${elements.join(', ')}]`;
    }, true),
    write(w, values, owner, base) {
      eachOf(values, (value) => codec.write(w, value, owner, base));
    },
  };
}

/** Calls `use(start, from, to, type)` for each attribute between `at` and `end`. */
export function walk(m: Memory, at: number, end: number, use: (start: number, from: number, to: number, type: number) => void): void {
  while (end - at >= 4) {
    const length = get16(m, at);
    if (length < 4 || at + length > end) throw new DecodeError(`an attribute of ${length} bytes where ${end - at} are left`, at);
    use(at, at + 4, at + length, get16(m, at + 2) & NLA_TYPE_MASK);
    at += (length + 3) & ~3;
  }
}

function eachOf<T>(values: readonly T[], use: (value: T, i: number) => void): void {
  if (!Array.isArray(values)) throw new EncodeError(`must be an array, got ${show(values)}`);
  values.forEach((value, i) => {
    try {
      use(value, i);
    } catch (error) {
      throw within(error, `[${i}]`);
    }
  });
}
