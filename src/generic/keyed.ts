import { NLA_F_NESTED } from '../wire/header.ts';
import { walk } from '../schema/arrays.ts';
import { visitAttribute, writeAttribute } from '../schema/attributes.ts';
import type { Codec } from '../schema/codec.ts';

/** A nest whose children's numbers are keys: an object by number. `cName` names a child in dumps. */
export const keyed = <T>(cName: string, codec: Codec<T>): Codec<{ [key: number]: T }> => ({
  label: `${codec.label} by number`, size: 0, flags: NLA_F_NESTED,
  read(m, at, end, owner, base) {
    const values: { [key: number]: T } = {};
    walk(m, at, end, (_start, from, to, type) => void (values[type] = codec.read(m, from, to, owner, base)));
    return values;
  },
  write(w, values, owner, base) {
    for (const [key, value] of Object.entries(values)) writeAttribute(w, Number(key), codec, value, owner, base);
  },
  visit(visitor, m, at, end, owner, base) {
    walk(m, at, end, (start, from, to, type) => visitAttribute(visitor, `[${type}]`, cName, codec as Codec<unknown>, m, start, from, to, owner, base));
  },
});
