import { getInt32, set32 } from '../../../bytes/memory.ts';
import { EncodeError } from '../../../errors.ts';
import { packed } from '../../../schema/arrays.ts';
import { attribute, attributes } from '../../../schema/attributes.ts';
import { choice, type Names } from '../../../schema/choice.ts';
import { checkObject, show, type Codec } from '../../../schema/codec.ts';
import { sourced } from '../../../schema/source.ts';
import { flags } from '../../../schema/flags.ts';
import { ipv6 } from '../../../schema/leaves.ts';
import { u32, u64, u8 } from '../../../schema/numbers.ts';
import { field, struct } from '../../../schema/struct.ts';
import { settingsSource } from './inet.ts';

/** DEVCONF_ of include/uapi/linux/ipv6.h: the settings in /proc/sys/net/ipv6/conf/DEV. */
const settings = {
  forwarding: ['DEVCONF_FORWARDING', 0],
  hoplimit: ['DEVCONF_HOPLIMIT', 1],
  mtu6: ['DEVCONF_MTU6', 2],
  acceptRa: ['DEVCONF_ACCEPT_RA', 3],
  acceptRedirects: ['DEVCONF_ACCEPT_REDIRECTS', 4],
  autoconf: ['DEVCONF_AUTOCONF', 5],
  dadTransmits: ['DEVCONF_DAD_TRANSMITS', 6],
  rtrSolicits: ['DEVCONF_RTR_SOLICITS', 7],
  rtrSolicitInterval: ['DEVCONF_RTR_SOLICIT_INTERVAL', 8],
  rtrSolicitDelay: ['DEVCONF_RTR_SOLICIT_DELAY', 9],
  useTempaddr: ['DEVCONF_USE_TEMPADDR', 10],
  tempValidLft: ['DEVCONF_TEMP_VALID_LFT', 11],
  tempPreferedLft: ['DEVCONF_TEMP_PREFERED_LFT', 12],
  regenMaxRetry: ['DEVCONF_REGEN_MAX_RETRY', 13],
  maxDesyncFactor: ['DEVCONF_MAX_DESYNC_FACTOR', 14],
  maxAddresses: ['DEVCONF_MAX_ADDRESSES', 15],
  forceMldVersion: ['DEVCONF_FORCE_MLD_VERSION', 16],
  acceptRaDefrtr: ['DEVCONF_ACCEPT_RA_DEFRTR', 17],
  acceptRaPinfo: ['DEVCONF_ACCEPT_RA_PINFO', 18],
  acceptRaRtrPref: ['DEVCONF_ACCEPT_RA_RTR_PREF', 19],
  rtrProbeInterval: ['DEVCONF_RTR_PROBE_INTERVAL', 20],
  acceptRaRtInfoMaxPlen: ['DEVCONF_ACCEPT_RA_RT_INFO_MAX_PLEN', 21],
  proxyNdp: ['DEVCONF_PROXY_NDP', 22],
  optimisticDad: ['DEVCONF_OPTIMISTIC_DAD', 23],
  acceptSourceRoute: ['DEVCONF_ACCEPT_SOURCE_ROUTE', 24],
  mcForwarding: ['DEVCONF_MC_FORWARDING', 25],
  disableIpv6: ['DEVCONF_DISABLE_IPV6', 26],
  acceptDad: ['DEVCONF_ACCEPT_DAD', 27],
  forceTllao: ['DEVCONF_FORCE_TLLAO', 28],
  ndiscNotify: ['DEVCONF_NDISC_NOTIFY', 29],
  mldv1UnsolicitedReportInterval: ['DEVCONF_MLDV1_UNSOLICITED_REPORT_INTERVAL', 30],
  mldv2UnsolicitedReportInterval: ['DEVCONF_MLDV2_UNSOLICITED_REPORT_INTERVAL', 31],
  suppressFragNdisc: ['DEVCONF_SUPPRESS_FRAG_NDISC', 32],
  acceptRaFromLocal: ['DEVCONF_ACCEPT_RA_FROM_LOCAL', 33],
  useOptimistic: ['DEVCONF_USE_OPTIMISTIC', 34],
  acceptRaMtu: ['DEVCONF_ACCEPT_RA_MTU', 35],
  stableSecret: ['DEVCONF_STABLE_SECRET', 36],
  useOifAddrsOnly: ['DEVCONF_USE_OIF_ADDRS_ONLY', 37],
  acceptRaMinHopLimit: ['DEVCONF_ACCEPT_RA_MIN_HOP_LIMIT', 38],
  ignoreRoutesWithLinkdown: ['DEVCONF_IGNORE_ROUTES_WITH_LINKDOWN', 39],
  dropUnicastInL2Multicast: ['DEVCONF_DROP_UNICAST_IN_L2_MULTICAST', 40],
  dropUnsolicitedNa: ['DEVCONF_DROP_UNSOLICITED_NA', 41],
  keepAddrOnDown: ['DEVCONF_KEEP_ADDR_ON_DOWN', 42],
  rtrSolicitMaxInterval: ['DEVCONF_RTR_SOLICIT_MAX_INTERVAL', 43],
  seg6Enabled: ['DEVCONF_SEG6_ENABLED', 44],
  seg6RequireHmac: ['DEVCONF_SEG6_REQUIRE_HMAC', 45],
  enhancedDad: ['DEVCONF_ENHANCED_DAD', 46],
  addrGenMode: ['DEVCONF_ADDR_GEN_MODE', 47],
  disablePolicy: ['DEVCONF_DISABLE_POLICY', 48],
  acceptRaRtInfoMinPlen: ['DEVCONF_ACCEPT_RA_RT_INFO_MIN_PLEN', 49],
  ndiscTclass: ['DEVCONF_NDISC_TCLASS', 50],
  rplSegEnabled: ['DEVCONF_RPL_SEG_ENABLED', 51],
  raDefrtrMetric: ['DEVCONF_RA_DEFRTR_METRIC', 52],
  ioam6Enabled: ['DEVCONF_IOAM6_ENABLED', 53],
  ioam6Id: ['DEVCONF_IOAM6_ID', 54],
  ioam6IdWide: ['DEVCONF_IOAM6_ID_WIDE', 55],
  ndiscEvictNocarrier: ['DEVCONF_NDISC_EVICT_NOCARRIER', 56],
  acceptUntrackedNa: ['DEVCONF_ACCEPT_UNTRACKED_NA', 57],
  acceptRaMinLft: ['DEVCONF_ACCEPT_RA_MIN_LFT', 58],
  forceForwarding: ['DEVCONF_FORCE_FORWARDING', 59],
} as const satisfies Names;

