import { attribute, attributes } from '../../../../schema/attributes.ts';
import { u16, u32, u64 } from '../../../../schema/numbers.ts';
import { field, struct } from '../../../../schema/struct.ts';

/** `tc qdisc ... hfsc [default N]`: the minor number of the class for what no filter takes. */
export const hfscQdisc = struct('tc_hfsc_qopt', 2, { default: field('defcls', 0, u16) });

/** A curve: `m1` bytes per second for `d` microseconds, `m2` after that. */
const curve = struct('tc_service_curve', 12, { m1: field('m1', 0, u32), d: field('d', 4, u32), m2: field('m2', 8, u32) });

/** `tc class ... hfsc [rt CURVE] [ls CURVE] [ul CURVE]`: what is guaranteed in time, what is shared, the upper limit. */
export const hfscClass = attributes({
  rt: attribute('TCA_HFSC_RSC', 1, curve),
  ls: attribute('TCA_HFSC_FSC', 2, curve),
  ul: attribute('TCA_HFSC_USC', 3, curve),
});

/** `struct tc_hfsc_stats` of a class. */
export const hfscStats = struct('tc_hfsc_stats', 24, {
  work: field('work', 0, u64),
  rtwork: field('rtwork', 8, u64),
  period: field('period', 16, u32),
  level: field('level', 20, u32),
});
