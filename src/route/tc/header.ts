import { littleEndian } from '../../bytes/memory.ts';
import { choice } from '../../schema/choice.ts';
import { be16, s32, u16, u32 } from '../../schema/numbers.ts';
import { field, struct } from '../../schema/struct.ts';
import { family } from '../family.ts';
import { filterHandle, filterParent, handle, qdiscParent } from './handle.ts';

/** Ethertypes by the words of `tc`: ETH_P_ of include/uapi/linux/if_ether.h. */
export const ethertype = choice(be16, {
  all: ['ETH_P_ALL', 0x0003],
  ip: ['ETH_P_IP', 0x0800],
  arp: ['ETH_P_ARP', 0x0806],
  rarp: ['ETH_P_RARP', 0x8035],
  '802.1Q': ['ETH_P_8021Q', 0x8100],
  ipv6: ['ETH_P_IPV6', 0x86dd],
  mpls_uc: ['ETH_P_MPLS_UC', 0x8847],
  mpls_mc: ['ETH_P_MPLS_MC', 0x8848],
  ppp_disc: ['ETH_P_PPP_DISC', 0x8863],
  ppp_ses: ['ETH_P_PPP_SES', 0x8864],
  '802.1ad': ['ETH_P_8021AD', 0x88a8],
  ptp: ['ETH_P_1588', 0x88f7],
  lldp: ['ETH_P_LLDP', 0x88cc],
  cfm: ['ETH_P_CFM', 0x8902],
});

export type Ethertype = ReturnType<typeof ethertype.toName>;

const common = {
  family: field('tcm_family', 0, family),
  index: field('tcm_ifindex', 4, s32),
};

/**
 * `struct tcmsg` of include/uapi/linux/rtnetlink.h; the last number differs in meaning.
 *
 *      0        1     4         8        12       16
 *      +--------+-----+---------+--------+--------+------+
 *      | family | pad | ifindex | handle | parent | info |
 *      +--------+-----+---------+--------+--------+------+
 */
export const qdiscHeader = struct('tcmsg', 20, {
  ...common,
  handle: field('tcm_handle', 8, handle),
  parent: field('tcm_parent', 12, qdiscParent),
  /** How many share it: a qdisc of several queues. */
  refcnt: field('tcm_info', 16, u32),
});

export const classHeader = struct('tcmsg', 20, {
  ...common,
  handle: field('tcm_handle', 8, handle),
  parent: field('tcm_parent', 12, qdiscParent),
  /** The qdisc in the class. */
  leaf: field('tcm_info', 16, handle),
});

/** `tcm_info` of a filter: the priority above, the ethertype below in network byte order. */
export const filterHeader = struct('tcmsg', 20, {
  ...common,
  handle: field('tcm_handle', 8, filterHandle),
  parent: field('tcm_parent', 12, filterParent),
  protocol: field('tcm_info', littleEndian ? 16 : 18, ethertype),
  prio: field('tcm_info', littleEndian ? 18 : 16, u16),
});

/** Of a chain, only where it is. */
export const chainHeader = struct('tcmsg', 20, { ...common, parent: field('tcm_parent', 12, filterParent) });
