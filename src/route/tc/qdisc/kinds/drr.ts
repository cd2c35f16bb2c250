import { attribute, attributes } from '../../../../schema/attributes.ts';
import { u32 } from '../../../../schema/numbers.ts';
import { field, struct } from '../../../../schema/struct.ts';

/** `tc class ... drr [quantum B]` */
export const drrClass = attributes({ quantum: attribute('TCA_DRR_QUANTUM', 1, u32) });

/** `struct tc_drr_stats` of a class. */
export const drrStats = struct('tc_drr_stats', 4, { deficit: field('deficit', 0, u32) });
