import { nduseroptMessage } from './nduseropt.ts';
import { prefixMessage } from './prefix.ts';

/** Messages that the kernel only announces, by type. */
export const announcedMessages = {
  52: { cName: 'RTM_NEWPREFIX', message: prefixMessage },
  68: { cName: 'RTM_NEWNDUSEROPT', message: nduseroptMessage },
};
