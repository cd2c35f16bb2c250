import { list, multi } from '../../../../schema/arrays.ts';
import { attribute, attributes } from '../../../../schema/attributes.ts';
import { choice } from '../../../../schema/choice.ts';
import { embedded } from '../../../../schema/embedded.ts';
import { type Encodable, message } from '../../../../schema/message.ts';
import { u16, u32, u8 } from '../../../../schema/numbers.ts';
import { field, struct } from '../../../../schema/struct.ts';
import { rate64 } from '../../units.ts';
import { row } from './row.ts';

/** `struct tc_mqprio_qopt`: traffic classes and the queues of each. */
export const mqprioQopt = struct('tc_mqprio_qopt', 82, {
  /** Traffic classes, up to 16. */
  numTc: field('num_tc', 0, u8),
  /** The class of each of the 16 priorities. */
  map: field('prio_tc_map', 1, row(u8, 16)),
  hw: field('hw', 17, u8),
  /** Queues of each class, and the first of them. */
  count: field('count', 18, row(u16, 16)),
  offset: field('offset', 50, row(u16, 16)),
});

/** TC_FP_: whether frames of a class may be interrupted. */
export const preemption = choice(u32, { express: ['TC_FP_EXPRESS', 1], preemptible: ['TC_FP_PREEMPTIBLE', 2] });

const mqprio = message('mqprio', mqprioQopt, attributes({
  mode: attribute('TCA_MQPRIO_MODE', 1, choice(u16, { dcb: ['TC_MQPRIO_MODE_DCB', 0], channel: ['TC_MQPRIO_MODE_CHANNEL', 1] })),
  shaper: attribute('TCA_MQPRIO_SHAPER', 2, choice(u16, { dcb: ['TC_MQPRIO_SHAPER_DCB', 0], bw_rlimit: ['TC_MQPRIO_SHAPER_BW_RATE', 1] })),
  minRate: attribute('TCA_MQPRIO_MIN_RATE64', 3, list('TCA_MQPRIO_MIN_RATE64', rate64, 3)),
  maxRate: attribute('TCA_MQPRIO_MAX_RATE64', 4, list('TCA_MQPRIO_MAX_RATE64', rate64, 4)),
  tcEntry: attribute('TCA_MQPRIO_TC_ENTRY', 5, multi(attributes({
    index: attribute('TCA_MQPRIO_TC_ENTRY_INDEX', 1, u32),
    fp: attribute('TCA_MQPRIO_TC_ENTRY_FP', 2, preemption),
  }))),
}));

/** `tc qdisc ... mqprio num_tc N [map P1 ...] [queues COUNT@OFFSET ...] [hw 0|1] [mode M] [shaper S] [min_rate ...] [max_rate ...]` */
export interface MqprioOptions extends Encodable<typeof mqprio> {}

const codec = embedded<MqprioOptions>(mqprio);

export const mqprioQdisc: typeof codec = { ...codec, write: (w, value, owner, base) => codec.write(w, w.full ? value : accepted(value), owner, base) };

/** Without hardware the kernel tells of each class that nothing interrupts its frames, and takes no attribute at all. */
const accepted = (options: MqprioOptions): MqprioOptions => {
  const { hw, tcEntry } = options ?? {};
  return !hw && Array.isArray(tcEntry) && tcEntry.every((entry) => entry?.fp === 'express') ? { ...options, tcEntry: undefined } : options;
};
