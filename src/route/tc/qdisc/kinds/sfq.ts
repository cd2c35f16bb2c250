import { flags } from '../../../../schema/flags.ts';
import { bool32, s32, u32, u8 } from '../../../../schema/numbers.ts';
import { field, struct } from '../../../../schema/struct.ts';
import { share } from '../../units.ts';

/** TC_RED_ of include/uapi/linux/pkt_sched.h */
export const redFlags = flags(u8, {
  ecn: ['TC_RED_ECN', 0x1],
  harddrop: ['TC_RED_HARDDROP', 0x2],
  adaptive: ['TC_RED_ADAPTATIVE', 0x4],
  nodrop: ['TC_RED_NODROP', 0x8],
});

/**
 * `tc qdisc ... sfq [limit P] [perturb S] [quantum B] [divisor N] [flows N] [depth P] [headdrop] [redflowlimit B] ...`.
 * `perturb` is in seconds; `min`, `max` and `redflowlimit` are bytes.
 */
export const sfqQdisc = struct('tc_sfq_qopt_v1', 72, {
  quantum: field('v0.quantum', 0, u32),
  perturb: field('v0.perturb_period', 4, s32),
  limit: field('v0.limit', 8, u32),
  divisor: field('v0.divisor', 12, u32),
  flows: field('v0.flows', 16, u32),
  depth: field('depth', 20, u32),
  headdrop: field('headdrop', 24, bool32),
  redflowlimit: field('limit', 28, u32),
  min: field('qth_min', 32, u32),
  max: field('qth_max', 36, u32),
  ewma: field('Wlog', 40, u8),
  plog: field('Plog', 41, u8),
  scellLog: field('Scell_log', 42, u8),
  flags: field('flags', 43, redFlags),
  probability: field('max_P', 44, share),
  probDrop: field('stats.prob_drop', 48, u32),
  forcedDrop: field('stats.forced_drop', 52, u32),
  probMark: field('stats.prob_mark', 56, u32),
  forcedMark: field('stats.forced_mark', 60, u32),
  probMarkHead: field('stats.prob_mark_head', 64, u32),
  forcedMarkHead: field('stats.forced_mark_head', 68, u32),
});

/** `struct tc_sfq_xstats` of one flow. */
export const sfqStats = struct('tc_sfq_xstats', 4, { allot: field('allot', 0, s32) });
