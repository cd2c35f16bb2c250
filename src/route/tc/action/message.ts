import { attribute, attributes } from '../../../schema/attributes.ts';
import { cstring } from '../../../schema/leaves.ts';
import { masked } from '../../../schema/masked.ts';
import { message } from '../../../schema/message.ts';
import { u32 } from '../../../schema/numbers.ts';
import { field, struct } from '../../../schema/struct.ts';
import { family } from '../../family.ts';
import { actions } from './declaration.ts';

/** `struct tcamsg` and TCA_ROOT_ of include/uapi/linux/rtnetlink.h: actions by themselves, many in a message. */
export const actionMessage = message('action', struct('tcamsg', 4, { family: field('tca_family', 0, family) }), attributes({
  actions: attribute('TCA_ROOT_TAB', 1, actions),
  flags: attribute('TCA_ROOT_FLAGS', 2, masked({
    /** More than 32 actions in a message. */
    largeDump: ['TCA_ACT_FLAG_LARGE_DUMP_ON', 0x1],
    terseDump: ['TCA_ACT_FLAG_TERSE_DUMP', 0x2],
  })),
  count: attribute('TCA_ROOT_COUNT', 3, u32, { readOnly: true }),
  /** Only actions that were used in so many milliseconds. */
  timeDelta: attribute('TCA_ROOT_TIME_DELTA', 4, u32),
  warning: attribute('TCA_ROOT_EXT_WARN_MSG', 5, cstring, { readOnly: true }),
}));
