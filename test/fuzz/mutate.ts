import type { Roll } from '../support/generate.ts';

/** Numbers at the edges of what lengths, types and counts can be. */
const edges = [0, 1, 2, 3, 4, 5, 7, 8, 12, 16, 20, 0x7f, 0x80, 0xff, 0x100, 0x3fff, 0x4000, 0x7fff, 0x8000, 0xfffe, 0xffff];

type Mutation = (bytes: Buffer, roll: Roll, other: () => Uint8Array) => Uint8Array;

const words = (length: number): number => Math.max(1, length >> 2);

const mutations: readonly Mutation[] = [
  // a bit, a byte
  (bytes, roll) => (bytes.length > 0 && (bytes[roll(bytes.length)]! ^= 1 << roll(8)), bytes),
  (bytes, roll) => (bytes.length > 0 && (bytes[roll(bytes.length)] = roll(256)), bytes),
  // a 16 bit number where attributes have their length and their type
  (bytes, roll) => put16(bytes, 4 * roll(words(bytes.length)) + 2 * roll(2), edges[roll(edges.length)]!),
  (bytes, roll) => put16(bytes, 4 * roll(words(bytes.length)), roll(64)),
  (bytes, roll) => put16(bytes, 4 * roll(words(bytes.length)), bytes.length - roll(Math.min(bytes.length, 64) + 1) + roll(8)),
  // a whole word
  (bytes, roll) => bytes.fill(roll(2) ? 0xff : 0, 4 * roll(words(bytes.length)), 4 * roll(words(bytes.length))),
  // cut, at any byte and on a border
  (bytes, roll) => bytes.subarray(0, roll(bytes.length + 1)),
  (bytes, roll) => bytes.subarray(0, 4 * roll(words(bytes.length) + 1)),
  // longer
  (bytes, roll) => Buffer.concat([bytes, noise(roll, roll(32))]),
  // a stretch twice, left out, in another place, of another message
  (bytes, roll) => {
    const [from, to] = stretch(bytes.length, roll);
    return Buffer.concat([bytes.subarray(0, to), bytes.subarray(from)]);
  },
  (bytes, roll) => {
    const [from, to] = stretch(bytes.length, roll);
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]);
  },
  (bytes, roll, other) => {
    const donor = other(), [from, to] = stretch(donor.length, roll), at = 4 * roll(words(bytes.length));
    return Buffer.concat([bytes.subarray(0, at), donor.subarray(from, to), bytes.subarray(at)]);
  },
  // a stretch within a nest of its own
  (bytes, roll) => {
    const [from, to] = stretch(bytes.length, roll), head = Buffer.alloc(4);
    put16(put16(head, 0, Math.min(0xffff, to - from + 4)), 2, (roll(2) << 15) | roll(32));
    return Buffer.concat([bytes.subarray(0, from), head, bytes.subarray(from)]);
  },
];

/** Bytes that are nearly those of `seed`, or, now and then, nothing but noise. At most `most` of them. */
export function mutate(seed: Uint8Array, roll: Roll, other: () => Uint8Array, most = 8192): Buffer {
  if (roll(64) === 0) return noise(roll, roll(200));
  let bytes: Buffer = Buffer.from(seed);
  for (let left = 1 + roll(4); left > 0; left--) bytes = mutations[roll(mutations.length)]!(bytes, roll, other) as Buffer;
  return bytes.length > most ? bytes.subarray(0, most) : bytes;
}

const noise = (roll: Roll, length: number): Buffer => Buffer.from(Array.from({ length }, () => roll(256)));

function stretch(length: number, roll: Roll): [number, number] {
  const from = 4 * roll(words(length)), to = Math.min(length, from + 4 * (1 + roll(16)));
  return [Math.min(from, to), to];
}

function put16(bytes: Buffer, at: number, value: number): Buffer {
  if (at + 2 <= bytes.length) new DataView(bytes.buffer, bytes.byteOffset).setUint16(at, value & 0xffff, true);
  return bytes;
}
