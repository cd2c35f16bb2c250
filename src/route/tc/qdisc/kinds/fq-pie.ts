import { attribute, attributes } from '../../../../schema/attributes.ts';
import { bool32, u32 } from '../../../../schema/numbers.ts';
import { field, struct } from '../../../../schema/struct.ts';

/** `tc qdisc ... fq_pie [limit P] [flows N] [target T] [tupdate T] ...`; times in microseconds. */
export const fqPieQdisc = attributes({
  limit: attribute('TCA_FQ_PIE_LIMIT', 1, u32),
  flows: attribute('TCA_FQ_PIE_FLOWS', 2, u32),
  target: attribute('TCA_FQ_PIE_TARGET', 3, u32),
  tupdate: attribute('TCA_FQ_PIE_TUPDATE', 4, u32),
  alpha: attribute('TCA_FQ_PIE_ALPHA', 5, u32),
  beta: attribute('TCA_FQ_PIE_BETA', 6, u32),
  quantum: attribute('TCA_FQ_PIE_QUANTUM', 7, u32),
  memoryLimit: attribute('TCA_FQ_PIE_MEMORY_LIMIT', 8, u32),
  ecnProb: attribute('TCA_FQ_PIE_ECN_PROB', 9, u32),
  ecn: attribute('TCA_FQ_PIE_ECN', 10, bool32),
  bytemode: attribute('TCA_FQ_PIE_BYTEMODE', 11, bool32),
  dqRateEstimator: attribute('TCA_FQ_PIE_DQ_RATE_ESTIMATOR', 12, bool32),
});

/** `struct tc_fq_pie_xstats` */
export const fqPieStats = struct('tc_fq_pie_xstats', 36, {
  packetsIn: field('packets_in', 0, u32),
  dropped: field('dropped', 4, u32),
  overlimit: field('overlimit', 8, u32),
  overmemory: field('overmemory', 12, u32),
  ecnMark: field('ecn_mark', 16, u32),
  newFlowCount: field('new_flow_count', 20, u32),
  newFlowsLen: field('new_flows_len', 24, u32),
  oldFlowsLen: field('old_flows_len', 28, u32),
  memoryUsage: field('memory_usage', 32, u32),
});
