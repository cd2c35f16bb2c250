import { get32, set32 } from '../../bytes/memory.ts';
import { choice } from '../../schema/choice.ts';
import type { Codec } from '../../schema/codec.ts';
import { sourced } from '../../schema/source.ts';
import { flags, type Flags } from '../../schema/flags.ts';
import { s32, u16, u32 } from '../../schema/numbers.ts';
import { field, struct } from '../../schema/struct.ts';
import { family } from '../family.ts';

/** include/uapi/linux/if.h */
const bits = flags(u32, {
  up: ['IFF_UP', 0x1],
  broadcast: ['IFF_BROADCAST', 0x2],
  debug: ['IFF_DEBUG', 0x4],
  loopback: ['IFF_LOOPBACK', 0x8],
  pointToPoint: ['IFF_POINTOPOINT', 0x10],
  noTrailers: ['IFF_NOTRAILERS', 0x20],
  running: ['IFF_RUNNING', 0x40],
  noArp: ['IFF_NOARP', 0x80],
  promisc: ['IFF_PROMISC', 0x100],
  allMulti: ['IFF_ALLMULTI', 0x200],
  master: ['IFF_MASTER', 0x400],
  slave: ['IFF_SLAVE', 0x800],
  multicast: ['IFF_MULTICAST', 0x1000],
  portsel: ['IFF_PORTSEL', 0x2000],
  automedia: ['IFF_AUTOMEDIA', 0x4000],
  dynamic: ['IFF_DYNAMIC', 0x8000],
  lowerUp: ['IFF_LOWER_UP', 0x10000],
  dormant: ['IFF_DORMANT', 0x20000],
  echo: ['IFF_ECHO', 0x40000],
});

export type LinkFlags = Flags<typeof bits.names>;
export const linkFlagNames = bits.names;

/**
 * `ifi_flags` and `ifi_change` behind it as one: flags that are spoken of, true or false, are changed, the others are
 * left as they are.
 */
const flagsAndChange: Codec<LinkFlags> = {
  label: 'flags and change mask', size: 8,
  read: sourced((m, at) => bits.toNames(get32(m, at)), (site) => `${site.use(bits.toNames)}(${site.u32(0)})`),
  write(w, value) {
    const flags = bits.toNumber(value), change = bits.toMask(value), at = w.take(8);
    set32(w.memory, at, flags);
    set32(w.memory, at + 4, change);
  },
  show: (value) => bits.show!(value),
};

/** include/uapi/linux/if_arp.h: what sort of hardware it is, or is taken for. */
export const linkType = choice(u16, {
  netrom: ['ARPHRD_NETROM', 0],
  ether: ['ARPHRD_ETHER', 1],
  infiniband: ['ARPHRD_INFINIBAND', 32],
  can: ['ARPHRD_CAN', 280],
  ppp: ['ARPHRD_PPP', 512],
  rawip: ['ARPHRD_RAWIP', 519],
  ipip: ['ARPHRD_TUNNEL', 768],
  tunnel6: ['ARPHRD_TUNNEL6', 769],
  loopback: ['ARPHRD_LOOPBACK', 772],
  sit: ['ARPHRD_SIT', 776],
  gre: ['ARPHRD_IPGRE', 778],
  ieee80211: ['ARPHRD_IEEE80211', 801],
  phonet: ['ARPHRD_PHONET', 820],
  gre6: ['ARPHRD_IP6GRE', 823],
  netlink: ['ARPHRD_NETLINK', 824],
  sixlowpan: ['ARPHRD_6LOWPAN', 825],
  vsockmon: ['ARPHRD_VSOCKMON', 826],
  void: ['ARPHRD_VOID', 0xffff],
  none: ['ARPHRD_NONE', 0xfffe],
});

/**
 * `struct ifinfomsg` of include/uapi/linux/rtnetlink.h:
 *
 *      0        1     2      4       8       12
 *      +--------+-----+------+-------+-------+--------+
 *      | family | pad | type | index | flags | change |
 *      +--------+-----+------+-------+-------+--------+
 */
export const ifinfomsg = struct('ifinfomsg', 16, {
  family: field('ifi_family', 0, family),
  type: field('ifi_type', 2, linkType),
  index: field('ifi_index', 4, s32),
  flags: field('ifi_flags', 8, flagsAndChange),
});
