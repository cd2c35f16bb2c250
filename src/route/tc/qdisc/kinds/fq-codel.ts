import { get32 } from '../../../../bytes/memory.ts';
import { attribute, attributes } from '../../../../schema/attributes.ts';
import type { Codec } from '../../../../schema/codec.ts';
import { bool32, s32, u32, u8 } from '../../../../schema/numbers.ts';
import { field, struct, type StructValue } from '../../../../schema/struct.ts';

/**
 * `tc qdisc ... fq_codel [limit P] [flows N] [target T] [interval T] [quantum B] [ecn] [ce_threshold T]
 * [drop_batch N] [memory_limit B]`; times in microseconds, which the kernel keeps in
 * steps of 1.024 and reports rounded down.
 */
export const fqCodelQdisc = attributes({
  target: attribute('TCA_FQ_CODEL_TARGET', 1, u32),
  limit: attribute('TCA_FQ_CODEL_LIMIT', 2, u32),
  interval: attribute('TCA_FQ_CODEL_INTERVAL', 3, u32),
  ecn: attribute('TCA_FQ_CODEL_ECN', 4, bool32),
  flows: attribute('TCA_FQ_CODEL_FLOWS', 5, u32),
  quantum: attribute('TCA_FQ_CODEL_QUANTUM', 6, u32),
  ceThreshold: attribute('TCA_FQ_CODEL_CE_THRESHOLD', 7, u32),
  dropBatch: attribute('TCA_FQ_CODEL_DROP_BATCH_SIZE', 8, u32),
  memoryLimit: attribute('TCA_FQ_CODEL_MEMORY_LIMIT', 9, u32),
  ceThresholdSelector: attribute('TCA_FQ_CODEL_CE_THRESHOLD_SELECTOR', 10, u8),
  ceThresholdMask: attribute('TCA_FQ_CODEL_CE_THRESHOLD_MASK', 11, u8),
});

const ofQdisc = struct('tc_fq_codel_xstats', 40, {
  type: field('type', 0, u32),
  maxpacket: field('maxpacket', 4, u32),
  dropOverlimit: field('drop_overlimit', 8, u32),
  ecnMark: field('ecn_mark', 12, u32),
  newFlowCount: field('new_flow_count', 16, u32),
  newFlowsLen: field('new_flows_len', 20, u32),
  oldFlowsLen: field('old_flows_len', 24, u32),
  ceMark: field('ce_mark', 28, u32),
  memoryUsage: field('memory_usage', 32, u32),
  dropOvermemory: field('drop_overmemory', 36, u32),
});

const ofClass = struct('tc_fq_codel_xstats', 40, {
  type: field('type', 0, u32),
  deficit: field('class_stats.deficit', 4, s32),
  ldelay: field('class_stats.ldelay', 8, u32),
  count: field('class_stats.count', 12, u32),
  lastcount: field('class_stats.lastcount', 16, u32),
  dropping: field('class_stats.dropping', 20, bool32),
  dropNext: field('class_stats.drop_next', 24, s32),
});

type Either = StructValue<typeof ofQdisc.fields> | StructValue<typeof ofClass.fields>;

/** `struct tc_fq_codel_xstats`: of the qdisc (`type` 0) or of one flow (1). */
export const fqCodelStats: Codec<Either> & { readonly inner: Codec<any> } = {
  ...(ofQdisc as unknown as Codec<Either>), inner: ofQdisc,
  read: (m, at, end, owner, base) => (get32(m, at) === 1 ? ofClass : ofQdisc).read(m, at, end, owner, base),
  write: (w, value, owner, base) => (value?.type === 1 ? ofClass : ofQdisc).write(w, value as never, owner, base),
};
