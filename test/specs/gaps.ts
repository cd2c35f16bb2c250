import type { Reasons } from './reasons.ts';

/**
 * Where our declarations and the kernel's YAML specs differ on purpose, and why. A key names one finding of the
 * comparison by its name or its whole text, or many with `*`. What is not in these tables fails the test, and so does a line that fits nothing.
 */
/** Which specs stand for which of our protocols. */
export const specsOf = {
  NETLINK_ROUTE: ['rt-link', 'rt-addr', 'rt-route', 'rt-neigh', 'rt-rule', 'tc'],
} as const;

/** Enums that a spec has and ties to no attribute: the C prefix of their words. */
export const enumPrefixes: Reasons = {
  'rt-link rtext-filter': 'RTEXT_FILTER_',
};

/** The spec errs; the kernel's headers agree with us. */
export const specsErr: Reasons = {
  IFA_F_TEMPORARY: 'one bit, two names: the first is that of IPv6',
  'rta_cacheinfo size': 'the spec leaves out the last three fields',
  RTA_SPORT: 'the kernel reads it by nla_get_be16',
  RTA_DPORT: 'the kernel reads it by nla_get_be16',
  NDA_PORT: 'the kernel reads it by nla_get_be16',
  FRA_TUN_ID: 'the kernel reads it by nla_get_be64',
};

/** We have it, the specs do not. */
export const specsLack: Reasons = {
  'rta_cacheinfo.rta_*': 'rt-route.yaml leaves out the last three fields',
  NUD_NONE: 'no bit at all has a name too',
  'RTM_*PREFIX': 'only ever announced',
  'RTM_*NDUSEROPT': 'only ever announced',
  'RTM_*CAST': 'rt-addr.yaml has the listing of multicast groups alone',
  RTM_NEWNEIGHTBL: 'rt-neigh.yaml has it as an answer alone',
  'RTM_*ADDRLABEL': 'the specs have no address labels',
  'RTM_*NETCONF': 'the specs have no netconf',
  'RTM_*MDB': 'the specs have no multicast database',
  'RTM_*NSID': 'the specs have no namespace ids',
  'RTM_*NEXTHOP': 'the specs have no nexthop objects',
  'RTM_*NEXTHOPBUCKET': 'the specs have no nexthop objects',
  'RTM_*VLAN': 'the specs have no VLANs of bridges',
  'RTM_*LINKPROP': 'rt-link.yaml has no operation for altnames',
  'IFLA_INFO_DATA veth': 'the specs have no data of this kind',
};

/** The specs have it, we do not. */
export const weLack: Reasons = {
  'rt-route route-attrs protoinfo': 'used no longer',
  'rt-route route-attrs session': 'used no longer',
  'rt-route route-attrs mp-algo': 'used no longer',
  'rt-route route-attrs pad': 'padding',
  'rt-neigh neighbour-attrs unspec': 'number 0 stands for nothing',
  'rt-rule rtgenmsg': 'a header that no operation of the spec has',
  'rt-rule fr-act _RES*': 'reserved',
};

/** The installed headers say otherwise, as the C compiler sees them. */
export const headersDiffer: Reasons = {
  'RTAX_* is *': 'the header numbers the metrics; in RTAX_LOCK each is a bit, 1 << RTAX_MTU',
  'BR_BOOLOPT_* is *': 'the header numbers the options, the mask has bits',
  'SEG6_LOCAL_FLV_OP_* is *': 'the header numbers the flavours, the mask has bits',
  'GRE_* is *': 'the header has these bits in network byte order, we have them as numbers',
  'TUNNEL_* is *': 'the header has these bits in network byte order, we have them as numbers',
  'tcmsg.tcm_info is at 18': 'of the upper half of tcm_info, the priority',
  'struct tc_fq_qd_stats has * bytes': 'it has grown with the kernel; a shorter one is read as far as it goes',
};
