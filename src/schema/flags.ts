import { EncodeError } from '../errors.ts';
import { show, type Codec } from './codec.ts';
import type { Names } from './choice.ts';
import { sourced, through } from './source.ts';

/**
 * A set of bits by name: `{ up: true, promisc: false }`. Bits that are set are `true` when read, the others absent;
 * bits without a name are the number `unknown`.
 */
export type Flags<N extends Names> = { readonly [K in keyof N]?: boolean | undefined } & { readonly unknown?: number | undefined };

export interface FlagsCodec<N extends Names> extends Codec<Flags<N>> {
  readonly kind: 'flags';
  readonly names: N;
  readonly number: Codec<number>;
  /** The bits that are true. */
  toNumber(value: Flags<N>): number;
  /** The bits that are spoken of, true or false: what a change mask holds. */
  toMask(value: Flags<N>): number;
  toNames(number: number): Flags<N>;
}

/** Objects that were handed out for a number, so that a dump makes few; bounded, for a hostile peer could send any. */
const remembered = 1024;

/** Bits with names; `names` holds masks: `up: ['IFF_UP', 0x1]`. A name of several bits is set when all of them are. */
export function flags<const N extends Names>(number: Codec<number>, names: N): FlagsCodec<N> {
  const entries = Object.entries(names).map(([word, [, bits]]) => [word, bits] as const);
  let seen = new Map<number, Flags<N>>(), last: number | undefined, lastNames: Flags<N>;
  const toNames = (value: number): Flags<N> => {
    if (value !== last) lastNames = seen.get(value) ?? make(value);
    last = value;
    return lastNames;
  };
  const make = (value: number): Flags<N> => {
    const set: { [key: string]: boolean | number } = {};
    let rest = value;
    for (const [word, bits] of entries) {
      if (((value & bits) >>> 0) !== bits >>> 0 || bits === 0) continue;
      set[word] = true;
      rest &= ~bits;
    }
    if (rest !== 0) set['unknown'] = rest >>> 0;
    const made = Object.freeze(set) as Flags<N>;
    if (seen.size >= remembered) seen = new Map();
    seen.set(value, made);
    return made;
  };
  const collect = (value: Flags<N>, spoken: boolean): number => {
    if (typeof value !== 'object' || value === null) throw new EncodeError(`must be an object of flags like { ${entries[0]?.[0] ?? 'name'}: true }, got ${show(value)}`);
    let bits = 0;
    for (const word of Object.keys(value)) { // entries() of an object that is not V8's usual kind are C++
      const on = value[word];
      if (on === undefined) continue;
      if (word === 'unknown') {
        if (!Number.isInteger(on)) throw new EncodeError(`unknown must be a number, got ${show(on)}`);
        bits |= on as unknown as number;
      } else if (!Object.hasOwn(names, word)) {
        throw new EncodeError(`has no flag "${word}"; there are ${entries.map(([name]) => name).join(', ')}`);
      } else {
        if (typeof on !== 'boolean') throw new EncodeError(`${word} must be true or false, got ${show(on)}`);
        if (on || spoken) bits |= names[word]![1];
      }
    }
    return bits >>> 0;
  };
  let sent: Flags<N> | undefined, sentNumber = 0;
  const toNumber = (value: Flags<N>): number => {
    if (value !== sent) {
      const number = collect(value, false);
      if (seen.get(number) !== value) return number;
      sent = value; // one that was read: sent back, they come by the thousand
      sentNumber = number;
    }
    return sentNumber;
  };
  return {
    kind: 'flags', label: `flags of ${number.label}`, size: number.size, names, number, toNumber, toNames,
    toMask: (value) => collect(value, true),
    ...(number.flags === undefined ? {} : { flags: number.flags }),
    read: sourced((m, at, end, owner, base) => toNames(number.read(m, at, end, owner, base)), through(number, (n, site) => `${site.use(toNames)}(${n})`)),
    write: (w, value, owner, base) => number.write(w, toNumber(value), owner, base),
    show: (value) => {
      const words = Object.entries(value).filter(([, on]) => on).map(([word, on]) => (word === 'unknown' ? `0x${(on as unknown as number).toString(16)}` : word));
      return words.length === 0 ? 'none' : words.join('|');
    },
  };
}
