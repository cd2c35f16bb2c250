import { attribute, attributes } from '../../../../schema/attributes.ts';
import { u32 } from '../../../../schema/numbers.ts';
import { actions } from '../../action/declaration.ts';
import { policeAction } from '../../action/kinds/police.ts';
import { classid } from '../../handle.ts';

/** `tc filter ... route [from REALM | fromif DEV] [to REALM] [classid C] [action ...]`: by the realms of the packet's route. */
export const routeFilter = attributes({
  classid: attribute('TCA_ROUTE4_CLASSID', 1, classid),
  to: attribute('TCA_ROUTE4_TO', 2, u32),
  from: attribute('TCA_ROUTE4_FROM', 3, u32),
  /** The index of the link that the packet came in by. */
  fromif: attribute('TCA_ROUTE4_IIF', 4, u32),
  police: attribute('TCA_ROUTE4_POLICE', 5, policeAction),
  actions: attribute('TCA_ROUTE4_ACT', 6, actions),
});
