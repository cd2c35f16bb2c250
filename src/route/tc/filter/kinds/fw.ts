import { attribute, attributes } from '../../../../schema/attributes.ts';
import { interfaceName } from '../../../../schema/leaves.ts';
import { u32 } from '../../../../schema/numbers.ts';
import { actions } from '../../action/declaration.ts';
import { policeAction } from '../../action/kinds/police.ts';
import { classid } from '../../handle.ts';

/** `tc filter ... handle MARK[/MASK] fw [classid C] [indev DEV] [action ...]`: the handle is the packet's mark. */
export const fwFilter = attributes({
  classid: attribute('TCA_FW_CLASSID', 1, classid),
  police: attribute('TCA_FW_POLICE', 2, policeAction),
  indev: attribute('TCA_FW_INDEV', 3, interfaceName),
  actions: attribute('TCA_FW_ACT', 4, actions),
  mask: attribute('TCA_FW_MASK', 5, u32),
});
