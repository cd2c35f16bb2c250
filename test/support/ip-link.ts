import { linkFlagNames } from '../../src/route/link/header.ts';
import type { Link } from '../../src/route/link/message.ts';

type Json = { [key: string]: unknown };

/** One of our links in the words of `ip -details -json link`; `links` gives the names of others by index. */
export function asIp(link: Link, links: readonly Link[]): Json {
  const named = (index: number | undefined) => links.find((other) => other.index === index)?.name;
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
    broadcast: link.broadcast,
    ...(link.linkNetnsid === undefined ? {} : { link_netnsid: link.linkNetnsid }),
    promiscuity: link.promiscuity,
    allmulti: link.allmulti,
    min_mtu: link.minMtu,
    max_mtu: link.maxMtu,
    ...(link.kind === undefined
      ? {}
      : { linkinfo: { info_kind: link.kind, ...optionsOf(link, named), ...portOf(link, named) } }),
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

function optionsOf(link: Link, named: Named): Json {
  const all = (link.options ?? {}) as Json, data = (options: Json) => ({ info_data: options });
  if (link.kind === 'bridge') return data(bridgeOf(link.options as Json));
  if (link.kind === 'macvlan' || link.kind === 'macvtap') {
    const { mode, flags = {}, bcQueueLen, bcQueueLenUsed, macaddrCount, macaddrData } = link.options!;
    return data({
      mode,
      ...(flags.nopromisc ? { nopromisc: true } : {}),
      ...(flags.nodst ? { nodst: true } : {}),
      bcqueuelen: bcQueueLen,
      usedbcqueuelen: bcQueueLenUsed,
      ...(mode === 'source' || macaddrCount
        ? { macaddr_count: macaddrCount, ...(macaddrData ? { macaddr_data: macaddrData } : {}) }
        : {}),
    });
  }
  if (link.kind === 'vxlan') return data(vxlanOf(all, named));
  if (link.kind === 'tun') {
    const { type, pi, vnetHdr, multiQueue, persist, owner, group } = link.options!;
    return data({
      type,
      pi,
      vnet_hdr: vnetHdr,
      multi_queue: multiQueue,
      persist,
      ...(owner === undefined ? {} : { user: owner }),
      ...(group === undefined ? {} : { group }),
    });
  }
  return {};
}

/** Times as `ip` has them, in hundredths of a second; timers it prints in seconds. */
function bridgeOf(options: Json): Json {
  const {
    multiBoolopt,
    fdbNLearned: _,
    fdbMaxLearned: __,
    groupFwdMask,
    mcastRouter,
    mcastQuerierState: ___,
    ...rest
  } = options;
  const { noLinklocalLearn, mcastVlanSnooping } = multiBoolopt as Json;
  const plain = Object.fromEntries(
    Object.entries(rest).map(([key, value]) => [
      snake(key),
      typeof value === 'boolean'
        ? Number(value)
        : /Id$/.test(key)
          ? idOf(value as string)
          : /(Intvl|Delay|Time|Age)$/.test(key)
            ? Math.round((value as number) * 100)
            : value,
    ]),
  );
  return {
    ...plain,
    group_fwd_mask: alternate(groupFwdMask as number),
    mcast_router: ['disabled', 'tempQuery', 'perm', 'temp'].indexOf(mcastRouter as string),
    no_linklocal_learn: Number(noLinklocalLearn),
    mcast_vlan_snooping: Number(mcastVlanSnooping),
  };
}

function vxlanOf(o: Json, named: Named): Json {
  const said: Json = {};
  const keep = (key: string, as = snake(key)) => {
    if (o[key] !== undefined && o[key] !== 0 && o[key] !== false) said[as] = o[key];
  };
  if (o['collectMetadata']) said['external'] = true;
  said['id'] = o['id'];
  const multicast = /^(22[4-9]|23\d)\.|^ff/i.test(String(o['group'] ?? o['group6'] ?? ''));
  if (o['group']) said[multicast ? 'group' : 'remote'] = o['group'];
  if (o['group6']) said[multicast ? 'group6' : 'remote6'] = o['group6'];
  keep('local'); keep('local6');
  if (o['link']) said['link'] = named(o['link'] as number);
  said['port_range'] = o['portRange'];
  said['port'] = o['port'];
  for (const key of ['learning', 'proxy', 'rsc', 'l2miss', 'l3miss', 'tos', 'ageing', 'gbp', 'gpe', 'vnifilter'])
    keep(key);
  said['ttl'] = o['ttlInherit'] ? 'inherit' : o['ttl'];
  if (o['limit']) said['limit'] = o['limit'];
  if (o['label']) said['label'] = `0x${(o['label'] as number).toString(16)}`;
  return {
    ...said,
    df: o['df'],
    learning: o['learning'],
    udp_csum: o['udpCsum'],
    udp_zero_csum6_tx: o['udpZeroCsum6Tx'],
    udp_zero_csum6_rx: o['udpZeroCsum6Rx'],
  };
}

function portOf(link: Link, named: Named): Json {
  if (link.portKind !== 'bridge') return {};
  const p = link.port!, hexText = (value: number) => `0x${value.toString(16)}`;
  const known = [
    'state',
    'priority',
    'cost',
    'hairpin',
    'guard',
    'rootBlock',
    'learning',
    'flood',
    'designatedPort',
    'designatedCost',
    'holdTimer',
    'messageAgeTimer',
    'forwardDelayTimer',
    'proxyArp',
    'proxyArpWifi',
    'mcastFlood',
    'bcastFlood',
    'mcastToUnicast',
    'neighSuppress',
    'vlanTunnel',
    'isolated',
    'locked',
  ] as const;
  return {
    info_slave_kind: 'bridge',
    info_slave_data: {
      ...Object.fromEntries(known.map((key) => [snake(key), p[key]])),
      fastleave: p.fastLeave,
      id: hexText(p.id!),
      no: hexText(p.no!),
      bridge_id: idOf(p.bridgeId!),
      root_id: idOf(p.rootId!),
      topology_change_ack: Number(p.topologyChangeAck),
      config_pending: Number(p.configPending),
      multicast_router: ['disabled', 'tempQuery', 'perm', 'temp'].indexOf(p.mcastRouter as string),
      group_fwd_mask: alternate(p.groupFwdMask!),
      group_fwd_mask_str: hexText(p.groupFwdMask!),
      ...(p.backupPort ? { backup_port: named(p.backupPort) } : {}),
    },
  };
}

/** printf's `%#x`: a zero has no prefix. */
const alternate = (value: number): string => (value === 0 ? '0' : `0x${value.toString(16)}`);

/** `8000.0242f2558144` of brctl is `8000.2:42:f2:55:81:44` with ip. */
const idOf = (id: string): string =>
  `${id.slice(0, 4)}.${id
    .slice(5)
    .match(/../g)!
    .map((byte) => parseInt(byte, 16).toString(16))
    .join(':')}`;

const snake = (key: string): string => key.replace(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`);

/** Links that tunnel modules put into each namespace, and that cannot be deleted. */
export const isFallback = ({ name }: { readonly name: string }): boolean =>
  /^(gre0|gretap0|erspan0|sit0|tunl0|ip6tnl0|ip6gre0|ip_vti0|ip6_vti0)$/.test(name);
