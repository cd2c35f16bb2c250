import { formatIPv4, formatIPv6, parseIp } from '../../bytes/ip.ts';
import { formatMac, parseMac } from '../../bytes/hex.ts';
import type { Memory } from '../../bytes/memory.ts';
import { EncodeError } from '../../errors.ts';
import { multi } from '../../schema/arrays.ts';
import { attribute, attributes, padding, within } from '../../schema/attributes.ts';
import { choice } from '../../schema/choice.ts';
import { show, type Codec } from '../../schema/codec.ts';
import { sourced } from '../../schema/source.ts';
import { flags } from '../../schema/flags.ts';
import { cstring, hexadecimal, interfaceName, text } from '../../schema/leaves.ts';
import { bool8, s32, u16, u32, u8, uint } from '../../schema/numbers.ts';
import { afSpec, protinfo } from './af/index.ts';
import { linkMap } from './map.ts';
import { linkStats, linkStats32 } from './stats.ts';
import { portProfile, vfinfoList, vfPorts } from './vf.ts';
import { xdp } from './xdp.ts';

/** Types of links whose address is an IP address, written as one: `ip` does the same. */
const ipLike = new Set(['ipip', 'sit', 'gre', 'tunnel6', 'gre6']);

function readAddress(m: Memory, at: number, end: number, type: unknown): string {
  if (end - at !== 6 && ipLike.has(type as string)) {
    if (end - at === 4) return formatIPv4(m, at);
    if (end - at === 16) return formatIPv6(m, at);
  }
  return formatMac(m.bytes, at, end);
}

/** IFLA_ADDRESS: a MAC address, or the end of a tunnel. */
export const linkAddress: Codec<string> = {
  label: 'link-layer address', size: 0,
  read: sourced((m, at, end, owner) => readAddress(m, at, end, owner['type']),
    (site) => `${site.use(readAddress)}(m, ${site.at}, ${site.end}, ${site.sibling('type')})`, true),
  write(w, value, owner) {
    const [first, second] = ipLike.has(owner['type'] as string) ? [parseIp, parseMac] : [parseMac, parseIp];
    const bytes = typeof value === 'string' ? first(value) ?? second(value) : undefined;
    if (!bytes) throw new EncodeError(`must be a link-layer address like 02:42:ac:11:00:02, got ${show(value)}`);
    w.bytes(bytes);
  },
};

/** RFC 2863 */
export const operstate = choice(u8, {
  unknown: ['IF_OPER_UNKNOWN', 0],
  notpresent: ['IF_OPER_NOTPRESENT', 1],
  down: ['IF_OPER_DOWN', 2],
  lowerlayerdown: ['IF_OPER_LOWERLAYERDOWN', 3],
  testing: ['IF_OPER_TESTING', 4],
  dormant: ['IF_OPER_DORMANT', 5],
  up: ['IF_OPER_UP', 6],
});

export const linkmode = choice(u8, {
  default: ['IF_LINK_MODE_DEFAULT', 0],
  dormant: ['IF_LINK_MODE_DORMANT', 1],
  testing: ['IF_LINK_MODE_TESTING', 2],
});

/** What a listing is to hold besides the usual: RTEXT_FILTER_ of include/uapi/linux/rtnetlink.h. */
export const extMask = flags(u32, {
  vf: ['RTEXT_FILTER_VF', 0x1],
  brvlan: ['RTEXT_FILTER_BRVLAN', 0x2],
  brvlanCompressed: ['RTEXT_FILTER_BRVLAN_COMPRESSED', 0x4],
  skipStats: ['RTEXT_FILTER_SKIP_STATS', 0x8],
  mrp: ['RTEXT_FILTER_MRP', 0x10],
  cfmConfig: ['RTEXT_FILTER_CFM_CONFIG', 0x20],
  cfmStatus: ['RTEXT_FILTER_CFM_STATUS', 0x40],
  mst: ['RTEXT_FILTER_MST', 0x80],
});

