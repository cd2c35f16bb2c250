import type { Protocol } from '../../schema/protocol.ts';
import { linkMessage } from './message.ts';

/** The messages of this family, by type. */
export const linkMessages: Protocol['messages'] = {
  16: { cName: 'RTM_NEWLINK', message: linkMessage },
  17: { cName: 'RTM_DELLINK', message: linkMessage },
  18: { cName: 'RTM_GETLINK', message: linkMessage },
  19: { cName: 'RTM_SETLINK', message: linkMessage },
  108: { cName: 'RTM_NEWLINKPROP', message: linkMessage },
  109: { cName: 'RTM_DELLINKPROP', message: linkMessage },
  110: { cName: 'RTM_GETLINKPROP', message: linkMessage },
};
