import { EncodeError, within } from '../../../../errors.ts';
import { show, type Codec } from '../../../../schema/codec.ts';

/** An array of `count` in a struct; a shorter one is filled up with zeros. */
export const row = <T>(element: Codec<T>, count: number): Codec<T[]> => ({
  label: `${element.label}[${count}]`, size: element.size * count,
  read: (m, at, _end, owner, base) => Array.from({ length: count }, (_, i) => {
    const from = at + i * element.size;
    return element.read(m, from, from + element.size, owner, base);
  }),
  write(w, values, owner, base) {
    if (!Array.isArray(values) || values.length > count) throw new EncodeError(`must be an array of at most ${count} numbers, got ${show(values)}`);
    const start = w.take(element.size * count);
    values.forEach((value, i) => {
      w.at = start + i * element.size;
      try {
        element.write(w, value, owner, base);
      } catch (error) {
        throw within(error, `[${i}]`);
      }
    });
    w.at = start + element.size * count;
  },
});
