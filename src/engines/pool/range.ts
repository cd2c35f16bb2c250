import { parseIp, parsePrefix } from '../../bytes/ip.ts';
import { ArgumentError } from '../../errors.ts';
import { formatAddress } from '../../route/prefix.ts';

/** A stretch of a subnet from which addresses are given out. */
export interface Range {
  readonly family: 'inet' | 'inet6';
  /** As it was given, with the bits behind its length cleared: `10.88.0.0/24`. */
  readonly subnet: string;
  readonly length: number;
  readonly first: bigint;
  readonly last: bigint;
  /** The gateway is never given out. */
  readonly gateway: string | undefined;
}

/** A range as a configuration has it, in the words of host-local. */
export interface RangeInput {
  readonly subnet: string;
  readonly rangeStart?: string | undefined;
  readonly rangeEnd?: string | undefined;
  /** The first address of the subnet unless given; an empty string means there is none. */
  readonly gateway?: string | undefined;
}

/** Reads a range, and says what is wrong with one that cannot be. */
export function readRange({ subnet, rangeStart, rangeEnd, gateway }: RangeInput): Range {
  const parsed = typeof subnet === 'string' && subnet.includes('/') ? parsePrefix(subnet) : undefined;
  if (!parsed) throw new ArgumentError(`subnet must be a network like 10.88.0.0/24, got ${JSON.stringify(subnet)}`);
  const { bytes, length } = parsed, width = bytes.length * 8, host = BigInt(width - length);
  const base = (numberOf(bytes) >> host) << host, top = base + (1n << host) - 1n;
  // the network's own address and, for IPv4, that of all hosts are nobody's; /31 and /32 have neither (RFC 3021)
  const spare = host > 1n;
  const lowest = spare ? base + 1n : base, highest = spare && width === 32 ? top - 1n : top;
  const within = (name: string, text: string | undefined, unless: bigint): bigint => {
    if (text === undefined || text === '') return unless;
    const address = typeof text === 'string' ? parseIp(text) : undefined;
    const value = address && address.length === bytes.length ? numberOf(address) : -1n;
    if (value < base || value > top) throw new ArgumentError(`${name} ${JSON.stringify(text)} is no address of ${subnet}`);
    return value;
  };
  const first = within('rangeStart', rangeStart, lowest), last = within('rangeEnd', rangeEnd, highest);
  if (first > last) throw new ArgumentError(`rangeStart ${rangeStart} lies behind rangeEnd ${rangeEnd ?? addressOf(last, width)}`);
  within('gateway', gateway, lowest);
  return {
    family: width === 32 ? 'inet' : 'inet6', length, subnet: `${addressOf(base, width)}/${length}`,
    first: first < lowest ? lowest : first, last: last > highest ? highest : last,
    gateway: gateway === '' || (gateway === undefined && !spare) ? undefined : gateway ?? addressOf(lowest, width),
  };
}

/** Whether an address lies in a range. */
export function contains(range: Range, address: string): boolean {
  const bytes = parseIp(address);
  if (!bytes || (bytes.length === 4) !== (range.family === 'inet')) return false;
  const value = numberOf(bytes);
  return value >= range.first && value <= range.last;
}

/** Whether an address lies in the subnet of a range, be it one that is given out or not. */
export function inSubnet(range: Range, address: string): boolean {
  const bytes = parseIp(address), net = parsePrefix(range.subnet)!;
  if (!bytes || bytes.length !== net.bytes.length) return false;
  const host = BigInt(bytes.length * 8 - range.length);
  return numberOf(bytes) >> host === numberOf(net.bytes) >> host;
}

export const numberOf = (bytes: Uint8Array): bigint => bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);

/** The spelling of an address of `width` bits. */
export function addressOf(value: bigint, width: number): string {
  const bytes = new Uint8Array(width / 8);
  for (let i = bytes.length - 1, left = value; i >= 0; i--, left >>= 8n) bytes[i] = Number(left & 0xffn);
  return formatAddress(bytes);
}

/** One spelling of each address, so that two spellings are one reservation. */
export function canonical(address: string): string {
  const bytes = parseIp(address);
  if (!bytes) throw new ArgumentError(`${JSON.stringify(address)} is no IP address`);
  return formatAddress(bytes);
}
