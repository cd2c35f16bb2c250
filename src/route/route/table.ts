import { routeMessage } from './message.ts';

/** The messages of this family, by type. */
export const routeMessages = {
  24: { cName: 'RTM_NEWROUTE', message: routeMessage },
  25: { cName: 'RTM_DELROUTE', message: routeMessage },
  26: { cName: 'RTM_GETROUTE', message: routeMessage },
};
