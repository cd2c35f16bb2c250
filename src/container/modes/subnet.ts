import { formatIp, parseIp, parsePrefix } from '../../bytes/ip.ts';
import { memoryOf } from '../../bytes/memory.ts';
import { EncodeError } from '../../errors.ts';
import { show } from '../../schema/codec.ts';

/** A range of addresses that containers get theirs from: `172.30.0.0/16`. */
export interface Subnet {
  readonly family: 'ip' | 'ip6';
  /** Bits of an address. */
  readonly bits: 32 | 128;
  readonly length: number;
  /** The first and the last address, as numbers. */
  readonly first: bigint;
  readonly last: bigint;
  /** Its name: `172.30.0.0/16`. */
  readonly text: string;
}

/** A subnet from its text; the host's bits are cut off. There must be room for two: the gateway and a container. */
export function subnetOf(text: string, field: string): Subnet {
  const parsed = typeof text === 'string' && text.includes('/') ? parsePrefix(text) : undefined;
  if (!parsed) throw new EncodeError(`must be a subnet like 172.30.0.0/16, got ${show(text)}`, field);
  const bits = parsed.bytes.length === 4 ? 32 : 128, { length } = parsed;
  if (bits - length < 2) throw new EncodeError(`has no room for a gateway and a container, got ${show(text)}`, field);
  const size = 1n << BigInt(bits - length), first = numberOf(parsed.bytes) / size * size;
  return { family: bits === 32 ? 'ip' : 'ip6', bits, length, first, last: first + size - 1n, text: `${addressText(first, bits)}/${length}` };
}

/** An address of the subnet that a host can have, as text in the shortest spelling; an EncodeError for any other. */
export function addressIn(subnet: Subnet, text: string, field: string): string {
  const bytes = typeof text === 'string' ? parseIp(text) : undefined;
  const number = bytes?.length === subnet.bits / 8 ? numberOf(bytes) : -1n;
  if (number < firstHost(subnet) || number > lastHost(subnet))
    throw new EncodeError(`must be an address of a host in ${subnet.text}, got ${show(text)}`, field);
  return addressText(number, subnet.bits);
}

/** Whether two subnets have an address in common. */
export const overlap = (one: Subnet, other: Subnet): boolean =>
  one.bits === other.bits && one.first <= other.last && other.first <= one.last;

/** The lowest address for a host: the gateway's, unless another is chosen. */
export const lowest = (subnet: Subnet): string => addressText(firstHost(subnet), subnet.bits);

/**
 * The first address that nobody has, from `start` on and then from the beginning; undefined where all are taken.
 * `start` is any number: those who look at the same moment begin at different places, and seldom meet.
 */
export function freeAddress(subnet: Subnet, taken: ReadonlySet<string>, start = 0n): string | undefined {
  const from = firstHost(subnet), count = lastHost(subnet) - from + 1n, tries = BigInt(taken.size) + 1n;
  for (let i = 0n; i < (tries < count ? tries : count); i++) {
    const address = addressText(from + (start + i) % count, subnet.bits);
    if (!taken.has(address)) return address;
  }
  return undefined;
}

/** The first address names the subnet itself; the last is IPv4's broadcast. */
const firstHost = ({ first }: Subnet): bigint => first + 1n;
const lastHost = ({ last, bits }: Subnet): bigint => (bits === 32 ? last - 1n : last);

const numberOf = (bytes: Uint8Array): bigint => bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);

function addressText(number: bigint, bits: 32 | 128): string {
  const bytes = new Uint8Array(bits / 8);
  for (let i = bytes.length - 1, rest = number; i >= 0; i--, rest >>= 8n) bytes[i] = Number(rest & 0xffn);
  return formatIp(memoryOf(bytes), 0, bytes.length);
}
