import { attribute, attributes, padding } from '../../../../schema/attributes.ts';
import { u64 } from '../../../../schema/numbers.ts';
import { field, struct } from '../../../../schema/struct.ts';
import { actions } from '../../action/declaration.ts';
import { classid } from '../../handle.ts';
import { filterFlags } from './flags.ts';

/** `tc filter ... matchall [classid C] [skip_hw | skip_sw] [action ...]` */
export const matchallFilter = attributes({
  classid: attribute('TCA_MATCHALL_CLASSID', 1, classid),
  actions: attribute('TCA_MATCHALL_ACT', 2, actions),
  flags: attribute('TCA_MATCHALL_FLAGS', 3, filterFlags),
  counters: attribute('TCA_MATCHALL_PCNT', 4, struct('tc_matchall_pcnt', 8, { hit: field('rhit', 0, u64) }), { readOnly: true }),
}, padding('TCA_MATCHALL_PAD', 5));
