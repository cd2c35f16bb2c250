import { neighMessage } from './message.ts';

/** The messages of this family, by type. */
export const neighMessages = {
  28: { cName: 'RTM_NEWNEIGH', message: neighMessage },
  29: { cName: 'RTM_DELNEIGH', message: neighMessage },
  30: { cName: 'RTM_GETNEIGH', message: neighMessage },
};
