import { quote } from '../../bytes/shell.ts';
import type { LinkRef } from './message.ts';
import { linkKinds } from './kinds/index.ts';
import { portKinds } from './port/index.ts';
import type { Codec } from '../../schema/codec.ts';
import type { AttributeSet } from '../../schema/attributes.ts';

type Values = { readonly [key: string]: unknown };
/** How a value is written behind `ip`'s word for it: as it is, as on or off, or the words themselves. */
type Word = string | ((value: any) => string | undefined);

/** A link as `ip` takes it: `if5` is the one with the index 5. */
export const devText = (dev: unknown): string =>
  typeof dev === 'number'
    ? `if${dev}`
    : typeof dev === 'object' && dev !== null
      ? `if${(dev as { index?: number }).index}`
      : quote(String(dev));

const onOff = (word: string): Word => (on) => `${word} ${on ? 'on' : 'off'}`;
const unless = (word: string, other: string): Word => (on) => (on ? word : other);
const when = (word: string): Word => (on) => (on ? word : undefined);
const link = (word: string): Word => (dev) => `${word} ${devText(dev)}`;
const netns: Word = (ns) =>
  `netns ${typeof ns !== 'object' ? quote(String(ns)) : 'pid' in ns ? quote(String(ns.pid)) : `/proc/self/fd/${ns.fd}`}`;

const flagWords: { readonly [flag: string]: Word } = {
  up: unless('up', 'down'), promisc: onOff('promisc'), allMulti: onOff('allmulticast'), multicast: onOff('multicast'),
  noArp: unless('arp off', 'arp on'), dynamic: onOff('dynamic'), noTrailers: unless('trailers off', 'trailers on'),
};

const linkWords: { readonly [key: string]: Word } = {
  txqlen: 'txqueuelen',
  address: 'address',
  broadcast: 'broadcast',
  mtu: 'mtu',
  alias: 'alias',
  group: 'group',
  up: flagWords['up']!,
  flags: (flags: Values) => words(flags, flagWords),
  protoDown: onOff('protodown'),
  carrier: onOff('carrier'),
  numTxQueues: 'numtxqueues',
  numRxQueues: 'numrxqueues',
  gsoMaxSize: 'gso_max_size',
  gsoMaxSegs: 'gso_max_segs',
  groMaxSize: 'gro_max_size',
  gsoIpv4MaxSize: 'gso_ipv4_max_size',
  groIpv4MaxSize: 'gro_ipv4_max_size',
  linkNetnsid: 'link-netnsid',
  netns,
  master: (dev: LinkRef) => (dev === 0 ? 'nomaster' : `master ${devText(dev)}`),
  afSpec: ({ inet6 }: { inet6?: { addrGenMode?: string; token?: string } }) =>
    inet6?.addrGenMode === undefined ? undefined : `addrgenmode ${quote(String(inet6.addrGenMode))}`,
};

/** A vxlan's other side: a multicast group, or one address. */
const groupOrRemote: Word = (address: string) =>
  `${/^(22[4-9]|23\d)\.|^ff/i.test(address) ? 'group' : 'remote'} ${quote(String(address))}`;

/** Where `ip` has another word than our name in snake case, or the value is not simply behind it. */
const optionWords: { readonly [kind: string]: { readonly [key: string]: Word } } = {
  bridge: {
    groupAddr: 'group_address',
    mcastRouter: (value) => `mcast_router ${codecOf(linkKinds.bridge, 'mcastRouter').toNumber(value)}`,
    multiBoolopt: (options: Values) => words(options, {}),
    fdbFlush: when('fdb_flush'),
  },
  macvlan: {
    mode: 'mode',
    flags: ({ nopromisc, nodst }) =>
      [nopromisc && 'nopromisc', nodst && 'nodst'].filter(Boolean).join(' ') || undefined,
    macaddrData: (all: string[]) => `macaddr set ${all.map(quote).join(' ')}`,
    macaddrMode: () => undefined,
    bcQueueLen: 'bcqueuelen',
  },
  ipvlan: { flags: (flags: { private?: boolean; vepa?: boolean }) => (flags.private ? 'private' : flags.vepa ? 'vepa' : 'bridge') },
  vlan: {
    flags: (flags: Values) => words(flags, {}, (key, on) => `${snake(key)} ${on ? 'on' : 'off'}`),
    egressQos: (maps) => `egress-qos-map ${qos(maps)}`,
    ingressQos: (maps) => `ingress-qos-map ${qos(maps)}`,
  },
  vxlan: {
    link: link('dev'),
    group: groupOrRemote,
    group6: groupOrRemote,
    local6: 'local',
    port: 'dstport',
    limit: 'maxaddress',
    label: 'flowlabel',
    portRange: ({ low, high }) => `srcport ${plain(low)} ${plain(high)}`,
    learning: unless('learning', 'nolearning'),
    proxy: unless('proxy', 'noproxy'),
    rsc: unless('rsc', 'norsc'),
    l2miss: unless('l2miss', 'nol2miss'),
    l3miss: unless('l3miss', 'nol3miss'),
    udpCsum: unless('udpcsum', 'noudpcsum'),
    udpZeroCsum6Tx: unless('udp6zerocsumtx', 'noudp6zerocsumtx'),
    udpZeroCsum6Rx: unless('udp6zerocsumrx', 'noudp6zerocsumrx'),
    remcsumTx: unless('remcsumtx', 'noremcsumtx'),
    remcsumRx: unless('remcsumrx', 'noremcsumrx'),
    gbp: when('gbp'),
    gpe: when('gpe'),
    collectMetadata: unless('external', 'noexternal'),
    ttlInherit: when('ttl inherit'),
    remcsumNopartial: () => undefined,
    reservedBits: 'reserved_bits',
  },
  bond: {
    adLacpRate: 'lacp_rate',
    missedMax: 'arp_missed_max',
    peerNotifDelay: 'peer_notify_delay',
    arpIpTarget: (all: string[]) => `arp_ip_target ${quote(all.join(','))}`,
  },
  veth: { peer: (peer: Values) => `peer ${fields(peer)}` },
};
const same: { readonly [kind: string]: string } = { macvtap: 'macvlan', ipvtap: 'ipvlan', vxcan: 'veth', netkit: 'veth' };

