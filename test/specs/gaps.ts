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
  'rt-link ipv6-devconf': 'DEVCONF_',
  'rt-link vlan-flags': 'VLAN_FLAG_',
};

const newer = 'newer than the specs';
const network = 'the kernel reads and writes it in network byte order';
const host = 'the kernel reads it in host byte order, and so does it stand on the wire';
const word = 'the spec has another word';
const byFamily = 'what it holds depends on the family of the message';
const otherRequest = 'what RTM_GETSTATS and RTM_SETSTATS carry has numbers of its own';
const ratespec = 'the spec has overhead, cell_align and mpu of struct tc_ratespec in one byte each; they have two';

/** The spec errs, or says it in other words; the kernel's headers agree with us. */
export const specsErr: Reasons = {
  IFA_F_TEMPORARY: 'one bit, two names: the first is that of IPv6',
  'rta_cacheinfo size': 'the spec leaves out the last three fields',
  RTA_SPORT: network, RTA_DPORT: network, NDA_PORT: network, FRA_TUN_ID: network, IFLA_BR_VLAN_PROTOCOL: network,
  IFLA_GRE_IFLAGS: network, IFLA_GRE_OFLAGS: network, IFLA_GRE_IKEY: network, IFLA_GRE_OKEY: network, IFLA_GRE_FLOWINFO: network,
  'IFLA_GRE_ENCAP_*PORT': network, IFLA_IPTUN_FLOWINFO: network, 'IFLA_IPTUN_ENCAP_*PORT': network, IFLA_VTI_IKEY: network,
  IFLA_VTI_OKEY: network, TCA_VLAN_PUSH_VLAN_PROTOCOL: network, TCA_FLOWER_KEY_ENC_OPT_GENEVE_CLASS: network,
  TCA_FLOWER_KEY_ENC_OPT_ERSPAN_INDEX: network,
  TCA_FLOWER_KEY_VLAN_ID: host, TCA_FLOWER_KEY_CVLAN_ID: host, TCA_FLOWER_KEY_MPLS_LABEL: host, IFLA_IPTUN_FLAGS: host,
  TCA_TUNNEL_KEY_ENC_KEY_ID: 'NLA_U32 in the kernel, which makes 64 bits of it inside',
  'IFLA_BRPORT_* is a flag in rt-link, here bool8': 'NLA_U8 in the kernel, which answers 0 or 1',
  IFLA_PROTINFO: byFamily, IFLA_BRIDGE_VLAN_INFO: byFamily,
  'NETKIT_*': word, 'OVPN_MODE_*': word, TCA_CLS_FLAGS_NOT_IN_HW: word, 'TCA_FLOWER_KEY_FLAGS_*': word,
  IFLA_VF_PORTS: 'an array of IFLA_VF_PORT, of which the spec tells nothing',
  IFLA_STATS_GET_FILTERS: otherRequest, IFLA_STATS_SET_OFFLOAD_XSTATS_L3_STATS: otherRequest,
  IFLA_OFFLOAD_XSTATS_HW_S_INFO: 'its index is IFLA_OFFLOAD_XSTATS_L3_STATS, so it is a name',
  'TCA_TAPRIO_ATTR_TC_ENTRY multi': 'one for each traffic class',
  'TCA_ETS_QUANTA_BAND multi': 'repeated in the nest of a qdisc, once in a class',
  'TCA_FLOWER_KEY_ENC_OPTS_GENEVE multi': 'one for each option of the header',
  TCA_FLOWER_KEY_MPLS_OPTS_LSE: 'the entries of the stack lie in nests, which the spec leaves out',
  DEVCONF_FORCE_FORWARDING: newer,
  'tc_*.cell_align': ratespec,
  TCA_STATS_APP: 'no action has counters of its own',
  TCA_TAPRIO_PAD: 'the one number of its enum without ATTR in its name',
};

const noData = 'the specs have no data of this kind';
const noNexthop = 'the specs have no nexthop objects';
const noCounters = 'the specs have no counters of this kind';

