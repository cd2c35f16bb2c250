import { attribute, attributes, padding } from '../../../../schema/attributes.ts';
import { list } from '../../../../schema/arrays.ts';
import { choice } from '../../../../schema/choice.ts';
import { bool32, s32, u32, u64 } from '../../../../schema/numbers.ts';
import { rate64 } from '../../units.ts';

/**
 * `tc qdisc ... cake [bandwidth R] [diffserv3 | ...] [flows | ...] [nat] [wash] [split-gso] [ack-filter] [rtt T] ...`.
 * `bandwidth` is bytes per second, 0 for unlimited; times are microseconds, `memlimit` bytes.
 */
export const cakeQdisc = attributes({
  bandwidth: attribute('TCA_CAKE_BASE_RATE64', 2, rate64),
  diffserv: attribute('TCA_CAKE_DIFFSERV_MODE', 3, choice(u32, {
    diffserv3: ['CAKE_DIFFSERV_DIFFSERV3', 0],
    diffserv4: ['CAKE_DIFFSERV_DIFFSERV4', 1],
    diffserv8: ['CAKE_DIFFSERV_DIFFSERV8', 2],
    besteffort: ['CAKE_DIFFSERV_BESTEFFORT', 3],
    precedence: ['CAKE_DIFFSERV_PRECEDENCE', 4],
  })),
  atm: attribute('TCA_CAKE_ATM', 4, choice(u32, { noatm: ['CAKE_ATM_NONE', 0], atm: ['CAKE_ATM_ATM', 1], ptm: ['CAKE_ATM_PTM', 2] })),
  flowmode: attribute('TCA_CAKE_FLOW_MODE', 5, choice(u32, {
    flowblind: ['CAKE_FLOW_NONE', 0],
    srchost: ['CAKE_FLOW_SRC_IP', 1],
    dsthost: ['CAKE_FLOW_DST_IP', 2],
    hosts: ['CAKE_FLOW_HOSTS', 3],
    flows: ['CAKE_FLOW_FLOWS', 4],
    'dual-srchost': ['CAKE_FLOW_DUAL_SRC', 5],
    'dual-dsthost': ['CAKE_FLOW_DUAL_DST', 6],
    'triple-isolate': ['CAKE_FLOW_TRIPLE', 7],
  })),
  overhead: attribute('TCA_CAKE_OVERHEAD', 6, s32),
  rtt: attribute('TCA_CAKE_RTT', 7, u32),
  target: attribute('TCA_CAKE_TARGET', 8, u32),
  autorate: attribute('TCA_CAKE_AUTORATE', 9, bool32),
  memlimit: attribute('TCA_CAKE_MEMORY', 10, u32),
  nat: attribute('TCA_CAKE_NAT', 11, bool32),
  raw: attribute('TCA_CAKE_RAW', 12, bool32),
  wash: attribute('TCA_CAKE_WASH', 13, bool32),
  mpu: attribute('TCA_CAKE_MPU', 14, u32),
  ingress: attribute('TCA_CAKE_INGRESS', 15, bool32),
  ackFilter: attribute('TCA_CAKE_ACK_FILTER', 16, choice(u32, {
    disabled: ['CAKE_ACK_NONE', 0],
    enabled: ['CAKE_ACK_FILTER', 1],
    aggressive: ['CAKE_ACK_AGGRESSIVE', 2],
  })),
  splitGso: attribute('TCA_CAKE_SPLIT_GSO', 17, bool32),
  fwmark: attribute('TCA_CAKE_FWMARK', 18, u32),
}, padding('TCA_CAKE_PAD', 1));