/** Settings by name; those of a later kernel by number. */
export type Inet6Conf = { -readonly [K in keyof typeof settings]?: number | undefined } & {
  [number: `${number}`]: number;
};

const numbers: Names = settings, names = new Map<number, string>(Object.entries(settings).map(([name, [, number]]) => [number, name]));

/** IFLA_INET6_CONF: an array of all settings, which the kernel reports and does not take. */
const conf: Codec<Inet6Conf> & { readonly names: Names } = {
  label: 'inet6 settings', size: 0, names: settings,
  read: sourced((m, at, end) => {
    const all: { [name: string]: number } = {};
    for (let i = 0; at + 4 <= end; i++, at += 4) all[names.get(i) ?? i] = getInt32(m, at);
    return all as Inet6Conf;
  }, (site) => settingsSource(site, names, 0), true),
  write(w, given) {
    checkObject(given);
    for (const [name, value] of Object.entries(given))
      if (!(Object.hasOwn(settings, name) || /^\d{1,3}$/.test(name)) || (value !== undefined && !Number.isInteger(value)))
        throw new EncodeError(`must be a setting and a whole number, got ${show(value)}`, name);
    const all = Object.entries(given).map(([name, value]) => [numbers[name]?.[1] ?? Number(name), value] as const);
    const at = w.take(4 * (Math.max(-1, ...all.map(([number]) => number)) + 1));
    for (const [number, value] of all) set32(w.memory, at + 4 * number, (value ?? 0) >>> 0);
  },
};

/** IF_ of include/net/if_inet6.h: what router discovery has come to. */
const interfaceFlags = flags(u32, {
  rsSent: ['IF_RS_SENT', 0x10],
  raRcvd: ['IF_RA_RCVD', 0x20],
  raManaged: ['IF_RA_MANAGED', 0x40],
  raOtherconf: ['IF_RA_OTHERCONF', 0x80],
  ready: ['IF_READY', 0x80000000],
});

/** IN6_ADDR_GEN_MODE_ of include/uapi/linux/if_link.h: how the link-local address is made. */
export const addrGenMode = choice(u8, {
  eui64: ['IN6_ADDR_GEN_MODE_EUI64', 0],
  none: ['IN6_ADDR_GEN_MODE_NONE', 1],
  stable_secret: ['IN6_ADDR_GEN_MODE_STABLE_PRIVACY', 2],
  random: ['IN6_ADDR_GEN_MODE_RANDOM', 3],
});

const readOnly = true;

/** IFLA_INET6_ of include/uapi/linux/if_link.h; of all this the kernel takes only `token` and `addrGenMode`. */
export const inet6Spec = attributes({
  flags: attribute('IFLA_INET6_FLAGS', 1, interfaceFlags, { readOnly }),
  conf: attribute('IFLA_INET6_CONF', 2, conf, { readOnly }),
  /** IPSTATS_MIB_ counters, in an order that differs between kernel releases; the first is how many there are. */
  stats: attribute('IFLA_INET6_STATS', 3, packed(u64), { readOnly }),
  /** Times in milliseconds, `tstamp` in hundredths of a second since the machine started. */
  cacheinfo: attribute('IFLA_INET6_CACHEINFO', 5, struct('ifla_cacheinfo', 16, {
    maxReasmLen: field('max_reasm_len', 0, u32),
    tstamp: field('tstamp', 4, u32),
    reachableTime: field('reachable_time', 8, u32),
    retransTime: field('retrans_time', 12, u32),
  }), { readOnly }),
  /** ICMP6_MIB_ counters: how many there are, in messages, in errors, out messages, out errors, ... */
  icmp6Stats: attribute('IFLA_INET6_ICMP6STATS', 6, packed(u64), { readOnly }),
  /** The host part of addresses from router advertisements; `::` for none. */
  token: attribute('IFLA_INET6_TOKEN', 7, ipv6),
  addrGenMode: attribute('IFLA_INET6_ADDR_GEN_MODE', 8, addrGenMode),
  raMtu: attribute('IFLA_INET6_RA_MTU', 9, u32, { readOnly }),
});
