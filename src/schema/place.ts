import { get16, get32 } from '../bytes/memory.ts';
import type { Site } from './source.ts';

/** Where a payload lies, without what depends on the rest of the layout. */
export type Place = Omit<Site, 'base' | 'sibling'>;

/**
 * A payload `offset` bytes behind the variable `p`, a multiple of 4, which the variable `q` has in words. Numbers on
 * their borders are read from the typed arrays at once, others byte by byte.
 */
export function place(p: string, q: string, offset: number, length: number | undefined, use: Site['use']): Place {
  const u8 = (at: number): string => `u8[${p} + ${offset + at}]`;
  return {
    at: `(${p} + ${offset})`, end: length === undefined ? 'end' : `(${p} + ${offset + length})`, length, use, u8,
    u16: (at) => ((offset + at) % 2 === 0 ? `u16[${q} * 2 + ${(offset + at) / 2}]` : `${use(get16)}(m, ${p} + ${offset + at})`),
    u32: (at) => ((offset + at) % 4 === 0 ? `u32[${q} + ${(offset + at) / 4}]` : `${use(get32)}(m, ${p} + ${offset + at})`),
    part: (at, size, sibling) => ({ ...place(p, q, offset + at, size, use), base: 'base', sibling }),
  };
}
