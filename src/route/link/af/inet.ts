import { get32, getInt32, type Memory } from '../../../bytes/memory.ts';
import { EncodeError, within } from '../../../errors.ts';
import { walk } from '../../../schema/arrays.ts';
import { attribute, attributes } from '../../../schema/attributes.ts';
import type { Names } from '../../../schema/choice.ts';
import { show, type Codec } from '../../../schema/codec.ts';
import { sourced, type Site } from '../../../schema/source.ts';
import { s32 } from '../../../schema/numbers.ts';

/** IPV4_DEVCONF_ of include/uapi/linux/ip.h: the settings in /proc/sys/net/ipv4/conf/DEV. */
const settings = {
  forwarding: ['IPV4_DEVCONF_FORWARDING', 1],
  mcForwarding: ['IPV4_DEVCONF_MC_FORWARDING', 2],
  proxyArp: ['IPV4_DEVCONF_PROXY_ARP', 3],
  acceptRedirects: ['IPV4_DEVCONF_ACCEPT_REDIRECTS', 4],
  secureRedirects: ['IPV4_DEVCONF_SECURE_REDIRECTS', 5],
  sendRedirects: ['IPV4_DEVCONF_SEND_REDIRECTS', 6],
  sharedMedia: ['IPV4_DEVCONF_SHARED_MEDIA', 7],
  rpFilter: ['IPV4_DEVCONF_RP_FILTER', 8],
  acceptSourceRoute: ['IPV4_DEVCONF_ACCEPT_SOURCE_ROUTE', 9],
  bootpRelay: ['IPV4_DEVCONF_BOOTP_RELAY', 10],
  logMartians: ['IPV4_DEVCONF_LOG_MARTIANS', 11],
  tag: ['IPV4_DEVCONF_TAG', 12],
  arpfilter: ['IPV4_DEVCONF_ARPFILTER', 13],
  mediumId: ['IPV4_DEVCONF_MEDIUM_ID', 14],
  noxfrm: ['IPV4_DEVCONF_NOXFRM', 15],
  nopolicy: ['IPV4_DEVCONF_NOPOLICY', 16],
  forceIgmpVersion: ['IPV4_DEVCONF_FORCE_IGMP_VERSION', 17],
  arpAnnounce: ['IPV4_DEVCONF_ARP_ANNOUNCE', 18],
  arpIgnore: ['IPV4_DEVCONF_ARP_IGNORE', 19],
  promoteSecondaries: ['IPV4_DEVCONF_PROMOTE_SECONDARIES', 20],
  arpAccept: ['IPV4_DEVCONF_ARP_ACCEPT', 21],
  arpNotify: ['IPV4_DEVCONF_ARP_NOTIFY', 22],
  acceptLocal: ['IPV4_DEVCONF_ACCEPT_LOCAL', 23],
  srcVmark: ['IPV4_DEVCONF_SRC_VMARK', 24],
  proxyArpPvlan: ['IPV4_DEVCONF_PROXY_ARP_PVLAN', 25],
  routeLocalnet: ['IPV4_DEVCONF_ROUTE_LOCALNET', 26],
  igmpv2UnsolicitedReportInterval: ['IPV4_DEVCONF_IGMPV2_UNSOLICITED_REPORT_INTERVAL', 27],
  igmpv3UnsolicitedReportInterval: ['IPV4_DEVCONF_IGMPV3_UNSOLICITED_REPORT_INTERVAL', 28],
  ignoreRoutesWithLinkdown: ['IPV4_DEVCONF_IGNORE_ROUTES_WITH_LINKDOWN', 29],
  dropUnicastInL2Multicast: ['IPV4_DEVCONF_DROP_UNICAST_IN_L2_MULTICAST', 30],
  dropGratuitousArp: ['IPV4_DEVCONF_DROP_GRATUITOUS_ARP', 31],
  bcForwarding: ['IPV4_DEVCONF_BC_FORWARDING', 32],
  arpEvictNocarrier: ['IPV4_DEVCONF_ARP_EVICT_NOCARRIER', 33],
} as const satisfies Names;

const numbers: Names = settings, names = new Map<number, string>(Object.entries(settings).map(([name, [, number]]) => [number, name]));

/** Settings by name; those of a later kernel by number. */
export type InetConf = { -readonly [K in keyof typeof settings]?: number | undefined } & {
  [number: `${number}`]: number;
};

/**
 * IFLA_INET_CONF: the kernel reports an array of all settings and takes a nest of those to change. A nest is told from
 * an array by its first number, which would be an odd value for `forwarding`.
 */
const conf: Codec<InetConf> & { readonly names: Names } = {
  label: 'inet settings', size: 0, names: settings,
  read: sourced(readConf, (site) => {
    const array = settingsSource(site, names, 1);
    return array && `(${site.use(isNest)}(m, ${site.at}, ${site.end}) ? ${site.use(readConf)}(m, ${site.at}, ${site.end}) : ${array})`;
  }, true),
  write(w, given, owner, base) {
    if (typeof given !== 'object' || given === null)
      throw new EncodeError(`must be an object, got ${show(given)}`);
    for (const [name, value] of Object.entries(given)) {
      if (value === undefined) continue;
      const number = numbers[name]?.[1] ?? Number(name);
      if (!(number >= 1 && number < 0x4000)) throw new EncodeError(`there is no setting "${name}"`);
      const start = w.open(number);
      try {
        s32.write(w, value, owner, base);
      } catch (error) {
        throw within(error, name);
      }
      w.close(start);
    }
  },
};

function readConf(m: Memory, at: number, end: number): InetConf {
  const all: { [name: string]: number } = {};
  const put = (number: number, value: number) => { all[names.get(number) ?? number] = value; };
  if (isNest(m, at, end)) walk(m, at, end, (_start, from, _to, type) => put(type, getInt32(m, from)));
  else for (let i = 1; at + 4 <= end; i++, at += 4) put(i, getInt32(m, at));
  return all as InetConf;
}

/** The source of an array of settings, the first of which has the number `least`, where all of them have names. */
export function settingsSource(site: Site, names: ReadonlyMap<number, string>, least: number): string | undefined {
  if (site.length === undefined || site.length >> 2 > names.size) return undefined;
  const all = Array.from({ length: site.length >> 2 }, (_, i) => [names.get(least + i), site.u32(4 * i)] as const);
  if (all.some(([name]) => name === undefined)) return undefined;
  return `{ ${all.map(([name, number]) => `${JSON.stringify(name)}: ${number} | 0`).join(', ')} }`;
}

const isNest = (m: Memory, at: number, end: number): boolean => {
  const first = end - at >= 8 ? get32(m, at) : 0;
  return (first & 0xffff) === 8 && first >>> 16 !== 0;
};

/** IFLA_INET_ of include/uapi/linux/if_link.h. */
export const inetSpec = attributes({
  conf: attribute('IFLA_INET_CONF', 1, conf),
});
