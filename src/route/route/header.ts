import { choice, type Choice } from '../../schema/choice.ts';
import type { Codec } from '../../schema/codec.ts';
import { sourced } from '../../schema/source.ts';
import { flags } from '../../schema/flags.ts';
import { u32, u8 } from '../../schema/numbers.ts';
import { field, hidden, struct } from '../../schema/struct.ts';
import { scope } from '../addr/header.ts';
import { family } from '../family.ts';

/** RTN_ of include/uapi/linux/rtnetlink.h: what becomes of the packets. */
export const routeType = choice(u8, {
  unspec: ['RTN_UNSPEC', 0],
  unicast: ['RTN_UNICAST', 1],
  local: ['RTN_LOCAL', 2],
  broadcast: ['RTN_BROADCAST', 3],
  anycast: ['RTN_ANYCAST', 4],
  multicast: ['RTN_MULTICAST', 5],
  blackhole: ['RTN_BLACKHOLE', 6],
  unreachable: ['RTN_UNREACHABLE', 7],
  prohibit: ['RTN_PROHIBIT', 8],
  throw: ['RTN_THROW', 9],
  nat: ['RTN_NAT', 10],
  xresolve: ['RTN_XRESOLVE', 11],
});

/** RTPROT_: who set it. The kernel passes on the numbers above 4 as they are. */
export const routeProtocolName = choice(u8, {
  unspec: ['RTPROT_UNSPEC', 0],
  redirect: ['RTPROT_REDIRECT', 1],
  kernel: ['RTPROT_KERNEL', 2],
  boot: ['RTPROT_BOOT', 3],
  static: ['RTPROT_STATIC', 4],
  gated: ['RTPROT_GATED', 8],
  ra: ['RTPROT_RA', 9],
  mrt: ['RTPROT_MRT', 10],
  zebra: ['RTPROT_ZEBRA', 11],
  bird: ['RTPROT_BIRD', 12],
  dnrouted: ['RTPROT_DNROUTED', 13],
  xorp: ['RTPROT_XORP', 14],
  ntk: ['RTPROT_NTK', 15],
  dhcp: ['RTPROT_DHCP', 16],
  mrouted: ['RTPROT_MROUTED', 17],
  keepalived: ['RTPROT_KEEPALIVED', 18],
  babel: ['RTPROT_BABEL', 42],
  ovn: ['RTPROT_OVN', 84],
  openr: ['RTPROT_OPENR', 99],
  bgp: ['RTPROT_BGP', 186],
  isis: ['RTPROT_ISIS', 187],
  ospf: ['RTPROT_OSPF', 188],
  rip: ['RTPROT_RIP', 189],
  eigrp: ['RTPROT_EIGRP', 192],
});

const tables = {
  unspec: ['RT_TABLE_UNSPEC', 0],
  default: ['RT_TABLE_DEFAULT', 253],
  main: ['RT_TABLE_MAIN', 254],
  local: ['RT_TABLE_LOCAL', 255],
} as const;

/** RTA_TABLE and FRA_TABLE: a table by name or number. */
export const table = choice(u32, tables);
export type Table = Choice<typeof tables>;

/** RT_TABLE_COMPAT: the header's byte does not hold the table's number, the attribute does. */
const compat = 252;

/** The table in the header, where it fits. */
export const tableByte: Codec<Table> = {
  label: 'u8', size: 1,
  read: sourced((m, at) => table.toName(m.bytes[at]!), (site) => `${site.use(table.toName)}(${site.u8(0)})`),
  write(w, value) {
    const number = table.toNumber(value);
    w.u8(number > 0xff ? compat : number);
  },
  show: (value) => table.show!(value),
};

/** RTM_F_ and RTNH_F_ together, as they share the field. */
export const routeFlags = flags(u32, {
  dead: ['RTNH_F_DEAD', 0x1],
  pervasive: ['RTNH_F_PERVASIVE', 0x2],
  onlink: ['RTNH_F_ONLINK', 0x4],
  offload: ['RTNH_F_OFFLOAD', 0x8],
  linkdown: ['RTNH_F_LINKDOWN', 0x10],
  unresolved: ['RTNH_F_UNRESOLVED', 0x20],
  trap: ['RTNH_F_TRAP', 0x40],
  notify: ['RTM_F_NOTIFY', 0x100],
  cloned: ['RTM_F_CLONED', 0x200],
  equalize: ['RTM_F_EQUALIZE', 0x400],
  prefix: ['RTM_F_PREFIX', 0x800],
  lookupTable: ['RTM_F_LOOKUP_TABLE', 0x1000],
  fibMatch: ['RTM_F_FIB_MATCH', 0x2000],
  rtOffload: ['RTM_F_OFFLOAD', 0x4000],
  rtTrap: ['RTM_F_TRAP', 0x8000],
  rtOffloadFailed: ['RTM_F_OFFLOAD_FAILED', 0x20000000],
});

/** Where the lengths of the prefixes stand in the header. */
export const dstLengthAt = 1, srcLengthAt = 2;

/**
 * `struct rtmsg` of include/uapi/linux/rtnetlink.h:
 *
 *      0        1         2         3     4       5          6       7      8       12
 *      +--------+---------+---------+-----+-------+----------+-------+------+-------+
 *      | family | dst_len | src_len | tos | table | protocol | scope | type | flags |
 *      +--------+---------+---------+-----+-------+----------+-------+------+-------+
 */
export const rtmsg = struct('rtmsg', 12, {
  family: field('rtm_family', 0, family),
  dstLength: hidden('rtm_dst_len', dstLengthAt, u8),
  srcLength: hidden('rtm_src_len', srcLengthAt, u8),
  tos: field('rtm_tos', 3, u8),
  table: field('rtm_table', 4, tableByte),
  protocol: field('rtm_protocol', 5, routeProtocolName),
  scope: field('rtm_scope', 6, scope),
  type: field('rtm_type', 7, routeType),
  flags: field('rtm_flags', 8, routeFlags),
});
