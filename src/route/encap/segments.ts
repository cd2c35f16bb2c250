import { formatIPv6, parseIPv6 } from '../../bytes/ip.ts';
import { get32, type Memory } from '../../bytes/memory.ts';
import type { Writer } from '../../bytes/writer.ts';
import { DecodeError, EncodeError } from '../../errors.ts';
import { choice, type Choice } from '../../schema/choice.ts';
import { checkObject, show, type Codec } from '../../schema/codec.ts';
import { copyOf } from '../../schema/leaves.ts';
import { s32 } from '../../schema/numbers.ts';

/** SEG6_IPTUN_MODE_ of include/uapi/linux/seg6_iptunnel.h */
export const seg6Mode = choice(s32, {
  inline: ['SEG6_IPTUN_MODE_INLINE', 0],
  encap: ['SEG6_IPTUN_MODE_ENCAP', 1],
  l2encap: ['SEG6_IPTUN_MODE_L2ENCAP', 2],
  'encap.red': ['SEG6_IPTUN_MODE_ENCAP_RED', 3],
  'l2encap.red': ['SEG6_IPTUN_MODE_L2ENCAP_RED', 4],
});

/** A segment routing header (RFC 8754), as far as it is chosen by its maker. */
export interface SegmentRouting {
  /** IPv6 addresses in the order they are visited. */
  readonly segments: readonly string[];
  readonly flags?: number | undefined;
  readonly tag?: number | undefined;
  /** What lies behind the segments: TLVs, a multiple of 8 bytes. */
  readonly tlvs?: Uint8Array | undefined;
}

/** Of an encapsulation, `mode` says how the header is put in. */
export interface Seg6Encap extends SegmentRouting {
  readonly mode: Choice<typeof seg6Mode.names>;
}

/**
 * `struct ipv6_sr_hdr` of include/uapi/linux/seg6.h; the segments lie in it backwards:
 *
 *      0         1        2      3      4       5       6     8
 *      +---------+--------+------+------+-------+-------+-----+------------
 *      | nexthdr | length | type | left | first | flags | tag | segments[]
 *      +---------+--------+------+------+-------+-------+-----+------------
 */
export const srh: Codec<SegmentRouting> = {
  label: 'struct ipv6_sr_hdr', size: 8,
  read: (m, at, end) => readHeader(m, at, end),
  write(w, value) {
    checkObject(value);
    writeHeader(w, value, value.segments);
  },
};

/** `struct seg6_iptunnel_encap`: the mode and the header. Inline, the last segment `::` is where the packet's own destination goes. */
export const seg6Header: Codec<Seg6Encap> = {
  label: 'struct seg6_iptunnel_encap', size: 12,
  read: (m, at, end) => ({ mode: seg6Mode.toName(get32(m, at) | 0), ...readHeader(m, at + 4, end) }),
  write(w, value, owner, base) {
    checkObject(value);
    const { mode, segments } = value;
    seg6Mode.write(w, mode, owner, base);
    const inline = mode === 'inline' && Array.isArray(segments) && segments.at(-1) !== '::';
    writeHeader(w, value, inline ? [...segments, '::'] : segments);
  },
};

function readHeader(m: Memory, at: number, end: number): SegmentRouting {
  const count = m.bytes[at + 4]! + 1, rest = at + 8 + 16 * count;
  if (rest > end) throw new DecodeError(`a segment routing header of ${count} segments in ${end - at} bytes`, at);
  const segments: string[] = [];
  for (let i = count - 1; i >= 0; i--) segments.push(formatIPv6(m, at + 8 + 16 * i));
  const flags = m.bytes[at + 5]!, tag = m.bytes.readUInt16BE(at + 6);
  return { segments, ...(flags ? { flags } : {}), ...(tag ? { tag } : {}), ...(rest < end ? { tlvs: copyOf(m, rest, end) } : {}) };
}

function writeHeader(w: Writer, { flags = 0, tag = 0, tlvs }: SegmentRouting, segments: readonly string[]): void {
  const addresses = addressesOf(segments);
  if (tlvs !== undefined && !(tlvs instanceof Uint8Array && tlvs.length % 8 === 0))
    throw new EncodeError(`must be a Uint8Array of a multiple of 8 bytes, got ${show(tlvs)}`, 'tlvs');
  for (const [field, value, most] of [['flags', flags, 0xff], ['tag', tag, 0xffff]] as const)
    if (!Number.isInteger(value) || value < 0 || value > most) throw new EncodeError(`must be a whole number from 0 to ${most}, got ${show(value)}`, field);
  const at = w.take(8), last = addresses.length - 1, { bytes } = w.memory;
  bytes[at + 1] = 2 * addresses.length + (tlvs?.length ?? 0) / 8;
  bytes[at + 2] = 4; // IPV6_SRCRT_TYPE_4
  bytes[at + 3] = bytes[at + 4] = last;
  bytes[at + 5] = flags;
  bytes.writeUInt16BE(tag, at + 6);
  for (const address of addresses.reverse()) w.bytes(address);
  if (tlvs) w.bytes(tlvs);
}

/**
 * `struct ipv6_rpl_sr_hdr` of include/uapi/linux/rpl.h, nothing compressed; its segments lie in the order they are
 * visited. `ip` says and takes them the other way round.
 */
export const rplHeader: Codec<{ readonly segments: readonly string[] }> = {
  label: 'struct ipv6_rpl_sr_hdr', size: 8,
  read(m, at, end) {
    const segments: string[] = [];
    for (let from = at + 8; from + 16 <= end && segments.length < m.bytes[at + 3]!; from += 16) segments.push(formatIPv6(m, from));
    return { segments };
  },
  write(w, value) {
    checkObject(value);
    const addresses = addressesOf(value.segments), at = w.take(8), { bytes } = w.memory;
    bytes[at + 1] = 2 * addresses.length;
    bytes[at + 2] = 3; // IPV6_SRCRT_TYPE_3
    bytes[at + 3] = addresses.length;
    for (const address of addresses) w.bytes(address);
  },
};

function addressesOf(segments: readonly string[]): Uint8Array[] {
  if (!Array.isArray(segments) || segments.length === 0 || segments.length > 126)
    throw new EncodeError(`must be 1 to 126 IPv6 addresses, got ${show(segments)}`, 'segments');
  return segments.map((segment, i) => {
    const bytes = typeof segment === 'string' ? parseIPv6(segment) : undefined;
    if (!bytes) throw new EncodeError(`must be an IPv6 address, got ${show(segment)}`, `segments[${i}]`);
    return bytes;
  });
}
