import { get32, set32 } from '../bytes/memory.ts';
import { flags, type Flags } from './flags.ts';
import type { Names } from './choice.ts';
import type { Codec } from './codec.ts';
import { u32 } from './numbers.ts';

/**
 * The order of the two 32 bit numbers: `struct br_boolopt_multi` has the values first, `struct can_ctrlmode` the mask.
 */
export type MaskOrder = 'values first' | 'mask first';

export interface MaskedCodec<N extends Names> extends Codec<Flags<N>> {
  readonly kind: 'masked';
  readonly names: N;
}

/**
 * Flags with a mask that says which of them are spoken of: `{ gvrp: true, mvrp: false }` sets one, clears one and
 * leaves the others as they are. Read, the ones that the mask covers are true or false, and all that are set are true.
 */
export function masked<const N extends Names>(names: N, order: MaskOrder = 'values first'): MaskedCodec<N> {
  const bits = flags(u32, names);
  const words = Object.entries(names).map(([word, [, bit]]) => [word, bit] as const);
  const [valuesAt, maskAt] = order === 'values first' ? [0, 4] : [4, 0];
  return {
    kind: 'masked', label: 'flags and mask', size: 8, names,
    read(m, at) {
      const values = get32(m, at + valuesAt), mask = get32(m, at + maskAt);
      const read: { [word: string]: boolean | number } = {};
      for (const [word, bit] of words) if (((values | mask) & bit) !== 0) read[word] = (values & bit) !== 0;
      const { unknown } = bits.toNames(values);
      if (unknown !== undefined) read['unknown'] = unknown;
      return read as Flags<N>;
    },
    write(w, value) {
      const values = bits.toNumber(value), mask = bits.toMask(value), at = w.take(8);
      set32(w.memory, at + valuesAt, values);
      set32(w.memory, at + maskAt, mask);
    },
  };
}
