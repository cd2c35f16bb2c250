import { formatIp, parseIPv4, parseIPv6 } from '../../bytes/ip.ts';
import { formatMac, parseMac } from '../../bytes/hex.ts';
import { memoryOf } from '../../bytes/memory.ts';
import { encodeText, getText } from '../../bytes/text.ts';
import { EncodeError } from '../../errors.ts';
import { show } from '../../schema/codec.ts';
import { protocolNumber } from '../conntrack/protocol.ts';
import { bytesOf } from './datatype.ts';

/** A value as users write it: an address, the name of an interface, a number. */
export type Value = string | number | bigint;

/** Types whose bytes stand in a packet; the numbers of others have the machine's own order. */
const big = new Set(['inet_service', 'ether_type', 'ether_addr', 'ipv4_addr', 'ipv6_addr', 'ct_label']);
const littleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** Whether numbers of this type compare by their bytes: ranges need it. */
export const isOrdered = (type: string): boolean => big.has(type) || bytesOf(type) === 1;

/** The bytes of a value of one of nft's types. */
export function encodeValue(type: string, value: Value): Uint8Array {
  const refuse = (like: string): never => { throw new EncodeError(`must be ${like}, got ${show(value)}`); };
  if (typeof value === 'string') {
    switch (type) {
      case 'ipv4_addr': return parseIPv4(value) ?? refuse('an IPv4 address like 192.0.2.1');
      case 'ipv6_addr': return parseIPv6(value) ?? refuse('an IPv6 address like 2001:db8::1');
      case 'ether_addr': {
        const bytes = parseMac(value);
        return bytes?.length === 6 ? bytes : refuse('a MAC address like 02:42:ac:11:00:02');
      }
      case 'ifname': return name(value);
      case 'inet_proto': return Uint8Array.of(protocolNumber.toNumber(value as never));
    }
  }
  const digits = typeof value === 'string' && /^(0x[0-9a-f]+|\d+)$/i.test(value) ? BigInt(value) : value;
  const size = bytesOf(type);
  if ((typeof digits !== 'bigint' && !Number.isInteger(digits)) || size > 8) return refuse(`a value of type ${type}`);
  const number = BigInt(digits);
  if (number < 0n || number >= 1n << BigInt(8 * size)) return refuse(`a number of ${size} bytes`);
  return fromNumber(number, size, big.has(type));
}

/** The name of an interface fills its 16 bytes with zeros. */
function name(text: string): Uint8Array {
  const bytes = encodeText(text);
  if (bytes.length === 0 || bytes.length > 15)
    throw new EncodeError(`an interface name has 1 to 15 bytes, got ${show(text)}`);
  const all = new Uint8Array(16);
  all.set(bytes);
  return all;
}

function fromNumber(number: bigint, size: number, bigEndian: boolean): Uint8Array {
  const bytes = new Uint8Array(size);
  for (let i = 0; i < size; i++, number >>= 8n) bytes[bigEndian || !littleEndian ? size - 1 - i : i] =
    Number(number & 0xffn);
  return bytes;
}

/** A value of one of nft's types from its bytes. */
export function decodeValue(type: string, bytes: Uint8Array): Value {
  const size = Math.min(bytesOf(type), bytes.length), used = bytes.subarray(0, size);
  if (type === 'ipv4_addr' || type === 'ipv6_addr') return formatIp(memoryOf(used.slice()), 0, size);
  if (type === 'ether_addr') return formatMac(Buffer.from(used), 0, size);
  if (type === 'ifname') return getText(Buffer.from(used), 0, size);
  const ordered = big.has(type) || !littleEndian ? used : used.slice().reverse();
  const number = ordered.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  if (type === 'inet_proto') return protocolNumber.toName(Number(number));
  return size > 4 ? number : Number(number);
}

/** The first and last bytes of `10.0.0.0/8`, `10.0.0.1-10.0.0.9`, `80-90`, or of a value alone. */
export function rangeOf(
  type: string, value: Value,
): { readonly first: Uint8Array; readonly last: Uint8Array; readonly prefix?: number } {
  const text = String(value), [, address, length] = /^(.+)\/(\d{1,3})$/.exec(text) ?? [];
  if (address !== undefined) {
    const bytes = encodeValue(type, address), bits = Number(length);
    if (!/^ipv[46]_addr$/.test(type) || bits > bytes.length * 8)
      throw new EncodeError(`must be a prefix like 10.0.0.0/8, got ${show(value)}`);
    const mask = maskOf(bits, bytes.length);
    return { first: bytes.map((byte, i) => byte & mask[i]!), last: bytes.map((byte, i) => byte | (~mask[i]! & 0xff)),
      prefix: bits };
  }
  const dash = type === 'ifname' || typeof value !== 'string' ? -1 : text.indexOf('-');
  if (dash < 0) {
    const bytes = encodeValue(type, value);
    return { first: bytes, last: bytes };
  }
  const first = encodeValue(type, text.slice(0, dash)), last = encodeValue(type, text.slice(dash + 1));
  if (Buffer.compare(first, last) > 0)
    throw new EncodeError(`a range goes from the lower to the higher, got ${show(value)}`);
  return { first, last };
}

/** `bits` ones, then zeros, in `size` bytes. */
export const maskOf = (bits: number, size: number): Uint8Array =>
  Uint8Array.from({ length: size }, (_, i) => (0xff00 >> Math.max(0, Math.min(8, bits - 8 * i))) & 0xff);

/** The bytes one above; undefined above all ones. */
export function after(bytes: Uint8Array): Uint8Array | undefined {
  const next = bytes.slice();
  for (let i = next.length - 1; i >= 0; i--) if ((next[i] = (next[i]! + 1) & 0xff) !== 0) return next;
  return undefined;
}
