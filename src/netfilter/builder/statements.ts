import { EncodeError } from '../../errors.ts';
import { show } from '../../schema/codec.ts';
import type { ExpressionData } from '../expressions/index.ts';
import { NFT_REG_1, NFT_REG_VERDICT, registerAt } from '../register.ts';
import { encodeValue, rangeOf } from '../set/value.ts';
import type { Verdict } from '../verdict.ts';
import { needTransport, write, type Context, type Statement } from './context.ts';
import { loadJoined } from './selector.ts';
import { fieldNamed, type Field } from './selectors.ts';

/** How NAT picks a port where it has the choice. */
export interface NatChoice {
  /** The port: a number, or a range like `8000-8010`. Needs a match of the transport protocol before. */
  readonly port?: number | string | undefined;
  readonly random?: boolean | undefined;
  readonly fullyRandom?: boolean | undefined;
  /** The same client gets the same address each time. */
  readonly persistent?: boolean | undefined;
}

export interface NatTarget extends NatChoice {
  /** An address, or a range like `10.0.0.2-10.0.0.9`. */
  readonly to?: string | undefined;
  readonly map?: undefined;
}

/** Where to is looked up in a map: its keys are the fields `by`, its values addresses, or addresses joined with ports. */
export interface NatMap extends Omit<NatChoice, 'port'> {
  /** Its name. */
  readonly map: string;
  /** What is looked up: `['meta.l4proto', 'th.dport']`. */
  readonly by: readonly Field[];
  /** Of the addresses; needed in a table of both families. */
  readonly family?: 'ip' | 'ip6' | undefined;
  /** Whether the values have a port behind the address: `ipv4_addr . inet_service`. */
  readonly withPort?: boolean | undefined;
}

export interface LogOptions {
  /** Up to 127 bytes before each line. */
  readonly prefix?: string | undefined;
  /** Sends packets to this group of readers (NFLOG), not to the kernel's log. */
  readonly group?: number | undefined;
  readonly level?: ExpressionData<'log'>['level'];
  readonly flags?: ExpressionData<'log'>['flags'];
  readonly snaplen?: number | undefined;
  readonly qthreshold?: number | undefined;
}

export interface LimitOptions {
  /** Packets, or bytes, in each `per`. */
  readonly rate: number | bigint;
  readonly per?: keyof typeof periods | undefined;
  /** How many may come at once; 5 packets. */
  readonly burst?: number | undefined;
  /** Counts bytes in place of packets. */
  readonly bytes?: boolean | undefined;
  /** Goes on only with what is above. */
  readonly over?: boolean | undefined;
}

/** What the sender is told: ICMP's code for both families, or a TCP reset. */
export type RejectWith = 'port-unreachable' | 'host-unreachable' | 'no-route' | 'admin-prohibited' | 'tcp-reset';

const periods = { second: 1n, minute: 60n, hour: 3600n, day: 86400n, week: 604800n };

/** Codes of ICMP, ICMPv6 and of both as the kernel translates them. */
const codes = {
  'no-route': [0, 0, 0], 'port-unreachable': [3, 4, 1], 'host-unreachable': [1, 3, 2], 'admin-prohibited': [13, 1, 3],
} as const;

export const verdict = (value: Verdict): Statement => (context) =>
  write(context, 'immediate', { dreg: NFT_REG_VERDICT, data: { verdict: value } });

export const counter = (name?: string): Statement => (context) =>
  name === undefined ? write(context, 'counter', { bytes: 0n, packets: 0n })
    : write(context, 'objref', { type: 'counter', name });

export const log = (options: LogOptions): Statement => (context) => write(context, 'log', { ...options });

export const limit = ({ rate, per = 'second', burst, bytes = false, over = false }: LimitOptions): Statement =>
  (context) =>
  write(context, 'limit', {
    rate: BigInt(rate), unit: periods[per], burst: burst ?? (bytes ? 0 : 5), type: bytes ? 'bytes' : 'packets',
    flags: over ? { invert: true } : {},
  });

export const reject = (how: RejectWith): Statement => (context) => {
  if (how === 'tcp-reset') {
    needTransport(context, 'tcp');
    return write(context, 'reject', { type: 'tcpReset', code: 0 });
  }
  if (!Object.hasOwn(codes, how))
    throw new EncodeError(`must be one of ${Object.keys(codes).join(', ')}, tcp-reset, got ${show(how)}`);
  const [icmp, icmpv6, both] = codes[how];
  if (context.family === 'ip') write(context, 'reject', { type: 'icmp', code: icmp });
  else if (context.family === 'ip6') write(context, 'reject', { type: 'icmp', code: icmpv6 });
  else write(context, 'reject', { type: 'icmpx', code: both });
};

