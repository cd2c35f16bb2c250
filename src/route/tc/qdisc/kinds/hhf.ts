import { attribute, attributes } from '../../../../schema/attributes.ts';
import { u32 } from '../../../../schema/numbers.ts';
import { field, struct } from '../../../../schema/struct.ts';

/** `tc qdisc ... hhf [limit P] [quantum B] [hh_limit N] [reset_timeout T] [admit_bytes B] [evict_timeout T] [non_hh_weight N]` */
export const hhfQdisc = attributes({
  limit: attribute('TCA_HHF_BACKLOG_LIMIT', 1, u32),
  quantum: attribute('TCA_HHF_QUANTUM', 2, u32),
  hhLimit: attribute('TCA_HHF_HH_FLOWS_LIMIT', 3, u32),
  resetTimeout: attribute('TCA_HHF_RESET_TIMEOUT', 4, u32),
  admitBytes: attribute('TCA_HHF_ADMIT_BYTES', 5, u32),
  evictTimeout: attribute('TCA_HHF_EVICT_TIMEOUT', 6, u32),
  nonHhWeight: attribute('TCA_HHF_NON_HH_WEIGHT', 7, u32),
});

/** `struct tc_hhf_xstats` */
export const hhfStats = struct('tc_hhf_xstats', 16, {
  dropOverlimit: field('drop_overlimit', 0, u32),
  hhOverlimit: field('hh_overlimit', 4, u32),
  hhTotCount: field('hh_tot_count', 8, u32),
  hhCurCount: field('hh_cur_count', 12, u32),
});
