import { attribute, attributes } from '../../../../schema/attributes.ts';
import { bool32, s32, u32 } from '../../../../schema/numbers.ts';
import { field, struct } from '../../../../schema/struct.ts';

/**
 * `tc qdisc ... codel [limit P] [target T] [interval T] [ecn] [ce_threshold T]`; times in microseconds, which the kernel keeps
 * in steps of 1.024 and reports rounded down.
 */
export const codelQdisc = attributes({
  target: attribute('TCA_CODEL_TARGET', 1, u32),
  limit: attribute('TCA_CODEL_LIMIT', 2, u32),
  interval: attribute('TCA_CODEL_INTERVAL', 3, u32),
  ecn: attribute('TCA_CODEL_ECN', 4, bool32),
  ceThreshold: attribute('TCA_CODEL_CE_THRESHOLD', 5, u32),
});

/** `struct tc_codel_xstats` */
export const codelStats = struct('tc_codel_xstats', 36, {
  maxpacket: field('maxpacket', 0, u32),
  count: field('count', 4, u32),
  lastcount: field('lastcount', 8, u32),
  ldelay: field('ldelay', 12, u32),
  dropNext: field('drop_next', 16, s32),
  dropOverlimit: field('drop_overlimit', 20, u32),
  ecnMark: field('ecn_mark', 24, u32),
  dropping: field('dropping', 28, bool32),
  ceMark: field('ce_mark', 32, u32),
});
