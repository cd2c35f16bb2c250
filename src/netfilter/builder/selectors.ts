import { EncodeError } from '../../errors.ts';
import { show } from '../../schema/codec.ts';
import type { ExpressionData } from '../expressions/index.ts';
import { protocolNumber } from '../conntrack/protocol.ts';
import { NFT_REG_1 } from '../register.ts';
import { needNetwork, needTransport, write, type Context } from './context.ts';
import type { Selector } from './selector.ts';

type Base = NonNullable<ExpressionData<'payload'>['base']>;

function bytes(
  type: string, base: Base, offset: number, length: number, need?: (context: Context) => void,
  learn?: Selector['learn'],
): Selector {
  const loadBytes = (context: Context, count: number, dreg = NFT_REG_1): void => {
    need?.(context);
    write(context, 'payload', { dreg, base, offset, length: count });
  };
  return {
    type, load: (context, dreg) => loadBytes(context, length, dreg), loadBytes, ...(need ? { need } : {}),
    ...(learn ? { learn } : {}),
  };
}

const learnTransport: Selector['learn'] = (context, value) => {
  context.l4proto = typeof value === 'number' ? protocolNumber.toName(value) : String(value);
};

const ip = (type: string, offset: number, length: number, learn?: Selector['learn']): Selector =>
  bytes(type, 'network', offset, length, (context) => needNetwork(context, 'ip'), learn);
const ip6 = (type: string, offset: number, length: number, learn?: Selector['learn']): Selector =>
  bytes(type, 'network', offset, length, (context) => needNetwork(context, 'ip6'), learn);

const ports = (protocol?: Parameters<typeof needTransport>[1]) => {
  const need = protocol && ((context: Context) => needTransport(context, protocol));
  return {
    sport: bytes('inet_service', 'transport', 0, 2, need),
    dport: bytes('inet_service', 'transport', 2, 2, need),
  };
};
const transport = (protocol: Parameters<typeof needTransport>[1], type: string, offset: number,
  length: number): Selector =>
  bytes(type, 'transport', offset, length, (context) => needTransport(context, protocol));

const meta = (type: string, key: NonNullable<ExpressionData<'meta'>['key']>, learn?: Selector['learn']): Selector =>
  ({ type, load: (context, dreg = NFT_REG_1) => write(context, 'meta', { key, dreg }), ...(learn ? { learn } : {}) });
const ct = (type: string, key: NonNullable<ExpressionData<'ct'>['key']>): Selector =>
  ({ type, load: (context, dreg = NFT_REG_1) => write(context, 'ct', { key, dreg }) });
const fib = (flag: 'saddr' | 'daddr'): { readonly type: Selector } => ({
  type: { type: 'fib_addrtype', load: (context, dreg = NFT_REG_1) =>
    write(context, 'fib', { flags: { [flag]: true }, result: 'type', dreg }) },
});

/** What can be looked at, in nft's words. */
export const selectors = {
  ether: {
    daddr: bytes('ether_addr', 'link', 0, 6), saddr: bytes('ether_addr', 'link', 6, 6),
    type: bytes('ether_type', 'link', 12, 2),
  },
  ip: {
    saddr: ip('ipv4_addr', 12, 4), daddr: ip('ipv4_addr', 16, 4), protocol: ip('inet_proto', 9, 1, learnTransport),
    ttl: ip('boolean', 8, 1),
  },
  ip6: {
    saddr: ip6('ipv6_addr', 8, 16), daddr: ip6('ipv6_addr', 24, 16), nexthdr: ip6('inet_proto', 6, 1, learnTransport),
    hoplimit: ip6('boolean', 7, 1),
  },
  tcp: { ...ports('tcp'), flags: transport('tcp', 'tcp_flag', 13, 1) },
  udp: ports('udp'),
  sctp: ports('sctp'),
  /** Ports of whatever protocol the packet has. */
  th: ports(),
  icmp: { type: transport('icmp', 'icmp_type', 0, 1), code: transport('icmp', 'icmp_code', 1, 1) },
  icmpv6: { type: transport('icmpv6', 'icmpv6_type', 0, 1), code: transport('icmpv6', 'icmpv6_code', 1, 1) },
  meta: {
    mark: meta('mark', 'mark'), iif: meta('iface_index', 'iif'), oif: meta('iface_index', 'oif'),
    iifname: meta('ifname', 'iifname'), oifname: meta('ifname', 'oifname'),
    ibrname: meta('ifname', 'ibrname'), obrname: meta('ifname', 'obrname'),
    l4proto: meta('inet_proto', 'l4proto', learnTransport),
    nfproto: meta('nf_proto', 'nfproto', (context, value) => { context.network = value === 2 ? 'ip' : 'ip6'; }),
    protocol: meta('ether_type', 'protocol'), skuid: meta('uid', 'skuid'), skgid: meta('gid', 'skgid'),
    pkttype: meta('pkt_type', 'pkttype'), iifgroup: meta('devgroup', 'iifgroup'),
    oifgroup: meta('devgroup', 'oifgroup'),
    length: meta('integer', 'length'),
  },
  ct: { state: ct('ct_state', 'state'), status: ct('ct_status', 'status'), mark: ct('mark', 'mark'),
    direction: ct('ct_dir', 'direction') },
  fib: { saddr: fib('saddr'), daddr: fib('daddr') },
} as const;

/** One of the fields that can be joined with others, as `ip.saddr`. */
export type Field = {
  [G in keyof Groups]: `${G}.${Extract<keyof Groups[G], string>}`;
}[keyof Groups];

type Groups = Omit<typeof selectors, 'fib'>;

/** The selector of a joined field. */
export function fieldNamed(name: string): Selector {
  const [group = '', key = ''] = name.split('.');
  const { fib: _, ...groups } = selectors;
  const found = (groups as { readonly [group: string]: { readonly [key: string]: Selector } })[group]?.[key];
  if (found === undefined)
    throw new EncodeError(`must be a field like ip.saddr or tcp.dport, got ${show(name)}`);
  return found;
}

/** Words for values that packets have as numbers. */
export const words: { readonly [type: string]: { readonly [word: string]: number } } = {
  ct_state: { invalid: 1, established: 2, related: 4, new: 8, untracked: 64 },
  ct_status: { expected: 1, 'seen-reply': 2, assured: 4, confirmed: 8, snat: 16, dnat: 32, dying: 512 },
  ct_dir: { original: 0, reply: 1 },
  tcp_flag: { fin: 1, syn: 2, rst: 4, psh: 8, ack: 16, urg: 32, ecn: 64, cwr: 128 },
  fib_addrtype: { unspec: 0, unicast: 1, local: 2, broadcast: 3, anycast: 4, multicast: 5, blackhole: 6,
    unreachable: 7, prohibit: 8 },
  pkt_type: { host: 0, unicast: 0, broadcast: 1, multicast: 2, other: 3 },
  nf_proto: { ipv4: 2, ipv6: 10 },
  ether_type: { ip: 0x0800, arp: 0x0806, ip6: 0x86dd, '8021q': 0x8100 },
  icmp_type: { 'echo-reply': 0, 'destination-unreachable': 3, redirect: 5, 'echo-request': 8, 'time-exceeded': 11 },
  icmpv6_type: {
    'destination-unreachable': 1, 'packet-too-big': 2, 'time-exceeded': 3, 'echo-request': 128, 'echo-reply': 129,
    'nd-router-solicit': 133, 'nd-router-advert': 134, 'nd-neighbor-solicit': 135, 'nd-neighbor-advert': 136,
  },
};
