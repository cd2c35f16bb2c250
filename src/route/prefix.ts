import { bitsOfIPv4, formatIp, formatIPv4, formatIPv6, formatPrefix, lengthBehind, parsePrefix, repeatedPrefix } from '../bytes/ip.ts';
import { allocate, type Memory } from '../bytes/memory.ts';
import type { Writer } from '../bytes/writer.ts';
import { EncodeError } from '../errors.ts';
import { show, type Codec, type Owner } from '../schema/codec.ts';
import { ipSource } from '../schema/leaves.ts';
import { sourced } from '../schema/source.ts';
import { parseLabel, readLabel, writeLabel } from './mpls.ts';

/** An address of the family that `owner` says, if it says one. */
export function checkFamily(bytes: Uint8Array, value: string, owner: Owner): void {
  const wanted = owner['family'];
  if ((wanted === 'inet' && bytes.length !== 4) || (wanted === 'inet6' && bytes.length !== 16))
    throw new EncodeError(`must be an ${wanted === 'inet' ? 'IPv4' : 'IPv6'} address as the others are, got ${show(value)}`);
}

/** The bytes and length of a prefix as it is spelt; an EncodeError where it is none. */
export function prefixOf(value: unknown): { readonly bytes: Uint8Array; readonly length: number } {
  const parsed = typeof value === 'string' ? parsePrefix(value) : undefined;
  if (!parsed) throw new EncodeError(`must be an address with its prefix length like 192.0.2.0/24, got ${show(value)}`);
  return parsed;
}

/** Bytes of an address, for the functions that format them. */
export function formatAddress(bytes: Uint8Array): string {
  const m = allocate(16);
  m.bytes.set(bytes);
  return bytes.length === 4 ? formatIPv4(m, 0) : formatIPv6(m, 0);
}

const masked = (bytes: Uint8Array, length: number): Uint8Array =>
  bytes.map((byte, i) => byte & (0xff << Math.max(0, Math.min(8, 8 * (i + 1) - length))) & 0xff);

/** The network that a prefix lies in: `192.0.2.1/24` is in `192.0.2.0/24`. */
export function networkOf(value: string): string {
  const { bytes, length } = prefixOf(value);
  return `${formatAddress(masked(bytes, length))}/${length}`;
}

const bits = (m: Memory, base: number, lengthAt: number): number => m.bytes[base + lengthAt]!;

/**
 * An address in an attribute whose prefix length is the byte `lengthAt` of the message's fixed header: together
 * `192.0.2.1/24`. An address alone has its full length.
 */
export function addressWithLength(lengthAt: number): Codec<string> {
  const format = repeatedPrefix();
  return {
    label: 'address/length', size: 0,
    fits: (length) => length === 4 || length === 16,
    read: sourced((m, at, end, _owner, base) => formatPrefix(m, at, end, bits(m, base, lengthAt)),
      (site) => `${site.use(format)}(m, ${site.at}, ${site.end}, u8[${site.base} + ${lengthAt}])`),
    write(w, value, owner, base) {
      if (writeIPv4(w, value, owner, base + lengthAt, false)) return;
      const { bytes, length } = prefixOf(value);
      checkFamily(bytes, value, owner);
      w.bytes(bytes);
      w.memory.bytes[base + lengthAt] = length;
    },
  };
}

const readNetwork = (m: Memory, at: number, end: number, family: unknown, length: number): string =>
  family === 'mpls' ? String(readLabel(m, at)) : formatPrefix(m, at, end, length);

/**
 * A network in an attribute, its prefix length in the header's byte `lengthAt`: `10.0.0.0/8`, `default` for all
 * addresses, for which nothing is sent. An MPLS label is its number.
 */
export const network = (lengthAt: number): Codec<string> => {
  const codec: Codec<string> = {
    label: 'network', size: 0,
    fits: (length) => length === 4 || length === 16,
    read: sourced((m, at, end, owner, base) => readNetwork(m, at, end, owner['family'], bits(m, base, lengthAt)),
      (site) => `${site.use(readNetwork)}(m, ${site.at}, ${site.end}, ${site.sibling('family')}, u8[${site.base} + ${lengthAt}])`),
    write(w, value, owner, base) {
      if (owner['family'] === 'mpls') {
        writeLabel(w, parseLabel(value), true);
        w.memory.bytes[base + lengthAt] = 20;
        return;
      }
      if (writeIPv4(w, value, owner, base + lengthAt, true)) return;
      const { bytes, length } = prefixOf(value);
      checkFamily(bytes, value, owner);
      if (!masked(bytes, length).every((byte, i) => byte === bytes[i]))
        throw new EncodeError(`has bits behind its length of ${length}; the network is ${networkOf(value)}`);
      w.bytes(bytes);
      w.memory.bytes[base + lengthAt] = length;
    },
    put(w, type, value, owner, base) {
      if (value === 'default') return;
      const start = w.open(type);
      codec.write(w, value, owner, base);
      if (w.memory.bytes[base + lengthAt] === 0) w.at = start;
      else w.close(start);
    },
  };
  return codec;
};

/** Writes an IPv4 address or network as most are spelt, `10.0.0.0/8`; what is spelt otherwise or is wrong is left to the others. */
function writeIPv4(w: Writer, value: unknown, owner: Owner, lengthAt: number, network: boolean): boolean {
  if (typeof value !== 'string' || owner['family'] === 'inet6') return false;
  const slash = value.indexOf('/'), bits = slash < 0 ? -1 : bitsOfIPv4(value, slash), length = bits < 0 ? -1 : lengthBehind(value, slash);
  if (length < 0 || length > 32 || (network && length < 32 && (bits & (0xffffffff >>> length)) !== 0)) return false;
  putIPv4(w, bits);
  w.memory.bytes[lengthAt] = length;
  return true;
}

function putIPv4(w: Writer, bits: number): void {
  const at = w.take(4), { bytes } = w.memory;
  bytes[at] = bits >>> 24;
  bytes[at + 1] = bits >>> 16;
  bytes[at + 2] = bits >>> 8;
  bytes[at + 3] = bits;
}

/** An address of the family that the message has. */
export const familyAddress: Codec<string> = {
  label: 'IP', size: 0,
  fits: (length) => length === 4 || length === 16,
  read: sourced((m, at, end) => formatIp(m, at, end), ipSource),
  write(w, value, owner) {
    const bits = typeof value === 'string' && owner['family'] !== 'inet6' ? bitsOfIPv4(value, value.length) : -1;
    if (bits >= 0) return putIPv4(w, bits);
    const parsed = typeof value === 'string' && !value.includes('/') ? parsePrefix(value) : undefined;
    if (!parsed) throw new EncodeError(`must be an IP address, got ${show(value)}`);
    checkFamily(parsed.bytes, value, owner);
    w.bytes(parsed.bytes);
  },
};