/** We have it, the specs do not. */
export const specsLack: Reasons = {
  'rta_cacheinfo.rta_*': 'rt-route.yaml leaves out the last three fields',
  NUD_NONE: 'no bit at all has a name too', 'IFLA_*STATS_UNSPEC': 'number 0 is padding here',
  'RTM_*PREFIX': 'only ever announced', 'RTM_*NDUSEROPT': 'only ever announced',
  'RTM_*CAST': 'rt-addr.yaml has the listing of multicast groups alone',
  'RTM_*ADDRLABEL': 'the specs have no address labels', 'RTM_*NETCONF': 'the specs have no netconf',
  'RTM_*MDB': 'the specs have no multicast database', 'RTM_*NSID': 'the specs have no namespace ids',
  'RTM_*NEXTHOP': noNexthop, 'RTM_*NEXTHOPBUCKET': noNexthop,
  'RTM_*VLAN': 'the specs have no VLANs of bridges', 'RTM_*LINKPROP': 'rt-link.yaml has no operation for altnames',
  'RTM_*ACTION': 'tc.yaml has actions as parts of filters alone', RTM_SETSTATS: 'rt-link.yaml has the question alone',
  'IFLA_INFO_DATA *': noData, 'IFLA_INFO_SLAVE_DATA *': noData,
  'TCA_OPTIONS noqueue': 'it has none', 'TCA_OPTIONS mqprio *': 'tc.yaml has its struct alone',
  'TCA_OPTIONS hfsc': 'tc.yaml has those of the qdisc, these are those of a class',
  'TCA_XSTATS *': noCounters, 'TCA_STATS_APP *': noCounters,
  'IFLA_PROTO_DOWN_REASON *': 'rt-link.yaml has the name alone', 'IFLA_PORT_*': 'rt-link.yaml has the name alone',
  'IFLA_BRIDGE_*': byFamily,
  IFLA_BOND_BROADCAST_NEIGH: newer, IFLA_BOND_LACP_STRICT: newer, 'IFLA_BOND_SLAVE_A*': newer, IFLA_BR_STP_MODE: newer,
  IFLA_BRPORT_NEIGH_FORWARD_GRAT: newer, 'IFLA_GENEVE_*': newer, IFLA_NETKIT_PAIRING: newer, IFLA_HEADROOM: newer,
  IFLA_TAILROOM: newer, DEVCONF_ACCEPT_RA_MIN_LFT: newer, TCA_FQ_OFFLOAD_HORIZON: newer, TCA_FLOWER_KEY_ENC_OPTS_PFCP: newer,
  'tc_*.mpu': ratespec,
};

const unused = 'used no longer';
const text = 'we have it as text';
const counters = 'counters whose number and order differ between kernels: an array of numbers';
const otherKind = 'not of this kind; the kernel skips it';
const noKind = 'a kind whose options are bytes here';

/** The specs have it, we do not. */
export const weLack: Reasons = {
  'rt-route route-attrs protoinfo': unused, 'rt-route route-attrs session': unused, 'rt-route route-attrs mp-algo': unused,
  'rt-link link-attrs cost': unused, 'rt-link link-attrs priority': unused, 'rt-link link-attrs wireless': unused,
  'rt-link ifla6-attrs mcast': unused, 'rt-rule fib-rule-attrs unused*': unused,
  'rt-neigh neighbour-attrs unspec': 'number 0 stands for nothing',
  'rt-rule rtgenmsg': 'a header that no operation of the spec has', 'rt-link rtgenmsg': 'a header that no operation of the spec has',
  'rt-rule fr-act _RES*': 'reserved',
  'rt-link linkinfo-gre-attrs *': otherKind, 'rt-link linkinfo-gre6-attrs erspan-*': 'of ip6erspan, which has them',
  'rt-link linkinfo-iptun-attrs *': 'of ip6tnl, which has them',
  'rt-link vf-ports-attrs': 'empty in the spec', 'rt-link hw-s-info-one': 'see IFLA_OFFLOAD_XSTATS_HW_S_INFO',
  'rt-link ifinfo-flags': 'its words are not those of linux/if.h, which ours are',
  'rt-link ifla-bridge-id': text, 'rt-link br-boolopt-multi': 'a mask and values are one object here', 'rt-link ifla-vlan-flags': 'a mask and values are one object here',
  'rt-link ipv4-devconf': 'the spec counts from 0, the kernel from 1', 'rt-link ifla-icmp6-stats': counters, 'rt-link ifla-inet6-stats': counters,
  'tc act-pedit-attrs key-ex': 'the element of TCA_PEDIT_KEYS_EX', 'tc flower-key-mpls-opt-attrs *': 'see TCA_FLOWER_KEY_MPLS_OPTS_LSE',
  'tc hfsc-attrs': 'of a class, which the spec ties to nothing', 'tc tc-u32-pcnt kcnts': 'one number for each key, behind the struct',
  'tc *choke*': noKind, 'tc *dualpi2*': noKind, 'tc *gred*': noKind, 'tc *sfb*': noKind, 'tc act-*gate*': noKind, 'tc act-*ife*': noKind,
};

/** The installed headers say otherwise, as the C compiler sees them. */
export const headersDiffer: Reasons = {
  'RTAX_* is *': 'the header numbers the metrics; in RTAX_LOCK each is a bit, 1 << RTAX_MTU',
  'IFLA_STATS_LINK_XSTATS_SLAVE is 4': 'the number in the mask of what is asked for',
  'IFLA_STATS_LINK_OFFLOAD_XSTATS is 8': 'the number in the mask of what is asked for',
  'IFLA_STATS_AF_SPEC is 16': 'the number in the mask of what is asked for',
  'IFLA_OFFLOAD_XSTATS_L3_STATS is 4': 'the number in the mask of what is asked for',
  'BR_BOOLOPT_* is *': 'the header numbers the options, the mask has bits',
  'SEG6_LOCAL_FLV_OP_* is *': 'the header numbers the flavours, the mask has bits',
  'GRE_* is *': 'the header has these bits in network byte order, we have them as numbers',
  'TUNNEL_* is *': 'the header has these bits in network byte order, we have them as numbers',
  'tcmsg.tcm_info is at 18': 'of the upper half of tcm_info, the priority',
  'struct tc_fq_qd_stats has * bytes': 'it has grown with the kernel; a shorter one is read as far as it goes',
};
