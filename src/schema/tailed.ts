import { EncodeError, within } from '../errors.ts';
import { checkObject, show, type Codec, type Owner } from './codec.ts';
import type { Fields, Struct, StructValue } from './struct.ts';

export interface TailedCodec<T> extends Codec<T> {
  readonly inner: Codec<any>;
  readonly element: Codec<any>;
}

/**
 * A struct with an array behind it, `keys[]`: one object for the user, the array under `key`. `count` is the name of
 * the struct's hidden member that holds the number of elements, where it has one.
 */
export function tailed<F extends Fields, E, K extends string>(
  struct: Struct<F>, key: K, element: Codec<E>, countOffset?: number,
): TailedCodec<Partial<StructValue<F>> & { [P in K]?: E[] | undefined }> {
  return {
    inner: struct, element, label: `${struct.label} and ${element.label}[]`, size: struct.size,
    read(m, at, end, owner, base) {
      const value: Owner = {}, values: E[] = [];
      struct.readInto(value, m, at, end);
      for (let from = at + struct.size; from + element.size <= end; from += element.size)
        values.push(element.read(m, from, from + element.size, owner, base));
      value[key] = values;
      return value as never;
    },
    write(w, value, owner, base) {
      checkObject(value);
      const { [key]: values = [], ...members } = value as { [name: string]: unknown };
      if (!Array.isArray(values)) throw new EncodeError(`must be an array, got ${show(values)}`, key);
      if (countOffset !== undefined && values.length > 255) throw new EncodeError(`has at most 255 elements, got ${values.length}`, key);
      const start = w.at;
      struct.write(w, members as never, owner, base);
      if (countOffset !== undefined) w.memory.bytes[start + countOffset] = values.length;
      values.forEach((one: E, i) => {
        try {
          element.write(w, one, owner, base);
        } catch (error) {
          throw within(within(error, `[${i}]`), key);
        }
      });
    },
    visit(visitor, m, at, end, owner, base) {
      struct.visit!(visitor, m, at, Math.min(end, at + struct.size), owner, base);
      let i = 0;
      for (let from = at + struct.size; from + element.size <= end; from += element.size) {
        const to = from + element.size;
        if (element.visit) visitor.nest(`${key}[${i++}]`, element.label, from, to, () => element.visit!(visitor, m, from, to, owner, base));
        else visitor.leaf(`${key}[${i++}]`, element.label, from, to, show(element.read(m, from, to, owner, base)));
      }
    },
  };
}