const portWords: { readonly [key: string]: Word } = {
  state: (value) => `state ${codecOf(portKinds.bridge, 'state').toNumber(value)}`,
  fastLeave: onOff('fastleave'),
  flush: when('fdb_flush'),
  mcastRouter: (value) => `mcast_router ${codecOf(portKinds.bridge, 'mcastRouter').toNumber(value)}`,
  backupPort: (dev) => (dev === 0 ? 'nobackup_port' : `backup_port ${devText(dev)}`),
};

/** `ip link add ...` for a link that is made. */
export function addCommand(link: object): string {
  const input = link as Values, upon = input['link'] === undefined ? '' : `link ${devText(input['link'])} `;
  return `ip link add ${upon}${fields(input)} type ${quote(String(input['kind']))}${options(input)}`;
}

/** `ip link set ...` for changes; those to the kind's options and to the port's take a command each. */
export function setCommand(dev: string, change: object): string {
  const changes = change as Values, set = `ip link set ${dev}`, common = fields(changes), lines: string[] = [];
  if (common !== '') lines.push(`${set} ${common}`);
  if (changes['options'] !== undefined) lines.push(`${set} type ${quote(String(changes['kind']))}${options(changes)}`);
  if (changes['port'] !== undefined) {
    const kind = String(changes['portKind'] ?? 'bridge');
    const option = (key: string, value: unknown): string =>
      `${quote(snake(key))} ${typeof value === 'boolean' ? (value ? 'on' : 'off') : plain(value)}`;
    lines.push(`${set} type ${quote(`${kind}_slave`)} ${words(changes['port'] as Values, portWords, option)}`);
  }
  return lines.join('; ') || set;
}

/** What is not particular to a kind, `name` first. */
const fields = (input: Values): string =>
  [
    input['name'] === undefined ? undefined : `name ${quote(String(input['name']))}`,
    words(input, linkWords, () => undefined),
  ]
    .filter(Boolean)
    .join(' ');

function options(input: Values): string {
  const kind = String(input['kind']), set = (linkKinds as { [kind: string]: AttributeSet })[kind];
  if (input['options'] === undefined || set === undefined) return '';
  const known = Object.fromEntries(
    Object.entries(input['options'] as Values).filter(
      ([key]) => set.declarations[key] && !set.declarations[key].readOnly,
    ),
  );
  const text = words(known, optionWords[same[kind] ?? kind] ?? {}, (key, value) => {
    if (typeof value === 'object') return undefined; // several words of `ip`, or none
    const ticks = codecOf(set, key).label === 'clock ticks';
    return `${quote(snake(key))} ${plain(ticks ? Math.round((value as number) * 100) : value)}`;
  });
  return text === '' ? '' : ` ${text}`;
}

const plain = (value: unknown): string => (typeof value === 'boolean' ? String(Number(value)) : quote(String(value)));

/** Each value with its word; `rest` says what becomes of those that have none in the table. */
function words(
  values: Values,
  table: { readonly [key: string]: Word },
  rest = (key: string, value: unknown): string | undefined => `${quote(snake(key))} ${plain(value)}`,
): string {
  return Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => {
      const word = table[key];
      return word === undefined ? rest(key, value) : typeof word === 'string' ? `${word} ${plain(value)}` : word(value);
    })
    .filter(Boolean)
    .join(' ');
}

/** `mcastLastMemberCnt` as `ip` spells it, `mcast_last_member_count`. */
const snake = (key: string): string =>
  key
    .replace(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`)
    .replace(/_cnt$/, '_count')
    .replace(/_intvl$/, '_interval');

const qos = (maps: readonly { from: number; to: number }[]): string =>
  maps.map(({ from, to }) => quote(`${from}:${to}`)).join(' ');

const codecOf = (
  set: { readonly declarations: { readonly [key: string]: { readonly codec: Codec<any> } } },
  key: string,
) => set.declarations[key]!.codec as Codec<any> & { toNumber(value: unknown): number };
