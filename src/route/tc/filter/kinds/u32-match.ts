import { parseIp } from '../../../../bytes/ip.ts';
import { EncodeError } from '../../../../errors.ts';
import { show } from '../../../../schema/codec.ts';
import type { U32Key } from './u32.ts';

/** What `u32Match` makes keys of. Addresses may have a prefix length. Ports stand where there are no IP options. */
export interface U32Fields {
  src?: string;
  dst?: string;
  /** The number of the protocol: 6 is TCP. */
  protocol?: number;
  sport?: number;
  dport?: number;
  /** Type of service, or traffic class. */
  tos?: number;
}

/** The keys of a u32 filter, as `match ip src A match ip protocol N 0xff ...` (`match ip6 ...` of IPv6) makes them. */
export function u32Match(fields: U32Fields): U32Key[] {
  const v6 = (fields.src ?? fields.dst ?? '').includes(':'), keys: U32Key[] = [];
  const key = (off: number, mask: number, val: number): void => void keys.push({ mask: mask >>> 0, val: (val & mask) >>> 0, off, offmask: 0 });
  const number = (name: 'protocol' | 'sport' | 'dport' | 'tos', most: number): number | undefined => {
    const value = fields[name];
    if (value !== undefined && (!Number.isInteger(value) || value < 0 || value > most)) throw new EncodeError(`must be from 0 to ${most}, got ${show(value)}`, name);
    return value;
  };
  const address = (name: 'src' | 'dst', off: number): void => {
    if (fields[name] === undefined) return;
    for (const word of words(fields[name], name, v6)) key(off + word.at, word.mask, word.val);
  };
  const protocol = number('protocol', 255), sport = number('sport', 65535), dport = number('dport', 65535), tos = number('tos', 255);
  address('src', v6 ? 8 : 12);
  address('dst', v6 ? 24 : 16);
  if (protocol !== undefined) v6 ? key(4, 0xff00, protocol << 8) : key(8, 0xff0000, protocol << 16);
  if (sport !== undefined) key(v6 ? 40 : 20, 0xffff0000, sport << 16);
  if (dport !== undefined) key(v6 ? 40 : 20, 0xffff, dport);
  if (tos !== undefined) v6 ? key(0, 0x0ff00000, tos << 20) : key(0, 0xff0000, tos << 16);
  return keys;
}

/** An address with its prefix as words of 32 bits; those that the prefix does not reach are left out. */
function words(text: string, field: string, v6: boolean): { at: number; mask: number; val: number }[] {
  const [ip, length] = text.split('/'), bytes = parseIp(ip!), bits = v6 ? 128 : 32, prefix = length === undefined ? bits : Number(length);
  if (bytes?.length !== bits / 8 || !Number.isInteger(prefix) || prefix < 0 || prefix > bits)
    throw new EncodeError(`must be an IPv${v6 ? 6 : 4} address like ${v6 ? '2001:db8::/32' : '10.0.0.0/8'}, got ${show(text)}`, field);
  const view = Buffer.from(bytes);
  return Array.from({ length: bits / 32 }, (_, i) => {
    const reach = Math.min(Math.max(prefix - i * 32, 0), 32);
    return { at: i * 4, mask: reach === 0 ? 0 : (0xffffffff << (32 - reach)) >>> 0, val: view.readUInt32BE(i * 4) };
  }).filter(({ mask }, i) => mask !== 0 || (prefix === 0 && i === 0));
}
