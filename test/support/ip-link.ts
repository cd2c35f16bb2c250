import { linkFlagNames } from '../../src/route/link/header.ts';
import type { Link } from '../../src/route/link/message.ts';

type Json = { [key: string]: unknown };

/**
 * One of our links in the words of `ip -details -json link`; `links` gives the names of others by index, `said` is what
 * `ip` said of it. Without that the options stay as they are.
 */
export function asIp(link: Link, links: readonly Link[], said?: Json): Json {
  const named = (index: number | undefined) => links.find((other) => other.index === index)?.name;
  const { info_data, info_slave_data } = (said?.['linkinfo'] ?? {}) as { [key: string]: Json | undefined };
  const spelled = said === undefined ? { options: link.options, port: link.port } : {
    info_data: inWords(link.kind, link.options as Json | undefined, words, silent, named, info_data),
    info_slave_kind: link.portKind,
    info_slave_data: inWords(link.portKind, link.port as Json | undefined, portWords, silentOfPort, named, info_slave_data),
  };
  const lower: Json =
    link.link === undefined
      ? {}
      : link.linkNetnsid === undefined && named(link.link)
        ? { link: named(link.link) }
        : link.link === 0 && link.linkNetnsid === undefined
          ? { link: null }
          : { link_index: link.link };
  return {
    ifindex: link.index,
    ...lower,
    ifname: link.name,
    flags: flagsOf(link),
    mtu: link.mtu,
    qdisc: link.qdisc,
    ...(link.master === undefined ? {} : { master: named(link.master) }),
    operstate: String(link.operstate).toUpperCase(),
    linkmode: String(link.linkmode).toUpperCase(),
    group: link.group === 0 ? 'default' : String(link.group),
    txqlen: link.txqlen,
    link_type: link.type,
    address: link.address,
    ...(link.flags.pointToPoint && link.broadcast !== undefined ? { link_pointtopoint: true } : {}),
    broadcast: link.broadcast,
    ...(link.linkNetnsid === undefined ? {} : { link_netnsid: link.linkNetnsid }),
    ...(link.permAddress === undefined || link.permAddress === link.address ? {} : { permaddr: link.permAddress }),
    promiscuity: link.promiscuity,
    allmulti: link.allmulti,
    min_mtu: link.minMtu,
    max_mtu: link.maxMtu,
    ...(link.kind === undefined
      ? {}
      : { linkinfo: { info_kind: link.kind, ...spelled } }),
    ...(link.afSpec?.inet6?.addrGenMode === undefined ? {} : { inet6_addr_gen_mode: link.afSpec.inet6.addrGenMode }),
    num_tx_queues: link.numTxQueues,
    num_rx_queues: link.numRxQueues,
    gso_max_size: link.gsoMaxSize,
    gso_max_segs: link.gsoMaxSegs,
    tso_max_size: link.tsoMaxSize,
    tso_max_segs: link.tsoMaxSegs,
    gro_max_size: link.groMaxSize,
    ...(link.alias === undefined ? {} : { ifalias: link.alias }),
    ...(link.altnames === undefined ? {} : { altnames: link.altnames }),
  };
}

/** What `ip` says, in an order that can be compared; M-DOWN is its own guess about another link. */
export function ofIp(said: Json): Json {
  return { ...said, flags: (said['flags'] as string[]).filter((flag) => flag !== 'M-DOWN').sort() };
}

function flagsOf({ flags }: Link): string[] {
  const names = Object.entries(linkFlagNames)
    .filter(([flag]) => flag !== 'running' && flags[flag as 'up'])
    .map(([, [cName]]) => cName.slice(4));
  return [...names, ...(flags.up && !flags.running ? ['NO-CARRIER'] : [])].sort();
}

type Named = (index: number | undefined) => string | undefined;
type Words = { readonly [key: string]: (o: any, named: Named) => unknown };

/**
 * Options under the keys of `ip`, each with our value of it; `table` has those that are not ours in snake case. An option
 * that is set and of which `ip` says nothing is a difference, too.
 */
