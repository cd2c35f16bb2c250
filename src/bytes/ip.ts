import { get16, get32, littleEndian, swap16, type Memory } from './memory.ts';

const dotted = Array.from({ length: 256 }, (_, byte) => `${byte}.`);
const slash = Array.from({ length: 256 }, (_, length) => `/${length}`);
const plain = Array.from({ length: 256 }, (_, byte) => `${byte}`);

/** So many addresses are met before the tables for their halves are made: they take a megabyte. */
const manyAddresses = 256;

/** The IPv4 address in the four bytes at `at`. Of many, the halves are looked up: that makes one string in place of five. */
export function formatIPv4(m: Memory, at: number): string {
  const { bytes, u16, halves } = m;
  const { first, last } = halves;
  if (first === undefined || last === undefined || (at & 1) !== 0) {
    if (++halves.met === manyAddresses) {
      halves.first = new Array(0x10000);
      halves.last = new Array(0x10000);
    }
    return dotted[bytes[at]!]! + dotted[bytes[at + 1]!]! + dotted[bytes[at + 2]!]! + plain[bytes[at + 3]!]!;
  }
  const a = u16[at >> 1]!, b = u16[(at >> 1) + 1]!;
  return (first[a] ??= dotted[bytes[at]!]! + dotted[bytes[at + 1]!]!) + (last[b] ??= dotted[bytes[at + 2]!]! + plain[bytes[at + 3]!]!);
}

/** `formatIPv4` for a place where the same address comes again and again, as the gateway of many routes. */
export function repeatedIPv4(): (m: Memory, at: number) => string {
  let bits = -1, text = '';
  return (m, at) => {
    const next = get32(m, at);
    if (next !== bits) {
      bits = next;
      text = formatIPv4(m, at);
    }
    return text;
  };
}

/** The IPv6 address in the sixteen bytes at `at`, spelt as RFC 5952 asks. */
export function formatIPv6(m: Memory, at: number): string {
  const words: number[] = [];
  for (let i = 0; i < 16; i += 2) {
    const word = get16(m, at + i);
    words.push(littleEndian ? swap16(word) : word);
  }
  // the last two words are written dotted only where the address is an IPv4-mapped one
  if (words[5] === 0xffff && words.slice(0, 5).every((word) => word === 0)) return `::ffff:${formatIPv4(m, at + 12)}`;
  let best = -1, length = 1; // one zero word alone is not shortened
  for (let i = 0; i < 8; i++) {
    let run = 0;
    while (i + run < 8 && words[i + run] === 0) run++;
    if (run > length) [best, length] = [i, run];
    if (run > 0) i += run - 1;
  }
  if (best < 0) return words.map((word) => word.toString(16)).join(':');
  const left = words.slice(0, best).map((word) => word.toString(16)).join(':');
  const right = words.slice(best + length).map((word) => word.toString(16)).join(':');
  return `${left}::${right}`;
}

/**
 * An address with the length of its prefix: `10.0.0.0/8`. Of many networks of IPv4, two parts are looked up, `10.1.` and
 * `2.0/24`: most of what a long list of routes takes is their text, and so it has one string less.
 */
export function formatPrefix(m: Memory, at: number, end: number, length: number): string {
  if (end - at !== 4) return formatIPv6(m, at) + slash[length]!;
  const { bytes, u16, halves } = m, { first } = halves;
  if (first === undefined || (at & 1) !== 0 || length > 24 || bytes[at + 3] !== 0) return formatIPv4(m, at) + slash[length]!;
  const a = u16[at >> 1]!, third = bytes[at + 2]!, last = (halves.ends ??= [])[length] ??= new Array(256);
  return (first[a] ??= dotted[bytes[at]!]! + dotted[bytes[at + 1]!]!) + (last[third] ??= `${third}.0${slash[length]!}`);
}

/** `formatPrefix` for places where the same comes again at once: what is there twice is one string then, in which there is nothing to compare. */
export function repeatedPrefix(): typeof formatPrefix {
  let bits = -1, of = -1, text = '';
  return (m, at, end, length) => {
    if (end - at !== 4) return formatPrefix(m, at, end, length);
    const next = get32(m, at);
    if (next !== bits || length !== of) {
      bits = next;
      of = length;
      text = formatPrefix(m, at, end, length);
    }
    return text;
  };
}