export const setMeta = (key: NonNullable<ExpressionData<'meta'>['key']>, type: string, value: number): Statement =>
  (context) => {
  load(context, NFT_REG_1, encodeValue(type, value));
  write(context, 'meta', { key, sreg: NFT_REG_1 });
};

export const setCt = (key: NonNullable<ExpressionData<'ct'>['key']>, type: string, value: number): Statement =>
  (context) => {
  load(context, NFT_REG_1, encodeValue(type, value));
  write(context, 'ct', { key, sreg: NFT_REG_1 });
};

export const notrack: Statement = (context) => void context.expressions.push({ name: 'notrack' });

export const queue = (number: number,
  options: { readonly total?: number; readonly bypass?: boolean; readonly fanout?: boolean }): Statement => (context) =>
  write(context, 'queue', { number, total: options.total ?? 1,
    flags: { bypass: options.bypass, fanout: options.fanout } });

/** The order of what lies in registers is nft's, so that both write the same. */
export const nat = (type: 'snat' | 'dnat', target: NatTarget): Statement => (context) => {
  const { to, port } = target, data: ExpressionData<'nat'> = { type };
  if (to === undefined && port === undefined) throw new EncodeError(`${type} needs an address or a port`, 'to');
  const family = to === undefined ? context.family : to.includes(':') ? 'ip6' : 'ip';
  if (family !== 'ip' && family !== 'ip6') throw new EncodeError('a table of both families needs the address', 'to');
  if (context.family !== 'inet' && context.family !== family)
    throw new EncodeError(`is no address of family ${context.family}`, 'to');
  data.family = family;
  let register = NFT_REG_1;
  if (to !== undefined) {
    const { first, last } = rangeOf(family === 'ip' ? 'ipv4_addr' : 'ipv6_addr', to);
    load(context, data.addressMin = register++, first);
    if (Buffer.compare(first, last) !== 0) load(context, data.addressMax = register++, last);
  }
  Object.assign(data, choose(context, target, register));
  write(context, 'nat', data);
};

/** An address that a map has, with the port behind it where it has one. */
export const natMap = (type: 'snat' | 'dnat', target: NatMap): Statement => (context) => {
  const { map, by, withPort = false, random, fullyRandom, persistent } = target, { family = context.family } = target;
  if (family !== 'ip' && family !== 'ip6')
    throw new EncodeError('must be ip or ip6 in a table of both families', 'family');
  if (context.family !== 'inet' && context.family !== family)
    throw new EncodeError(`is not that of the table, ${context.family}`, 'family');
  // in a table of both families the kernel leaves packets of the other one alone
  loadJoined(context, by.map(fieldNamed));
  write(context, 'lookup', { set: map.replace(/^@/, ''), sreg: NFT_REG_1, dreg: NFT_REG_1 });
  const flags = {
    ...(random ? { random } : {}), ...(fullyRandom ? { fullyRandom } : {}), ...(persistent ? { persistent } : {}),
  };
  write(context, 'nat', {
    type, family, addressMin: NFT_REG_1,
    ...(withPort ? { portMin: registerAt(family === 'ip' ? 4 : 16) } : {}),
    ...(Object.keys(flags).length > 0 ? { flags } : {}),
  });
};

export const redirect = (target: NatChoice): Statement => (context) =>
  write(context, 'redir', choose(context, target, NFT_REG_1));
export const masquerade = (target: NatChoice): Statement => (context) =>
  write(context, 'masq', choose(context, target, NFT_REG_1));

/** Loads the port and puts the flags together. */
function choose(
  context: Context, { port, random, fullyRandom, persistent }: NatChoice, register: number,
): Pick<ExpressionData<'nat'>, 'portMin' | 'portMax' | 'flags'> {
  const chosen: Pick<ExpressionData<'nat'>, 'portMin' | 'portMax' | 'flags'> = {};
  if (port !== undefined) {
    if (context.l4proto === undefined)
      throw new EncodeError('a port needs a match of the transport protocol before: tcp, udp or meta.l4proto', 'port');
    const { first, last } = rangeOf('inet_service', port);
    load(context, chosen.portMin = register, first);
    if (Buffer.compare(first, last) !== 0) load(context, chosen.portMax = register + 1, last);
  }
  const flags = {
    ...(port === undefined ? {} : { protoSpecified: true }), ...(random ? { random } : {}),
    ...(fullyRandom ? { fullyRandom } : {}), ...(persistent ? { persistent } : {}),
  };
  return Object.keys(flags).length > 0 ? { ...chosen, flags } : chosen;
}

const load = (context: Context, dreg: number, value: Uint8Array): void =>
  write(context, 'immediate', { dreg, data: { value } });