function inWords(kind: unknown, options: Json | undefined, table: Words, silent: readonly string[], named: Named, said: Json | undefined): Json | undefined {
  const read = new Set<string | symbol>();
  const o = new Proxy(options ?? {}, { get: (all, key) => (read.add(key), all[key as string]) });
  const spelled = Object.keys(said ?? {}).map((key): [string, unknown] => {
    const value = (table[`${kind}.${key}`] ?? table[key] ?? (() => o[camel(key)]))(o, named);
    return [key, typeof value === 'boolean' && typeof said![key] === 'number' ? Number(value) : value];
  });
  const unsaid = Object.keys(options ?? {}).filter((key) => !read.has(key) && !silent.includes(key) && !silent.includes(`${kind}.${key}`) && isSet(options![key]));
  return said === undefined && unsaid.length === 0 ? undefined : { ...Object.fromEntries(spelled), ...(unsaid.length > 0 ? { unsaid } : {}) };
}

/** Neither 0 nor false nor without anything in it. */
const isSet = (value: unknown): boolean =>
  typeof value === 'object' && value !== null ? Object.values(value).some(isSet) : !!value && !/^(0\.0\.0\.0|::|none|unset)$/.test(String(value));

const camel = (key: string): string => key.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
const centiseconds = (value: number): number => Math.round(value * 100);
const quad = (value: number): string => [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join('.');
const hex = (value: number): string => `0x${value.toString(16)}`;
/** printf's `%#x`: a zero has no prefix. */
const alternate = (value: number): string => (value === 0 ? '0' : hex(value));
const any = (address: unknown): unknown => (address === '0.0.0.0' ? 'any' : address);
const routers = ['disabled', 'tempQuery', 'perm', 'temp'];
/** `8000.0242f2558144` of brctl is `8000.2:42:f2:55:81:44` with ip. */
const idOf = (id: string): string => `${id.slice(0, 5)}${id.slice(5).match(/../g)!.map((byte) => parseInt(byte, 16).toString(16)).join(':')}`;
const multicast = (address: unknown): boolean => /^(22[4-9]|23\d)\.|^ff/i.test(String(address));

/** What `ip` prints of options, where it calls or spells it otherwise than we do; where kinds differ, the kind first. */
const words: Words = {
  external: (o) => o.collectMetadata,
  link: (o, named) => named(o.link), slave1: (o, named) => named(o.slave1), slave2: (o, named) => named(o.slave2),
  active_slave: (o, named) => named(o.activeSlave), primary: (o, named) => named(o.primary),
  // tunnels
  remote: (o) => any(o.remote ?? (multicast(o.group) ? undefined : o.group)), remote6: (o) => o.remote6 ?? o.group6, local: (o) => any(o.local),
  ttl: (o) => (o.ttlInherit ? 'inherit' : o.ttl), tos: (o) => hex(o.tos), fwmark: (o) => hex(o.fwmark), label: (o) => hex(o.label),
  tclass: (o) => `0x${(o.flowinfo >>> 20).toString(16).padStart(2, '0')}`, flowlabel: (o) => `0x${(o.flowinfo & 0xfffff).toString(16).padStart(5, '0')}`,
  ikey: (o) => (o.iflags && !o.iflags.key ? undefined : quad(o.ikey)), okey: (o) => (o.oflags && !o.oflags.key ? undefined : quad(o.okey)),
  iseq: (o) => o.iflags.seq, oseq: (o) => o.oflags.seq, icsum: (o) => o.iflags.csum, ocsum: (o) => o.oflags.csum,
  encap: (o) => ({
    type: o.encapType, sport: o.encapSport, dport: o.encapDport, csum: o.encapFlags.csum ?? false, csum6: o.encapFlags.csum6 ?? false, remcsum: o.encapFlags.remcsum ?? false,
  }),
  prefix: (o) => o['6rdPrefix'], prefixlen: (o) => o['6rdPrefixlen'], relay_prefix: (o) => o['6rdRelayPrefix'], relay_prefixlen: (o) => o['6rdRelayPrefixlen'],
  'xfrm.if_id': (o) => hex(o.ifId), erspan_hwid: (o) => hex(o.erspanHwid), isatap: (o) => o.flags.isatap,
  ...Object.fromEntries(['ign_encap_limit', 'use_orig_tclass', 'use_orig_flowlabel', 'use_orig_fwmark', 'rcv_dscp_copy', 'mip6_dev', 'allow_local_remote']
    .map((flag) => [`ip6_tnl_f_${flag}`, (o) => o.flags[camel(flag)]] satisfies [string, Words[string]])),
  // links on other links
  'vlan.flags': (o) => ['reorderHdr', 'gvrp', 'mvrp', 'looseBinding', 'bridgeBinding'].filter((flag) => o.flags[flag]).map((flag) => snake(flag).toUpperCase()),
  nopromisc: (o) => o.flags.nopromisc, nodst: (o) => o.flags.nodst, private: (o) => o.flags.private, vepa: (o) => o.flags.vepa, bridge: (o) => !o.flags.private && !o.flags.vepa,
  bcqueuelen: (o) => o.bcQueueLen, usedbcqueuelen: (o) => o.bcQueueLenUsed,
  cipher_suite: (o) => ({ '80020001000001': 'GCM-AES-128', '80c20001000002': 'GCM-AES-256' })[o.cipherSuite.toString(16) as string],
  hsize: (o) => o.pdpHashsize, 'hsr.proto': (o) => o.protocol === 'prp',
  user: (o) => o.owner, numqueues: (o) => o.numQueues, numdisabled: (o) => o.numDisabledQueues,
  // bond and bridge
  peer_notify_delay: (o) => o.peerNotifDelay, arp_missed_max: (o) => o.missedMax, arp_validate: (o) => (o.arpValidate === 'none' ? null : o.arpValidate), ad_lacp_active: (o) => (o.adLacpActive ? 'on' : 'off'),
  bridge_id: (o) => idOf(o.bridgeId), root_id: (o) => idOf(o.rootId), group_fwd_mask: (o) => alternate(o.groupFwdMask), mcast_router: (o) => routers.indexOf(o.mcastRouter),
  no_linklocal_learn: (o) => o.multiBoolopt.noLinklocalLearn, mcast_vlan_snooping: (o) => o.multiBoolopt.mcastVlanSnooping,
  ...Object.fromEntries(['forward_delay', 'hello_time', 'max_age', 'ageing_time', ...['last_member', 'membership', 'querier', 'query', 'query_response', 'startup_query'].map((name) => `mcast_${name}_intvl`)]
    .map((key) => [key, (o) => centiseconds(o[camel(key)])] satisfies [string, Words[string]])),
};

/** What `ip` prints of a port. */
const portWords: Words = {
  'bond.state': (p) => p.state.toUpperCase(), mii_status: (p) => p.miiStatus.toUpperCase(),
  fastleave: (p) => p.fastLeave, id: (p) => hex(p.id), no: (p) => hex(p.no), bridge_id: (p) => idOf(p.bridgeId), root_id: (p) => idOf(p.rootId),
  multicast_router: (p) => routers.indexOf(p.mcastRouter), group_fwd_mask: (p) => alternate(p.groupFwdMask), group_fwd_mask_str: (p) => hex(p.groupFwdMask),
  backup_port: (p, named) => named(p.backupPort),
};

/** What the `ip` of Debian 12 has no words for, or says only of other links. */
const silent = [
  'encapFlags', 'fdbNLearned', 'fdbMaxLearned', 'mcastQuerierState', 'stpMode', 'coupledControl', 'broadcastNeigh', 'localbypass', 'reservedBits', 'labelPolicy', 'flags', 'unknown',
  'macaddrCount', 'encapLimit', 'ttlInherit', 'bcCutoff', 'geneve.portRange', 'hsr.version', 'xfrm.link',
];
const silentOfPort = ['learningSync', 'mrpRingOpen', 'mrpInOpen', 'mcastEhtHostsLimit', 'mcastEhtHostsCnt', 'mab', 'mcastNGroups', 'mcastMaxGroups', 'neighVlanSuppress', 'backupNhid', 'neighForwardGrat', 'unknown',
  'actorPortPrio', 'adChurnActorState', 'adChurnPartnerState'];

const snake = (key: string): string => key.replace(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`);

/** Links that tunnel modules put into each namespace, and that cannot be deleted. */
export const isFallback = ({ name }: { readonly name: string }): boolean =>
  /^(gre0|gretap0|erspan0|sit0|tunl0|ip6tnl0|ip6gre0|ip_vti0|ip6_vti0)$/.test(name);