/** Why a notification was sent: IFLA_EVENT_ of include/uapi/linux/if_link.h. */
const linkEvent = choice(u32, {
  none: ['IFLA_EVENT_NONE', 0],
  reboot: ['IFLA_EVENT_REBOOT', 1],
  features: ['IFLA_EVENT_FEATURES', 2],
  bondingFailover: ['IFLA_EVENT_BONDING_FAILOVER', 3],
  notifyPeers: ['IFLA_EVENT_NOTIFY_PEERS', 4],
  igmpResend: ['IFLA_EVENT_IGMP_RESEND', 5],
  bondingOptions: ['IFLA_EVENT_BONDING_OPTIONS', 6],
});

/** Where `devlink` finds the port: DEVLINK_ATTR_ of include/uapi/linux/devlink.h. */
const devlinkPort = attributes({
  busName: attribute('DEVLINK_ATTR_BUS_NAME', 1, cstring),
  devName: attribute('DEVLINK_ATTR_DEV_NAME', 2, cstring),
  portIndex: attribute('DEVLINK_ATTR_PORT_INDEX', 3, u32),
});

const readOnly = true;

/** Attributes that every link has, whatever its kind: IFLA_ of include/uapi/linux/if_link.h. */
export const common = {
  name: attribute('IFLA_IFNAME', 3, interfaceName),
  mtu: attribute('IFLA_MTU', 4, u32),
  address: attribute('IFLA_ADDRESS', 1, linkAddress),
  broadcast: attribute('IFLA_BROADCAST', 2, linkAddress),
  link: attribute('IFLA_LINK', 5, s32),
  qdisc: attribute('IFLA_QDISC', 6, cstring, { readOnly }),
  /** The counters in 32 bits, as older programs read them; `stats` has them in 64. */
  stats32: attribute('IFLA_STATS', 7, linkStats32, { readOnly }),
  master: attribute('IFLA_MASTER', 10, u32),
  protinfo: attribute('IFLA_PROTINFO', 12, protinfo),
  txqlen: attribute('IFLA_TXQLEN', 13, u32),
  map: attribute('IFLA_MAP', 14, linkMap, { readOnly }),
  weight: attribute('IFLA_WEIGHT', 15, u32, { readOnly }),
  operstate: attribute('IFLA_OPERSTATE', 16, operstate),
  linkmode: attribute('IFLA_LINKMODE', 17, linkmode),
  netnsPid: attribute('IFLA_NET_NS_PID', 19, u32),
  alias: attribute('IFLA_IFALIAS', 20, text(255)),
  numVf: attribute('IFLA_NUM_VF', 21, u32, { readOnly }),
  vfinfoList: attribute('IFLA_VFINFO_LIST', 22, vfinfoList),
  stats: attribute('IFLA_STATS64', 23, linkStats, { readOnly }),
  vfPorts: attribute('IFLA_VF_PORTS', 24, vfPorts),
  portSelf: attribute('IFLA_PORT_SELF', 25, portProfile),
  /** What address families have to say of the link: `afSpec: { inet6: { addrGenMode: 'none' } }`. */
  afSpec: attribute('IFLA_AF_SPEC', 26, afSpec),
  group: attribute('IFLA_GROUP', 27, u32),
  netnsFd: attribute('IFLA_NET_NS_FD', 28, u32),
  extMask: attribute('IFLA_EXT_MASK', 29, extMask),
  promiscuity: attribute('IFLA_PROMISCUITY', 30, u32, { readOnly }),
  numTxQueues: attribute('IFLA_NUM_TX_QUEUES', 31, u32),
  numRxQueues: attribute('IFLA_NUM_RX_QUEUES', 32, u32),
  carrier: attribute('IFLA_CARRIER', 33, bool8),
  physPortId: attribute('IFLA_PHYS_PORT_ID', 34, hexadecimal, { readOnly }),
  carrierChanges: attribute('IFLA_CARRIER_CHANGES', 35, u32, { readOnly }),
  physSwitchId: attribute('IFLA_PHYS_SWITCH_ID', 36, hexadecimal, { readOnly }),
  linkNetnsid: attribute('IFLA_LINK_NETNSID', 37, s32),
  physPortName: attribute('IFLA_PHYS_PORT_NAME', 38, cstring, { readOnly }),
  protoDown: attribute('IFLA_PROTO_DOWN', 39, bool8),
  gsoMaxSegs: attribute('IFLA_GSO_MAX_SEGS', 40, u32),
  gsoMaxSize: attribute('IFLA_GSO_MAX_SIZE', 41, u32),
  xdp: attribute('IFLA_XDP', 43, xdp),
  event: attribute('IFLA_EVENT', 44, linkEvent, { readOnly }),
  newNetnsid: attribute('IFLA_NEW_NETNSID', 45, s32, { readOnly }),
  targetNetnsid: attribute('IFLA_TARGET_NETNSID', 46, s32),
  carrierUpCount: attribute('IFLA_CARRIER_UP_COUNT', 47, u32, { readOnly }),
  carrierDownCount: attribute('IFLA_CARRIER_DOWN_COUNT', 48, u32, { readOnly }),
  newIfindex: attribute('IFLA_NEW_IFINDEX', 49, s32),
  minMtu: attribute('IFLA_MIN_MTU', 50, u32, { readOnly }),
  maxMtu: attribute('IFLA_MAX_MTU', 51, u32, { readOnly }),
  ...within('IFLA_PROP_LIST', 52, {
    altnames: attribute('IFLA_ALT_IFNAME', 53, multi(text(127))),
  }),
  /** A look-up by a name that is longer than IFNAMSIZ. */
  altname: attribute('IFLA_ALT_IFNAME', 53, text(127)),
  permAddress: attribute('IFLA_PERM_ADDRESS', 54, linkAddress, { readOnly }),
  ...within('IFLA_PROTO_DOWN_REASON', 55, {
    /** Which of the bits of `protoDownReason` are meant. */
    protoDownReasonMask: attribute('IFLA_PROTO_DOWN_REASON_MASK', 1, u32),
    /** Why the link is held down: bits that programs have agreed upon among themselves. */
    protoDownReason: attribute('IFLA_PROTO_DOWN_REASON_VALUE', 2, u32),
  }),
  parentDevName: attribute('IFLA_PARENT_DEV_NAME', 56, cstring),
  parentDevBusName: attribute('IFLA_PARENT_DEV_BUS_NAME', 57, cstring),
  groMaxSize: attribute('IFLA_GRO_MAX_SIZE', 58, u32),
  tsoMaxSize: attribute('IFLA_TSO_MAX_SIZE', 59, u32, { readOnly }),
  tsoMaxSegs: attribute('IFLA_TSO_MAX_SEGS', 60, u32, { readOnly }),
  allmulti: attribute('IFLA_ALLMULTI', 61, u32, { readOnly }),
  devlinkPort: attribute('IFLA_DEVLINK_PORT', 62, devlinkPort, { readOnly }),
  gsoIpv4MaxSize: attribute('IFLA_GSO_IPV4_MAX_SIZE', 63, u32),
  groIpv4MaxSize: attribute('IFLA_GRO_IPV4_MAX_SIZE', 64, u32),
  dpllPin: attribute('IFLA_DPLL_PIN', 65, attributes({ id: attribute('DPLL_A_ID', 1, u32) }), { readOnly }),
  /** Nanoseconds. */
  maxPacingOffloadHorizon: attribute('IFLA_MAX_PACING_OFFLOAD_HORIZON', 66, uint, { readOnly }),
  netnsImmutable: attribute('IFLA_NETNS_IMMUTABLE', 67, bool8, { readOnly }),
  headroom: attribute('IFLA_HEADROOM', 68, u16, { readOnly }),
  tailroom: attribute('IFLA_TAILROOM', 69, u16, { readOnly }),
};

/** A link without its kind, as the other end of a pair is described. */
export const commonAttributes = attributes(common, padding('IFLA_PAD', 42));
