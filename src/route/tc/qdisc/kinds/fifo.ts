import { u32 } from '../../../../schema/numbers.ts';
import { field, struct } from '../../../../schema/struct.ts';

/** `tc qdisc ... {pfifo | bfifo | pfifo_head_drop} [limit N]`: packets, or bytes with bfifo. */
export const fifoQdisc = struct('tc_fifo_qopt', 4, { limit: field('limit', 0, u32) });
