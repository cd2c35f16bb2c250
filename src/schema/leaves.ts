import { formatIp, formatIPv4, formatIPv6, parseIp, parseIPv4, parseIPv6, repeatedIPv4 } from '../bytes/ip.ts';
import { formatMac, hex, parseMac } from '../bytes/hex.ts';
import { encodeText, getText, repeatedText } from '../bytes/text.ts';
import type { Memory } from '../bytes/memory.ts';
import { EncodeError } from '../errors.ts';
import { attributeLimit } from '../wire/header.ts';
import { show, type Codec } from './codec.ts';
import { sourced, type Source } from './source.ts';

/** What stands for no character and, as U+DC80..U+DCFF would, for no byte. */
const half = /[\ud800-\udc7f\udd00-\udfff]/u;

/** Text with a NUL behind it when written; `most` counts its bytes without the NUL. */
export function text(most = attributeLimit - 1, nul = true): Codec<string> {
  return {
    label: 'string', size: 0,
    read: sourced((m, at, end) => getText(m.bytes, at, end), (site) => `${site.use(repeatedText())}(m.bytes, ${site.at}, ${site.end})`),
    write(w, value) {
      if (typeof value !== 'string') throw new EncodeError(`must be a string, got ${show(value)}`);
      if (value.length <= most && w.ascii(value, nul)) return;
      if (value.includes('\0')) throw new EncodeError('must not hold a NUL');
      if (half.test(value)) throw new EncodeError(`holds half of a surrogate pair, got ${show(value)}`);
      const bytes = encodeText(value);
      if (bytes.length > most) throw new EncodeError(`must be at most ${most} bytes long, got ${bytes.length}`);
      w.bytes(bytes);
      if (nul) w.u8(0);
    },
  };
}

export const cstring = text();

const shortText = text(15);

/** The name of an interface: 1 to 15 bytes (IFNAMSIZ), no slash, colon or white space, neither `.` nor `..`; the others may be any. */
export const interfaceName: Codec<string> = {
  ...shortText,
  label: 'interface name',
  write(w, value, owner, base) {
    checkInterfaceName(value);
    shortText.write(w, value, owner, base);
  },
};

/** Throws an EncodeError where the kernel would not take `value` as an interface's name. */
export function checkInterfaceName(value: unknown): asserts value is string {
  const wrong = typeof value === 'string' ? wrongName(value) : `must be an interface name, got ${show(value)}`;
  if (wrong !== undefined) throw new EncodeError(wrong);
}

export const isInterfaceName = (text: string): boolean => wrongName(text) === undefined;

/** What nearly all names are made of. */
const usual = /^[\w-][\w.-]{0,14}$/;

/** Why the kernel does not take a name, in words (`dev_valid_name`): it looks at bytes, and knows of no UTF-8. */
function wrongName(name: string): string | undefined {
  if (usual.test(name)) return undefined;
  if (name === '') return 'an interface name must not be empty';
  const bytes = encodeText(name);
  if (bytes.length > 15) return `an interface name has at most 15 bytes, ${show(name)} has ${bytes.length}`;
  if (name === '.' || name === '..' || /[\0\t-\r /:]/.test(name)) return `an interface name has no slash, colon or white space and is not "." or "..", got ${show(name)}`;
  return bytes.includes(0xa0) ? `an interface name cannot have the byte 0xa0, which the kernel takes for white space, got ${show(name)}` : undefined;
}

/** Bytes as they are. */
export const binary: Codec<Uint8Array> = {
  label: 'bytes', size: 0,
  read: sourced((m, at, end) => copyOf(m, at, end), (site) => `${site.use(copyOf)}(m, ${site.at}, ${site.end})`),
  write(w, value) {
    if (!(value instanceof Uint8Array)) throw new EncodeError(`must be a Uint8Array, got ${show(value)}`);
    w.bytes(value);
  },
};