const tin = attributes({
  sentPackets: attribute('TCA_CAKE_TIN_STATS_SENT_PACKETS', 2, u32),
  sentBytes: attribute('TCA_CAKE_TIN_STATS_SENT_BYTES64', 3, u64),
  droppedPackets: attribute('TCA_CAKE_TIN_STATS_DROPPED_PACKETS', 4, u32),
  droppedBytes: attribute('TCA_CAKE_TIN_STATS_DROPPED_BYTES64', 5, u64),
  acksDroppedPackets: attribute('TCA_CAKE_TIN_STATS_ACKS_DROPPED_PACKETS', 6, u32),
  acksDroppedBytes: attribute('TCA_CAKE_TIN_STATS_ACKS_DROPPED_BYTES64', 7, u64),
  ecnMarkedPackets: attribute('TCA_CAKE_TIN_STATS_ECN_MARKED_PACKETS', 8, u32),
  ecnMarkedBytes: attribute('TCA_CAKE_TIN_STATS_ECN_MARKED_BYTES64', 9, u64),
  backlogPackets: attribute('TCA_CAKE_TIN_STATS_BACKLOG_PACKETS', 10, u32),
  backlogBytes: attribute('TCA_CAKE_TIN_STATS_BACKLOG_BYTES', 11, u32),
  thresholdRate: attribute('TCA_CAKE_TIN_STATS_THRESHOLD_RATE64', 12, u64),
  target: attribute('TCA_CAKE_TIN_STATS_TARGET_US', 13, u32),
  interval: attribute('TCA_CAKE_TIN_STATS_INTERVAL_US', 14, u32),
  wayIndirectHits: attribute('TCA_CAKE_TIN_STATS_WAY_INDIRECT_HITS', 15, u32),
  wayMisses: attribute('TCA_CAKE_TIN_STATS_WAY_MISSES', 16, u32),
  wayCollisions: attribute('TCA_CAKE_TIN_STATS_WAY_COLLISIONS', 17, u32),
  peakDelay: attribute('TCA_CAKE_TIN_STATS_PEAK_DELAY_US', 18, u32),
  avgDelay: attribute('TCA_CAKE_TIN_STATS_AVG_DELAY_US', 19, u32),
  baseDelay: attribute('TCA_CAKE_TIN_STATS_BASE_DELAY_US', 20, u32),
  sparseFlows: attribute('TCA_CAKE_TIN_STATS_SPARSE_FLOWS', 21, u32),
  bulkFlows: attribute('TCA_CAKE_TIN_STATS_BULK_FLOWS', 22, u32),
  unresponsiveFlows: attribute('TCA_CAKE_TIN_STATS_UNRESPONSIVE_FLOWS', 23, u32),
  maxSkblen: attribute('TCA_CAKE_TIN_STATS_MAX_SKBLEN', 24, u32),
  flowQuantum: attribute('TCA_CAKE_TIN_STATS_FLOW_QUANTUM', 25, u32),
}, padding('TCA_CAKE_TIN_STATS_PAD', 1));

/** What cake counts; times in microseconds, rates in bytes per second. */
export const cakeStats = attributes({
  capacityEstimate: attribute('TCA_CAKE_STATS_CAPACITY_ESTIMATE64', 2, u64),
  memoryLimit: attribute('TCA_CAKE_STATS_MEMORY_LIMIT', 3, u32),
  memoryUsed: attribute('TCA_CAKE_STATS_MEMORY_USED', 4, u32),
  avgNetoff: attribute('TCA_CAKE_STATS_AVG_NETOFF', 5, u32),
  minNetlen: attribute('TCA_CAKE_STATS_MIN_NETLEN', 6, u32),
  maxNetlen: attribute('TCA_CAKE_STATS_MAX_NETLEN', 7, u32),
  minAdjlen: attribute('TCA_CAKE_STATS_MIN_ADJLEN', 8, u32),
  maxAdjlen: attribute('TCA_CAKE_STATS_MAX_ADJLEN', 9, u32),
  tins: attribute('TCA_CAKE_STATS_TIN_STATS', 10, list('TCA_CAKE_STATS_TIN', tin)),
  deficit: attribute('TCA_CAKE_STATS_DEFICIT', 11, s32),
  cobaltCount: attribute('TCA_CAKE_STATS_COBALT_COUNT', 12, u32),
  dropping: attribute('TCA_CAKE_STATS_DROPPING', 13, u32),
  dropNext: attribute('TCA_CAKE_STATS_DROP_NEXT_US', 14, s32),
  pDrop: attribute('TCA_CAKE_STATS_P_DROP', 15, u32),
  blueTimer: attribute('TCA_CAKE_STATS_BLUE_TIMER_US', 16, s32),
}, padding('TCA_CAKE_STATS_PAD', 1));
