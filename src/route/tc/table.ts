import { actionMessage } from './action/message.ts';
import { chainMessage, classMessage, filterMessage, qdiscMessage } from './message.ts';

/** The messages of traffic control, by type. */
export const tcMessages = {
  36: { cName: 'RTM_NEWQDISC', message: qdiscMessage },
  37: { cName: 'RTM_DELQDISC', message: qdiscMessage },
  38: { cName: 'RTM_GETQDISC', message: qdiscMessage },
  40: { cName: 'RTM_NEWTCLASS', message: classMessage },
  41: { cName: 'RTM_DELTCLASS', message: classMessage },
  42: { cName: 'RTM_GETTCLASS', message: classMessage },
  44: { cName: 'RTM_NEWTFILTER', message: filterMessage },
  45: { cName: 'RTM_DELTFILTER', message: filterMessage },
  46: { cName: 'RTM_GETTFILTER', message: filterMessage },
  48: { cName: 'RTM_NEWACTION', message: actionMessage },
  49: { cName: 'RTM_DELACTION', message: actionMessage },
  50: { cName: 'RTM_GETACTION', message: actionMessage },
  100: { cName: 'RTM_NEWCHAIN', message: chainMessage },
  101: { cName: 'RTM_DELCHAIN', message: chainMessage },
  102: { cName: 'RTM_GETCHAIN', message: chainMessage },
};