/** Four bytes, or undefined where the text is no IPv4 address. `010.1.1.1` is refused: some read it as octal. */
export function parseIPv4(text: string): Uint8Array | undefined {
  const bits = bitsOfIPv4(text, text.length);
  return bits < 0 ? undefined : Uint8Array.of(bits >>> 24, bits >>> 16, bits >>> 8, bits);
}

/** The number that the first `end` characters spell as an IPv4 address, the first byte highest; -1 where they spell none. */
export function bitsOfIPv4(text: string, end: number): number {
  let bits = 0, part = 0, digits = 0, dots = 0;
  for (let i = 0; i <= end; i++) {
    const code = i < end ? text.charCodeAt(i) : dot;
    if (code === dot) {
      if (digits === 0 || part > 255 || ++dots > 4) return -1;
      bits = bits * 256 + part;
      part = digits = 0;
    } else {
      if (code < zero || code > zero + 9 || (digits === 1 && part === 0) || ++digits > 3) return -1;
      part = part * 10 + code - zero;
    }
  }
  return dots === 4 ? bits : -1;
}

const dot = 46, zero = 48;

/** Sixteen bytes, or undefined where the text is no IPv6 address. A zone (`%eth0`) is no part of an address. */
export function parseIPv6(text: string): Uint8Array | undefined {
  let head = text, tail: Uint8Array | undefined;
  if (text.includes('.')) { // ::ffff:192.0.2.1
    const colon = text.lastIndexOf(':');
    if (colon < 0) return undefined;
    tail = parseIPv4(text.slice(colon + 1));
    if (!tail) return undefined;
    head = `${text.slice(0, colon + 1)}0:0`;
  }
  const halves = head.split('::');
  if (halves.length > 2) return undefined;
  const words = halves.map((half) => (half === '' ? [] : half.split(':')));
  const count = words.reduce((sum, half) => sum + half.length, 0);
  if (halves.length === 1 ? count !== 8 : count > 7) return undefined;
  if (!words.flat().every((word) => /^[0-9a-f]{1,4}$/i.test(word))) return undefined;
  const all = [...words[0]!, ...Array<string>(8 - count).fill('0'), ...(words[1] ?? [])];
  const bytes = new Uint8Array(16);
  all.forEach((word, i) => {
    const value = parseInt(word, 16);
    bytes[2 * i] = value >>> 8;
    bytes[2 * i + 1] = value & 0xff;
  });
  if (tail) bytes.set(tail, 12);
  return bytes;
}

/** The bytes of an address of either family. */
export const parseIp = (text: string): Uint8Array | undefined => (text.includes(':') ? parseIPv6(text) : parseIPv4(text));

/** An address from its bytes: IPv4 where there are four, IPv6 where there are sixteen. */
export const formatIp = (m: Memory, at: number, end: number): string =>
  end - at === 4 ? formatIPv4(m, at) : formatIPv6(m, at);

/** `10.0.0.0/8`, `2001:db8::/32`, or an address alone, whose length is then its full width in bits. */
export function parsePrefix(text: string): { readonly bytes: Uint8Array; readonly length: number } | undefined {
  const slash = text.indexOf('/');
  const bytes = parseIp(slash < 0 ? text : text.slice(0, slash));
  if (!bytes) return undefined;
  const length = slash < 0 ? bytes.length * 8 : lengthBehind(text, slash);
  return length >= 0 && length <= bytes.length * 8 ? { bytes, length } : undefined;
}

/** The length of a prefix, which is spelt behind its slash; -1 where it is none. */
export function lengthBehind(text: string, slash: number): number {
  const digits = text.length - slash - 1;
  if (digits < 1 || digits > 3) return -1;
  let length = 0;
  for (let i = slash + 1; i < text.length; i++) {
    const digit = text.charCodeAt(i) - zero;
    if (digit < 0 || digit > 9) return -1;
    length = length * 10 + digit;
  }
  return length;
}
