import { attribute, attributes } from '../../../../schema/attributes.ts';
import { actions } from '../../action/declaration.ts';
import { policeAction } from '../../action/kinds/police.ts';
import { ematches } from './ematch.ts';

/** `tc filter ... cgroup [match EXPRESSION] [action ...]`: the class that net_cls.classid of the sender's cgroup names. */
export const cgroupFilter = attributes({
  actions: attribute('TCA_CGROUP_ACT', 1, actions),
  police: attribute('TCA_CGROUP_POLICE', 2, policeAction),
  ematches: attribute('TCA_CGROUP_EMATCHES', 3, ematches),
});
