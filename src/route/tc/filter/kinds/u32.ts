import { attribute, attributes, padding } from '../../../../schema/attributes.ts';
import type { Codec } from '../../../../schema/codec.ts';
import { flags } from '../../../../schema/flags.ts';
import { interfaceName } from '../../../../schema/leaves.ts';
import { be16, be32, s16, s32, u16, u32, u64, u8 } from '../../../../schema/numbers.ts';
import { field, hidden, struct } from '../../../../schema/struct.ts';
import { tailed } from '../../../../schema/tailed.ts';
import { actions } from '../../action/declaration.ts';
import { policeAction } from '../../action/kinds/police.ts';
import { classid } from '../../handle.ts';
import { filterFlags } from './flags.ts';

/** `match u32 VAL MASK at OFF`: 32 bits of the packet, counted from the network header. */
const key = struct('tc_u32_key', 16, {
  mask: field('mask', 0, be32),
  val: field('val', 4, be32),
  /** Bytes from the start of the network header; negative reaches the link's. */
  off: field('off', 8, s32),
  /** -1: counted from the next header (`nexthdr+OFF`). */
  offmask: field('offmask', 12, s32),
});

/** A key; see `u32Match`, which makes keys of addresses and ports. */
export type U32Key = { mask: number; val: number; off: number; offmask?: number };

/** `struct tc_u32_sel` */
const sel = tailed(struct('tc_u32_sel', 16, {
  flags: field('flags', 0, flags(u8, {
    /** What matches is classified here; without it, the search goes on in `link`. */
    terminal: ['TC_U32_TERMINAL', 0x1],
    offset: ['TC_U32_OFFSET', 0x2],
    varoffset: ['TC_U32_VAROFFSET', 0x4],
    eat: ['TC_U32_EAT', 0x8],
  })),
  offshift: field('offshift', 1, u8),
  nkeys: hidden('nkeys', 2, u8),
  offmask: field('offmask', 4, be16),
  off: field('off', 6, u16),
  offoff: field('offoff', 8, s16),
  hoff: field('hoff', 10, s16),
  hmask: field('hmask', 12, be32),
}), 'keys', key as unknown as Codec<U32Key>, 2);

/**
 * `tc filter ... u32 match u32 VAL MASK at OFF ... {classid C | action ...}`, `... u32 divisor N`, `... link HT: hashkey
 * mask M at OFF`. `u32Match` makes keys of addresses and ports.
 */
export const u32Filter = attributes({
  classid: attribute('TCA_U32_CLASSID', 1, classid),
  hash: attribute('TCA_U32_HASH', 2, u32),
  link: attribute('TCA_U32_LINK', 3, u32),
  divisor: attribute('TCA_U32_DIVISOR', 4, u32),
  sel: attribute('TCA_U32_SEL', 5, sel),
  police: attribute('TCA_U32_POLICE', 6, policeAction),
  actions: attribute('TCA_U32_ACT', 7, actions),
  indev: attribute('TCA_U32_INDEV', 8, interfaceName),
  /** How often it was tried and hit, and each key matched. */
  counters: attribute('TCA_U32_PCNT', 9, tailed(struct('tc_u32_pcnt', 16, { tried: field('rcnt', 0, u64), hit: field('rhit', 8, u64) }), 'keys', u64), { readOnly: true }),
  mark: attribute('TCA_U32_MARK', 10, struct('tc_u32_mark', 12, {
    val: field('val', 0, u32),
    mask: field('mask', 4, u32),
    success: field('success', 8, u32),
  })),
  flags: attribute('TCA_U32_FLAGS', 11, filterFlags),
}, padding('TCA_U32_PAD', 12));
