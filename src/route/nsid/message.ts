import { attribute, attributes } from '../../schema/attributes.ts';
import { message, type Decoded } from '../../schema/message.ts';
import { s32, u32 } from '../../schema/numbers.ts';
import { field, struct } from '../../schema/struct.ts';
import { family } from '../family.ts';

/** include/uapi/linux/rtnetlink.h */
const rtgenmsg = struct('rtgenmsg', 1, {
  family: field('rtgen_family', 0, family),
});

/** NETNSA_ of include/uapi/linux/net_namespace.h */
export const nsidMessage = message('nsid', rtgenmsg, attributes({
  nsid: attribute('NETNSA_NSID', 1, s32),
  pid: attribute('NETNSA_PID', 2, u32),
  fd: attribute('NETNSA_FD', 3, u32),
  targetNsid: attribute('NETNSA_TARGET_NSID', 4, s32),
  currentNsid: attribute('NETNSA_CURRENT_NSID', 5, s32),
}));

/** The number that this namespace has for another one; with a target, that the target has, beside ours. */
export type Nsid = Omit<Decoded<typeof nsidMessage>, 'pid' | 'fd' | 'targetNsid' | 'nsid'> & { nsid: number };

export const RTM_NEWNSID = 88, RTM_DELNSID = 89, RTM_GETNSID = 90;

/** The messages of this family, by type. */
export const nsidMessages = {
  [RTM_NEWNSID]: { cName: 'RTM_NEWNSID', message: nsidMessage },
  [RTM_DELNSID]: { cName: 'RTM_DELNSID', message: nsidMessage },
  [RTM_GETNSID]: { cName: 'RTM_GETNSID', message: nsidMessage },
};
