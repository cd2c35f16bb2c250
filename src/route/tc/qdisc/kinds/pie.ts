import { attribute, attributes } from '../../../../schema/attributes.ts';
import { bool32, u32, u64 } from '../../../../schema/numbers.ts';
import { field, struct } from '../../../../schema/struct.ts';

/** `tc qdisc ... pie [limit P] [target T] [tupdate T] [alpha A] [beta B] [ecn] [bytemode]`; times in microseconds. */
export const pieQdisc = attributes({
  target: attribute('TCA_PIE_TARGET', 1, u32),
  limit: attribute('TCA_PIE_LIMIT', 2, u32),
  tupdate: attribute('TCA_PIE_TUPDATE', 3, u32),
  alpha: attribute('TCA_PIE_ALPHA', 4, u32),
  beta: attribute('TCA_PIE_BETA', 5, u32),
  ecn: attribute('TCA_PIE_ECN', 6, bool32),
  bytemode: attribute('TCA_PIE_BYTEMODE', 7, bool32),
  dqRateEstimator: attribute('TCA_PIE_DQ_RATE_ESTIMATOR', 8, bool32),
});

/** `struct tc_pie_xstats` */
export const pieStats = struct('tc_pie_xstats', 40, {
  prob: field('prob', 0, u64),
  delay: field('delay', 8, u32),
  avgDqRate: field('avg_dq_rate', 12, u32),
  dqRateEstimating: field('dq_rate_estimating', 16, u32),
  packetsIn: field('packets_in', 20, u32),
  dropped: field('dropped', 24, u32),
  overlimit: field('overlimit', 28, u32),
  maxq: field('maxq', 32, u32),
  ecnMark: field('ecn_mark', 36, u32),
});
