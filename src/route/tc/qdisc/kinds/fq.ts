import { attribute, attributes } from '../../../../schema/attributes.ts';
import { packed } from '../../../../schema/arrays.ts';
import { bool32, bool8, s32, s64, u32, u64 } from '../../../../schema/numbers.ts';
import { field, growing, struct } from '../../../../schema/struct.ts';
import { prioQdisc } from './prio.ts';
import { row } from './row.ts';

/**
 * `tc qdisc ... fq [limit P] [flow_limit P] [quantum B] [initial_quantum B] [maxrate R] [pacing | nopacing] [buckets N]
 * ...`; rates in bytes per second (4294967295 is none), times in microseconds.
 */
export const fqQdisc = attributes({
  limit: attribute('TCA_FQ_PLIMIT', 1, u32),
  flowLimit: attribute('TCA_FQ_FLOW_PLIMIT', 2, u32),
  quantum: attribute('TCA_FQ_QUANTUM', 3, u32),
  initialQuantum: attribute('TCA_FQ_INITIAL_QUANTUM', 4, u32),
  pacing: attribute('TCA_FQ_RATE_ENABLE', 5, bool32),
  defrate: attribute('TCA_FQ_FLOW_DEFAULT_RATE', 6, u32),
  maxrate: attribute('TCA_FQ_FLOW_MAX_RATE', 7, u32),
  /** log2 of the number of buckets. */
  bucketsLog: attribute('TCA_FQ_BUCKETS_LOG', 8, u32),
  refillDelay: attribute('TCA_FQ_FLOW_REFILL_DELAY', 9, u32),
  orphanMask: attribute('TCA_FQ_ORPHAN_MASK', 10, u32),
  lowRateThreshold: attribute('TCA_FQ_LOW_RATE_THRESHOLD', 11, u32),
  ceThreshold: attribute('TCA_FQ_CE_THRESHOLD', 12, u32),
  /** Nanoseconds. */
  timerSlack: attribute('TCA_FQ_TIMER_SLACK', 13, u32),
  horizon: attribute('TCA_FQ_HORIZON', 14, u32),
  horizonDrop: attribute('TCA_FQ_HORIZON_DROP', 15, bool8),
  priomap: attribute('TCA_FQ_PRIOMAP', 16, prioQdisc),
  weights: attribute('TCA_FQ_WEIGHTS', 17, packed(s32)),
  offloadHorizon: attribute('TCA_FQ_OFFLOAD_HORIZON', 18, u32),
});

/** `struct tc_fq_qd_stats` */
export const fqStats = growing(struct('tc_fq_qd_stats', 152, {
  gcFlows: field('gc_flows', 0, u64),
  highprioPackets: field('highprio_packets', 8, u64),
  tcpRetrans: field('tcp_retrans', 16, u64),
  throttled: field('throttled', 24, u64),
  flowsPlimit: field('flows_plimit', 32, u64),
  pktsTooLong: field('pkts_too_long', 40, u64),
  allocationErrors: field('allocation_errors', 48, u64),
  timeNextDelayedFlow: field('time_next_delayed_flow', 56, s64),
  flows: field('flows', 64, u32),
  inactiveFlows: field('inactive_flows', 68, u32),
  throttledFlows: field('throttled_flows', 72, u32),
  unthrottleLatencyNs: field('unthrottle_latency_ns', 76, u32),
  ceMark: field('ce_mark', 80, u64),
  horizonDrops: field('horizon_drops', 88, u64),
  horizonCaps: field('horizon_caps', 96, u64),
  fastpathPackets: field('fastpath_packets', 104, u64),
  bandDrops: field('band_drops', 112, row(u64, 3)),
  bandPktCount: field('band_pkt_count', 136, row(u32, 3)),
}));
