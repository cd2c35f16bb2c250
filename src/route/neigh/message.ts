import { attribute, attributes } from '../../schema/attributes.ts';
import { choice } from '../../schema/choice.ts';
import { ip, mac } from '../../schema/leaves.ts';
import { message, type Decoded } from '../../schema/message.ts';
import { be16, clockTicks, s32, u16, u32, u8 } from '../../schema/numbers.ts';
import { flag } from '../../schema/leaves.ts';
import { field, struct } from '../../schema/struct.ts';
import type { LinkRef } from '../link/message.ts';
import { routeProtocolName } from '../route/header.ts';
import { ndmsg, neighFlagsExt } from './header.ts';

/** `struct nda_cacheinfo`: seconds since the entry was confirmed, used and changed. */
const cacheinfo = struct('nda_cacheinfo', 16, {
  confirmed: field('ndm_confirmed', 0, clockTicks),
  used: field('ndm_used', 4, clockTicks),
  updated: field('ndm_updated', 8, clockTicks),
  refcnt: field('ndm_refcnt', 12, u32),
});

const readOnly = true;

/**
 * What RTM_NEWNEIGH, RTM_DELNEIGH and RTM_GETNEIGH carry: NDA_ of include/uapi/linux/neighbour.h. Neighbours of IPv4
 * and IPv6 and, with the family `bridge`, entries of a forwarding table.
 */
export const neighMessage = message('neigh', ndmsg, attributes({
  /** The neighbour's address; in a vxlan's table, the host behind which the link-layer address is. */
  dst: attribute('NDA_DST', 1, ip),
  lladdr: attribute('NDA_LLADDR', 2, mac),
  cacheinfo: attribute('NDA_CACHEINFO', 3, cacheinfo, { readOnly }),
  probes: attribute('NDA_PROBES', 4, u32, { readOnly }),
  vlan: attribute('NDA_VLAN', 5, u16),
  port: attribute('NDA_PORT', 6, be16),
  vni: attribute('NDA_VNI', 7, u32),
  /** The link that a vxlan sends by; in a request for a listing, the link that is asked about. */
  via: attribute('NDA_IFINDEX', 8, u32),
  master: attribute('NDA_MASTER', 9, u32),
  linkNetnsid: attribute('NDA_LINK_NETNSID', 10, s32, { readOnly }),
  srcVni: attribute('NDA_SRC_VNI', 11, u32),
  protocol: attribute('NDA_PROTOCOL', 12, routeProtocolName),
  nhid: attribute('NDA_NH_ID', 13, u32),
  fdbExt: attribute('NDA_FDB_EXT_ATTRS', 14, attributes({
    activityNotify: attribute('NFEA_ACTIVITY_NOTIFY', 1, choice(u8, {
      off: ['FDB_NOTIFY_NONE', 0],
      active: ['FDB_NOTIFY_BIT', 1],
      inactive: ['FDB_NOTIFY_INACTIVE_BIT', 2],
      both: ['FDB_NOTIFY_BIT|FDB_NOTIFY_INACTIVE_BIT', 3],
    })),
    dontRefresh: attribute('NFEA_DONT_REFRESH', 2, flag),
  })),
  flagsExt: attribute('NDA_FLAGS_EXT', 15, neighFlagsExt),
  stateMask: attribute('NDA_NDM_STATE_MASK', 16, u16),
  flagsMask: attribute('NDA_NDM_FLAGS_MASK', 17, u8),
}));

type Wire = Omit<Decoded<typeof neighMessage>, 'stateMask' | 'flagsMask'>;

/** An entry as the kernel reports it: a neighbour, or with the family `bridge` a link-layer address behind a port. */
export type Neigh = Wire;

/** An entry to be made, its link given by name, index or object. What was listed has it as `index`. */
export type NeighInput = { [K in keyof Omit<Wire, 'via' | 'master'>]?: Wire[K] | undefined } & {
  dev?: LinkRef | undefined;
  via?: LinkRef | undefined;
  master?: number | undefined;
};
