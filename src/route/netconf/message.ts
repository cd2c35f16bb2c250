import { attribute, attributes } from '../../schema/attributes.ts';
import { choice } from '../../schema/choice.ts';
import { message, type Decoded } from '../../schema/message.ts';
import { s32 } from '../../schema/numbers.ts';
import { field, struct } from '../../schema/struct.ts';
import { family } from '../family.ts';

/** `struct netconfmsg` of include/uapi/linux/netconf.h */
const netconfmsg = struct('netconfmsg', 1, { family: field('ncm_family', 0, family) });

/** What RTM_NEWNETCONF, RTM_DELNETCONF and RTM_GETNETCONF carry: NETCONFA_ of include/uapi/linux/netconf.h. */
export const netconfMessage = message('netconf', netconfmsg, attributes({
  /** A link, `all` of them, or the `default` for new ones. */
  index: attribute('NETCONFA_IFINDEX', 1, choice(s32, {
    all: ['NETCONFA_IFINDEX_ALL', -1],
    default: ['NETCONFA_IFINDEX_DEFAULT', -2],
  }), { always: true }),
  forwarding: attribute('NETCONFA_FORWARDING', 2, s32),
  rpFilter: attribute('NETCONFA_RP_FILTER', 3, choice(s32, { off: ['off', 0], strict: ['strict', 1], loose: ['loose', 2] })),
  mcForwarding: attribute('NETCONFA_MC_FORWARDING', 4, s32),
  proxyNeigh: attribute('NETCONFA_PROXY_NEIGH', 5, s32),
  ignoreRoutesWithLinkdown: attribute('NETCONFA_IGNORE_ROUTES_WITH_LINKDOWN', 6, s32),
  input: attribute('NETCONFA_INPUT', 7, s32),
  bcForwarding: attribute('NETCONFA_BC_FORWARDING', 8, s32),
  forceForwarding: attribute('NETCONFA_FORCE_FORWARDING', 9, s32),
}));

/** Settings of a protocol on a link, as they stand in /proc/sys/net/ipv4/conf and its like. */
export type Netconf = Decoded<typeof netconfMessage>;

/** The messages of this family, by type. */
export const netconfMessages = {
  80: { cName: 'RTM_NEWNETCONF', message: netconfMessage },
  81: { cName: 'RTM_DELNETCONF', message: netconfMessage },
  82: { cName: 'RTM_GETNETCONF', message: netconfMessage },
};
