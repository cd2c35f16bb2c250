import { attribute, attributes, padding } from '../../../../schema/attributes.ts';
import { packed } from '../../../../schema/arrays.ts';
import { embedded } from '../../../../schema/embedded.ts';
import { mapped } from '../../../../schema/mapped.ts';
import { message, type Encodable } from '../../../../schema/message.ts';
import { bool32, s16, s32, u32, u64 } from '../../../../schema/numbers.ts';
import { field, struct } from '../../../../schema/struct.ts';
import { tickMicros } from '../../psched.ts';
import { fraction, micros64, rate64 } from '../../units.ts';

const qopt = struct('tc_netem_qopt', 24, {
  /** Microseconds that each packet is held. */
  delay: field('latency', 0, tickMicros),
  /** Packets that are held at most; 1000 unless given. */
  limit: field('limit', 4, u32),
  loss: field('loss', 8, fraction),
  gap: field('gap', 12, u32),
  duplicate: field('duplicate', 16, fraction),
  /** Microseconds that the delay varies by, up and down. */
  jitter: field('jitter', 20, tickMicros),
});

const correlation = struct('tc_netem_corr', 12, {
  delay: field('delay_corr', 0, fraction),
  loss: field('loss_corr', 4, fraction),
  duplicate: field('dup_corr', 8, fraction),
});

const reorder = struct('tc_netem_reorder', 8, { probability: field('probability', 0, fraction), correlation: field('correlation', 4, fraction) });
const corrupt = struct('tc_netem_corrupt', 8, { probability: field('probability', 0, fraction), correlation: field('correlation', 4, fraction) });

const rate = struct('tc_netem_rate', 16, {
  /** Bytes per second. */
  rate: field('rate', 0, u32),
  packetOverhead: field('packet_overhead', 4, s32),
  cellSize: field('cell_size', 8, u32),
  cellOverhead: field('cell_overhead', 12, s32),
});

const slot = struct('tc_netem_slot', 40, {
  minDelay: field('min_delay', 0, micros64),
  maxDelay: field('max_delay', 8, micros64),
  maxPackets: field('max_packets', 16, s32),
  maxBytes: field('max_bytes', 20, s32),
  distDelay: field('dist_delay', 24, micros64),
  distJitter: field('dist_jitter', 32, micros64),
});

/** Loss by the four-state model, or by Gilbert and Elliot's: probabilities of going from state to state. */
const loss = attributes({
  gi: attribute('NETEM_LOSS_GI', 1, struct('tc_netem_gimodel', 20, {
    p13: field('p13', 0, fraction),
    p31: field('p31', 4, fraction),
    p32: field('p32', 8, fraction),
    p14: field('p14', 12, fraction),
    p23: field('p23', 16, fraction),
  })),
  ge: attribute('NETEM_LOSS_GE', 2, struct('tc_netem_gemodel', 16, {
    p: field('p', 0, fraction),
    r: field('r', 4, fraction),
    h: field('h', 8, fraction),
    k1: field('k1', 12, fraction),
  })),
});

const netem = message('netem', qopt, attributes({
  correlation: attribute('TCA_NETEM_CORR', 1, correlation),
  delayDist: attribute('TCA_NETEM_DELAY_DIST', 2, packed(s16)),
  reorder: attribute('TCA_NETEM_REORDER', 3, reorder),
  corrupt: attribute('TCA_NETEM_CORRUPT', 4, corrupt),
  lossModel: attribute('TCA_NETEM_LOSS', 5, loss),
  rate: attribute('TCA_NETEM_RATE', 6, rate),
  ecn: attribute('TCA_NETEM_ECN', 7, bool32),
  rate64: attribute('TCA_NETEM_RATE64', 8, rate64),
  delay: attribute('TCA_NETEM_LATENCY64', 10, micros64),
  jitter: attribute('TCA_NETEM_JITTER64', 11, micros64),
  slot: attribute('TCA_NETEM_SLOT', 12, slot),
  slotDist: attribute('TCA_NETEM_SLOT_DIST', 13, packed(s16)),
  seed: attribute('TCA_NETEM_PRNG_SEED', 14, u64),
}, padding('TCA_NETEM_PAD', 9)));

/**
 * `tc qdisc ... netem [limit P] [delay T [JITTER]] [loss P] [duplicate P] [reorder P [gap N]] [corrupt P] [rate R] ...`.
 * Times are microseconds, probabilities and correlations from 0 to 1.
 */
export interface NetemOptions extends Encodable<typeof netem> {}

export const netemQdisc = mapped(embedded<NetemOptions>(netem), (wire) => wire, (options: NetemOptions) => ({ limit: 1000, ...options }));
