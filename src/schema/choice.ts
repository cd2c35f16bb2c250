import { EncodeError } from '../errors.ts';
import { show, type Codec } from './codec.ts';
import { sourced, through } from './source.ts';

/** A table of names: our word -> [the kernel's word, its number]. */
export type Names = { readonly [key: string]: readonly [cName: string, number: number] };

/** One of the words of a table, or a number that the table does not have. */
export type Choice<N extends Names> = (keyof N & string) | (number & {});

export interface ChoiceCodec<N extends Names> extends Codec<Choice<N>> {
  readonly kind: 'choice';
  readonly names: N;
  readonly number: Codec<number>;
  /** The number of a word; a number stands for itself. */
  toNumber(value: Choice<N>): number;
  /** The word of a number, or the number itself where there is none. */
  toName(number: number): Choice<N>;
}

/** A number with names. A number without one is kept as a number, both ways. */
export function choice<const N extends Names>(number: Codec<number>, names: N): ChoiceCodec<N> {
  const byNumber = new Map<number, string>();
  for (const [word, [, value]] of Object.entries(names)) if (!byNumber.has(value)) byNumber.set(value, word);
  const toName = (value: number): Choice<N> => (byNumber.get(value) ?? value) as Choice<N>;
  const toNumber = (value: Choice<N>): number => {
    if (typeof value === 'number') return value;
    const entry = Object.hasOwn(names, value) ? names[value] : undefined;
    if (!entry) throw new EncodeError(`must be one of ${Object.keys(names).join(', ')} or a number, got ${show(value)}`);
    return entry[1];
  };
  return {
    kind: 'choice', label: number.label, size: number.size, names, number, toNumber, toName,
    ...(number.flags === undefined ? {} : { flags: number.flags }),
    read: sourced((m, at, end, owner, base) => toName(number.read(m, at, end, owner, base)), through(number, (n, site) => number.size === 1 && number.label === 'u8'
      ? `${site.use(Array.from({ length: 256 }, (_, value) => toName(value)))}[${n}]` : `${site.use(toName)}(${n})`)),
    write: (w, value, owner, base) => number.write(w, toNumber(value), owner, base),
    show: (value) => {
      const n = toNumber(value), word = byNumber.get(n);
      return word === undefined ? String(n) : `${word} (${names[word]![0]})`;
    },
  };
}