/** Exactly `size` bytes. */
export const octets = (size: number): Codec<Uint8Array> => ({
  label: `${size} bytes`, size,
  read: sourced((m, at) => copyOf(m, at, at + size), (site) => `${site.use(copyOf)}(m, ${site.at}, ${site.at} + ${size})`),
  write(w, value) {
    if (!(value instanceof Uint8Array) || value.length !== size) throw new EncodeError(`must be a Uint8Array of ${size} bytes, got ${show(value)}`);
    w.bytes(value);
  },
});

/** A copy that lives on when the receive buffer is used again. */
export const copyOf = (m: Memory, at: number, end: number): Uint8Array => new Uint8Array(m.bytes.subarray(at, end));

/** A link-layer address of any length, `02:42:ac:11:00:02`; a tunnel's is an IP address and is written so by `ip` alone. */
export const mac: Codec<string> = {
  label: 'link-layer address', size: 0,
  read: sourced((m, at, end) => formatMac(m.bytes, at, end), (site) => `${site.use(formatMac)}(m.bytes, ${site.at}, ${site.end})`, true),
  write(w, value) {
    const bytes = typeof value === 'string' ? parseMac(value) : undefined;
    if (!bytes) throw new EncodeError(`must be a link-layer address like 02:42:ac:11:00:02, got ${show(value)}`);
    w.bytes(bytes);
  },
};

/** A link-layer address of exactly six bytes. */
export const mac6: Codec<string> = {
  label: 'MAC address', size: 6,
  read: sourced((m, at) => formatMac(m.bytes, at, at + 6), (site) => `${site.use(formatMac)}(m.bytes, ${site.at}, ${site.at} + 6)`),
  write(w, value) {
    const bytes = typeof value === 'string' ? parseMac(value) : undefined;
    if (bytes?.length !== 6) throw new EncodeError(`must be a MAC address like 02:42:ac:11:00:02, got ${show(value)}`);
    w.bytes(bytes);
  },
};

function address(
  label: string, size: number, format: (m: Memory, at: number) => string, parse: (text: string) => Uint8Array | undefined, like: string,
): Codec<string> {
  return {
    label, size,
    read: sourced((m, at) => format(m, at), (site) => `${site.use(format)}(m, ${site.at})`),
    write(w, value) {
      const bytes = typeof value === 'string' ? parse(value) : undefined;
      if (!bytes) throw new EncodeError(`must be an ${label} address like ${like}, got ${show(value)}`);
      w.bytes(bytes);
    },
  };
}

export const ipv4 = address('IPv4', 4, formatIPv4, parseIPv4, '192.0.2.1');
export const ipv6 = address('IPv6', 16, formatIPv6, parseIPv6, '2001:db8::1');

/** The source of an address of either family. */
export const ipSource: Source = (site) => `${site.use(site.length === 4 ? repeatedIPv4() : formatIPv6)}(m, ${site.at})`;

/** An address of either family: four bytes are IPv4, sixteen IPv6. */
export const ip: Codec<string> = {
  label: 'IP', size: 0,
  fits: (length) => length === 4 || length === 16,
  read: sourced((m, at, end) => formatIp(m, at, end), ipSource),
  write(w, value) {
    const bytes = typeof value === 'string' ? parseIp(value) : undefined;
    if (!bytes) throw new EncodeError(`must be an IP address, got ${show(value)}`);
    w.bytes(bytes);
  },
};

/** An attribute without a payload, whose presence is the message: true is sent, false is not. */
export const flag: Codec<boolean> = {
  label: 'flag', size: 0,
  read: sourced(() => true, () => 'true', true),
  write() {},
  put(w, type, value) {
    if (typeof value !== 'boolean') throw new EncodeError(`must be true or false, got ${show(value)}`);
    if (value) w.close(w.open(type));
  },
};

/** Hex digits for bytes that are better looked at than used: a GUID, a cookie. */
export const hexadecimal: Codec<string> = {
  label: 'hex', size: 0,
  read: (m, at, end) => hex(m.bytes, at, end),
  write(w, value) {
    if (typeof value !== 'string' || value.length % 2 !== 0 || !/^[0-9a-f]*$/i.test(value)) throw new EncodeError(`must be hex digits, got ${show(value)}`);
    w.bytes(Buffer.from(value, 'hex'));
  },
};
