import { attribute, attributes, padding } from '../../schema/attributes.ts';
import { choice } from '../../schema/choice.ts';
import type { Codec } from '../../schema/codec.ts';
import { message, type Decoded } from '../../schema/message.ts';
import { be16, be32, s32, u32, u64, u8 } from '../../schema/numbers.ts';
import { field, struct } from '../../schema/struct.ts';
import type { EncapPart } from '../encap/index.ts';
import type { LinkRef } from '../link/message.ts';
import { familyAddress, network } from '../prefix.ts';
import { dstLengthAt, rtmsg, srcLengthAt, table, type Table } from './header.ts';
import { metrics } from './metrics.ts';
import { multipath, nexthopAttributes, type WireHop } from './multipath.ts';

/** `struct rta_cacheinfo`; times are hundredths of a second. */
const cacheinfo = struct('rta_cacheinfo', 32, {
  clntref: field('rta_clntref', 0, u32),
  lastuse: field('rta_lastuse', 4, u32),
  expires: field('rta_expires', 8, s32),
  error: field('rta_error', 12, s32),
  used: field('rta_used', 16, u32),
  id: field('rta_id', 20, u32),
  ts: field('rta_ts', 24, u32),
  tsage: field('rta_tsage', 28, u32),
});

/** `struct rta_mfc_stats` */
const mfcStats = struct('rta_mfc_stats', 24, {
  packets: field('mfcs_packets', 0, u64),
  bytes: field('mfcs_bytes', 8, u64),
  wrongIf: field('mfcs_wrong_if', 16, u64),
});

/** ICMPV6_ROUTER_PREF_ of include/uapi/linux/icmpv6.h (RFC 4191) */
const pref = choice(u8, {
  medium: ['ICMPV6_ROUTER_PREF_MEDIUM', 0],
  high: ['ICMPV6_ROUTER_PREF_HIGH', 1],
  invalid: ['ICMPV6_ROUTER_PREF_INVALID', 2],
  low: ['ICMPV6_ROUTER_PREF_LOW', 3],
});

/** MPLS has one table, which the header names; its routes are refused with the attribute. */
const tableAttribute: Codec<Table> = {
  ...table,
  put(w, type, value, owner, base) {
    if (owner['family'] === 'mpls') return;
    const start = w.open(type);
    table.write(w, value, owner, base);
    w.close(start);
  },
};

/** What RTM_NEWROUTE, RTM_DELROUTE and RTM_GETROUTE carry: RTA_ of include/uapi/linux/rtnetlink.h. */
export const routeMessage = message('route', rtmsg, attributes({
  /** `default` where the kernel names no destination. */
  dst: attribute('RTA_DST', 1, network(dstLengthAt), { absent: 'default' }),
  src: attribute('RTA_SRC', 2, network(srcLengthAt)),
  iif: attribute('RTA_IIF', 3, s32),
  oif: attribute('RTA_OIF', 4, s32),
  priority: attribute('RTA_PRIORITY', 6, u32),
  prefsrc: attribute('RTA_PREFSRC', 7, familyAddress),
  metrics: attribute('RTA_METRICS', 8, metrics),
  multipath: attribute('RTA_MULTIPATH', 9, multipath),
  ...nexthopAttributes,
  cacheinfo: attribute('RTA_CACHEINFO', 12, cacheinfo, { readOnly: true }),
  table: attribute('RTA_TABLE', 15, tableAttribute),
  mark: attribute('RTA_MARK', 16, u32),
  mfcStats: attribute('RTA_MFC_STATS', 17, mfcStats, { readOnly: true }),
  pref: attribute('RTA_PREF', 20, pref),
  /** Seconds until an IPv6 route vanishes. The kernel tells what is left in `cacheinfo.expires`. */
  expires: attribute('RTA_EXPIRES', 23, u32),
  uid: attribute('RTA_UID', 25, u32),
  ipProto: attribute('RTA_IP_PROTO', 27, u8),
  sport: attribute('RTA_SPORT', 28, be16),
  dport: attribute('RTA_DPORT', 29, be16),
  nhid: attribute('RTA_NH_ID', 30, u32),
  flowlabel: attribute('RTA_FLOWLABEL', 31, be32),
}, padding('RTA_PAD', 24)));

type Wire = Decoded<typeof routeMessage>;

/** One of the ways of a multipath route. */
export type RouteHop = Omit<WireHop, 'encap' | 'encapType'> & EncapPart;

/** A route as the kernel reports it. What is listed can be given to `add` and to `delete`. */
export type Route = Omit<Wire, 'encap' | 'encapType' | 'multipath'> & EncapPart & { multipath?: RouteHop[] | undefined };

/** A way of a route to be made: its link may be given by name. */
export type RouteHopInput = RouteHop & { dev?: LinkRef | undefined };

/** A route to be made. */
export type RouteInput = { [K in keyof Omit<Wire, 'encap' | 'encapType' | 'multipath'>]?: Wire[K] | undefined } & EncapPart & {
  /** The link it leaves by. */
  dev?: LinkRef | undefined;
  multipath?: RouteHopInput[] | undefined;
};
