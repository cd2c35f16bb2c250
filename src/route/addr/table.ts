import { addrMessage, addrWire } from './message.ts';

/** The messages of this family, by type. */
export const addrMessages = {
  20: { cName: 'RTM_NEWADDR', message: addrMessage },
  21: { cName: 'RTM_DELADDR', message: addrMessage },
  22: { cName: 'RTM_GETADDR', message: addrMessage },
  56: { cName: 'RTM_NEWMULTICAST', message: addrWire },
  57: { cName: 'RTM_DELMULTICAST', message: addrWire },
  58: { cName: 'RTM_GETMULTICAST', message: addrWire },
  60: { cName: 'RTM_NEWANYCAST', message: addrWire },
  61: { cName: 'RTM_DELANYCAST', message: addrWire },
  62: { cName: 'RTM_GETANYCAST', message: addrWire },
};
