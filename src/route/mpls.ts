import type { Memory } from '../bytes/memory.ts';
import type { Writer } from '../bytes/writer.ts';
import { EncodeError } from '../errors.ts';
import { show, type Codec } from '../schema/codec.ts';

/**
 * An entry of an MPLS label stack (RFC 3032), include/uapi/linux/mpls.h:
 *
 *      0                    20      23       24    32
 *      +--------------------+-------+--------+-----+
 *      | label              | class | bottom | ttl |
 *      +--------------------+-------+--------+-----+
 */
const bottom = 0x100, mostLabel = 0xfffff;

export const readLabel = (m: Memory, at: number): number => m.bytes.readUInt32BE(at) >>> 12;

export function writeLabel(w: Writer, label: number, last: boolean): void {
  const at = w.take(4);
  w.memory.bytes.writeUInt32BE(((label << 12) | (last ? bottom : 0)) >>> 0, at);
}

export function parseLabel(value: unknown): number {
  const label = typeof value === 'string' && /^\d{1,7}$/.test(value) ? Number(value) : value;
  if (typeof label !== 'number' || !Number.isInteger(label) || label < 0 || label > mostLabel)
    throw new EncodeError(`must be an MPLS label from 0 to ${mostLabel}, got ${show(value)}`);
  return label;
}

/** A stack of MPLS labels, the outermost first. */
export const labelStack: Codec<number[]> = {
  label: 'MPLS labels', size: 0,
  fits: (length) => length >= 4 && length % 4 === 0,
  read(m, at, end) {
    const labels: number[] = [];
    for (; at + 4 <= end; at += 4) labels.push(readLabel(m, at));
    return labels;
  },
  write(w, value) {
    if (!Array.isArray(value) || value.length === 0) throw new EncodeError(`must be MPLS labels, got ${show(value)}`);
    value.forEach((label, i) => writeLabel(w, parseLabel(label), i === value.length - 1));
  },
};
