import { getInt32, set32 } from '../../../bytes/memory.ts';
import { packed } from '../../../schema/arrays.ts';
import { attribute, attributes } from '../../../schema/attributes.ts';
import { choice } from '../../../schema/choice.ts';
import type { Codec } from '../../../schema/codec.ts';
import { flags } from '../../../schema/flags.ts';
import { ipv6 } from '../../../schema/leaves.ts';
import { u32, u64, u8 } from '../../../schema/numbers.ts';
import { field, struct } from '../../../schema/struct.ts';

/** DEVCONF_ of include/uapi/linux/ipv6.h, from 0 on: the settings in /proc/sys/net/ipv6/conf/DEV. */
const names = [
  'forwarding', 'hoplimit', 'mtu6', 'acceptRa', 'acceptRedirects', 'autoconf', 'dadTransmits', 'rtrSolicits',
  'rtrSolicitInterval', 'rtrSolicitDelay', 'useTempaddr', 'tempValidLft', 'tempPreferedLft', 'regenMaxRetry',
  'maxDesyncFactor', 'maxAddresses', 'forceMldVersion', 'acceptRaDefrtr', 'acceptRaPinfo', 'acceptRaRtrPref',
  'rtrProbeInterval', 'acceptRaRtInfoMaxPlen', 'proxyNdp', 'optimisticDad', 'acceptSourceRoute', 'mcForwarding',
  'disableIpv6', 'acceptDad', 'forceTllao', 'ndiscNotify', 'mldv1UnsolicitedReportInterval',
  'mldv2UnsolicitedReportInterval', 'suppressFragNdisc', 'acceptRaFromLocal', 'useOptimistic', 'acceptRaMtu',
  'stableSecret', 'useOifAddrsOnly', 'acceptRaMinHopLimit', 'ignoreRoutesWithLinkdown', 'dropUnicastInL2Multicast',
  'dropUnsolicitedNa', 'keepAddrOnDown', 'rtrSolicitMaxInterval', 'seg6Enabled', 'seg6RequireHmac', 'enhancedDad',
  'addrGenMode', 'disablePolicy', 'acceptRaRtInfoMinPlen', 'ndiscTclass', 'rplSegEnabled', 'raDefrtrMetric',
  'ioam6Enabled', 'ioam6Id', 'ioam6IdWide', 'ndiscEvictNocarrier', 'acceptUntrackedNa', 'acceptRaMinLft',
  'forceForwarding',
] as const;

/** Settings by name; those of a later kernel by number. */
export type Inet6Conf = { -readonly [K in (typeof names)[number]]?: number | undefined } & {
  [number: `${number}`]: number;
};

const numbers = new Map<string, number>(names.map((name, i) => [name, i]));

/** IFLA_INET6_CONF: an array of all settings, which the kernel reports and does not take. */
const conf: Codec<Inet6Conf> = {
  label: 'inet6 settings', size: 0,
  read(m, at, end) {
    const settings: { [name: string]: number } = {};
    for (let i = 0; at + 4 <= end; i++, at += 4) settings[names[i] ?? i] = getInt32(m, at);
    return settings as Inet6Conf;
  },
  write(w, settings) {
    const all = Object.entries(settings).map(([name, value]) => [numbers.get(name) ?? Number(name), value] as const);
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
