import { list, multi } from '../../../../schema/arrays.ts';
import { attribute, attributes, padding } from '../../../../schema/attributes.ts';
import { choice } from '../../../../schema/choice.ts';
import { flags } from '../../../../schema/flags.ts';
import { s32, s64, u32, u8 } from '../../../../schema/numbers.ts';
import { mqprioQopt, preemption } from './mqprio.ts';

const entry = attributes({
  index: attribute('TCA_TAPRIO_SCHED_ENTRY_INDEX', 1, u32),
  cmd: attribute('TCA_TAPRIO_SCHED_ENTRY_CMD', 2, choice(u8, {
    set_gates: ['TC_TAPRIO_CMD_SET_GATES', 0],
    set_and_hold: ['TC_TAPRIO_CMD_SET_AND_HOLD', 1],
    set_and_release: ['TC_TAPRIO_CMD_SET_AND_RELEASE', 2],
  })),
  gateMask: attribute('TCA_TAPRIO_SCHED_ENTRY_GATE_MASK', 3, u32),
  /** Nanoseconds. */
  interval: attribute('TCA_TAPRIO_SCHED_ENTRY_INTERVAL', 4, u32),
});

const pad = padding('TCA_TAPRIO_PAD', 6);

/** Times in nanoseconds. */
const schedule = {
  entries: attribute('TCA_TAPRIO_ATTR_SCHED_ENTRY_LIST', 2, list('TCA_TAPRIO_SCHED_ENTRY', entry, 1)),
  baseTime: attribute('TCA_TAPRIO_ATTR_SCHED_BASE_TIME', 3, s64),
  cycleTime: attribute('TCA_TAPRIO_ATTR_SCHED_CYCLE_TIME', 8, s64),
  cycleTimeExtension: attribute('TCA_TAPRIO_ATTR_SCHED_CYCLE_TIME_EXTENSION', 9, s64),
};

/**
 * `tc qdisc ... taprio num_tc N map ... queues ... base-time T sched-entry CMD MASK INTERVAL ... clockid C [flags F]
 * [txtime-delay T]`. Times are nanoseconds.
 */
export const taprioQdisc = attributes({
  priomap: attribute('TCA_TAPRIO_ATTR_PRIOMAP', 1, mqprioQopt),
  ...schedule,
  singleEntry: attribute('TCA_TAPRIO_ATTR_SCHED_SINGLE_ENTRY', 4, entry),
  clockid: attribute('TCA_TAPRIO_ATTR_SCHED_CLOCKID', 5, s32),
  /** The schedule that takes over; the kernel's word. */
  adminSched: attribute('TCA_TAPRIO_ATTR_ADMIN_SCHED', 7, attributes(schedule, pad), { readOnly: true }),
  flags: attribute('TCA_TAPRIO_ATTR_FLAGS', 10, flags(u32, {
    txtimeAssist: ['TCA_TAPRIO_ATTR_FLAG_TXTIME_ASSIST', 0x1],
    fullOffload: ['TCA_TAPRIO_ATTR_FLAG_FULL_OFFLOAD', 0x2],
  })),
  txtimeDelay: attribute('TCA_TAPRIO_ATTR_TXTIME_DELAY', 11, u32),
  tcEntry: attribute('TCA_TAPRIO_ATTR_TC_ENTRY', 12, multi(attributes({
    index: attribute('TCA_TAPRIO_TC_ENTRY_INDEX', 1, u32),
    maxSdu: attribute('TCA_TAPRIO_TC_ENTRY_MAX_SDU', 2, u32),
    fp: attribute('TCA_TAPRIO_TC_ENTRY_FP', 3, preemption),
  }))),
}, pad);
