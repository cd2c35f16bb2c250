import { mapped } from '../../../../schema/mapped.ts';
import { s32, u8 } from '../../../../schema/numbers.ts';
import { field, struct, type StructValue } from '../../../../schema/struct.ts';
import { row } from './row.ts';

const qopt = struct('tc_prio_qopt', 20, {
  bands: field('bands', 0, s32),
  /** The band of each of the 16 priorities. */
  priomap: field('priomap', 4, row(u8, 16)),
});

type PrioOptions = Partial<StructValue<typeof qopt.fields>>;

/** What `tc` sends where nothing is said. */
const usual = { bands: 3, priomap: [1, 2, 2, 2, 1, 2, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1] };

/** `tc qdisc ... prio [bands N] [priomap P1 P2 ...]`; pfifo_fast shows the same. */
export const prioQdisc = mapped(qopt, (wire): PrioOptions => wire, (options: PrioOptions) => ({ ...usual, ...options }));
