import { attribute, attributes, padding } from '../../../../schema/attributes.ts';
import { u64 } from '../../../../schema/numbers.ts';
import { field, struct } from '../../../../schema/struct.ts';
import { actions } from '../../action/declaration.ts';
import { policeAction } from '../../action/kinds/police.ts';
import { classid } from '../../handle.ts';
import { ematches } from './ematch.ts';

/** `tc filter ... basic [match EXPRESSION] [classid C] [action ...]` */
export const basicFilter = attributes({
  classid: attribute('TCA_BASIC_CLASSID', 1, classid),
  ematches: attribute('TCA_BASIC_EMATCHES', 2, ematches),
  actions: attribute('TCA_BASIC_ACT', 3, actions),
  police: attribute('TCA_BASIC_POLICE', 4, policeAction),
  counters: attribute('TCA_BASIC_PCNT', 5, struct('tc_basic_pcnt', 16, { tried: field('rcnt', 0, u64), hit: field('rhit', 8, u64) }), { readOnly: true }),
}, padding('TCA_BASIC_PAD', 6));
