import { u16 } from '../../../../schema/numbers.ts';
import { field, struct } from '../../../../schema/struct.ts';

/** `tc qdisc ... multiq` */
export const multiqQdisc = struct('tc_multiq_qopt', 4, {
  /** As many as the device has queues, the kernel says. */
  bands: field('bands', 0, u16),
  maxBands: field('max_bands', 2, u16),
});
