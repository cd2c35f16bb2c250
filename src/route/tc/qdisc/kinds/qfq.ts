import { attribute, attributes } from '../../../../schema/attributes.ts';
import { u32 } from '../../../../schema/numbers.ts';
import { field, struct } from '../../../../schema/struct.ts';

/** `tc class ... qfq [weight N] [maxpkt B]` */
export const qfqClass = attributes({
  weight: attribute('TCA_QFQ_WEIGHT', 1, u32),
  maxpkt: attribute('TCA_QFQ_LMAX', 2, u32),
});

/** `struct tc_qfq_stats` of a class. */
export const qfqStats = struct('tc_qfq_stats', 8, { weight: field('weight', 0, u32), lmax: field('lmax', 4, u32) });
