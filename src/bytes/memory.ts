import { errno } from '../errno.ts';
import { SystemError } from '../errors.ts';

/**
 * One stretch of memory, seen as bytes and as 16 and 32 bit numbers in the machine's own order, which is the
 * order netlink uses. Messages and attributes start on 4-byte borders, so nearly every read is one typed-array
 * access; the functions below fall back to single bytes where a number does not lie on its border.
 */
export interface Memory {
  readonly buffer: ArrayBuffer;
  readonly bytes: Buffer;
  readonly u16: Uint16Array;
  readonly u32: Uint32Array;
  readonly i32: Int32Array;
  /** Texts of parts of addresses that were met here before: see ip.ts. */
  readonly halves: Halves;
}

/** Texts by number, made when the memory has seen many addresses: a dump has few different ones of 16 bits. */
export interface Halves {
  met: number;
  /** `10.0.` */
  first: string[] | undefined;
  /** `1.2` */
  last: string[] | undefined;
  /** By the length of the prefix, then by the third byte: `1.0/24` */
  ends: (string[] | undefined)[] | undefined;
}

/** Fresh memory; `size` in bytes is rounded up to a multiple of 8. Throws a SystemError where there is none. */
export const allocate = (size: number): Memory => room(size, Buffer.alloc);

/** The same without zeroing it, for what is received: nothing behind that is ever looked at. To touch so many pages takes longer than to open a socket. */
export const unzeroed = (size: number): Memory => room(size, Buffer.allocUnsafeSlow);

/** V8 and Node say in words of their own, and without a code, that there is no memory left. */
function room(size: number, make: (bytes: number) => Buffer): Memory {
  let bytes: Buffer;
  try {
    bytes = make(Math.ceil(size / 8) * 8);
  } catch (error) {
    throw new SystemError('malloc', -errno.ENOMEM, `of ${size} bytes`, { cause: error });
  }
  return view(bytes, noHalves());
}

/** The memory of `bytes`: no copy where they start on an 8-byte border and fill their buffer, a copy elsewhere. */
export function memoryOf(bytes: Uint8Array): Memory {
  const { buffer, byteOffset, byteLength } = bytes;
  if (byteOffset === 0 && buffer instanceof ArrayBuffer && (buffer.byteLength & 7) === 0 && buffer.byteLength === byteLength)
    return view(Buffer.from(buffer), noHalves());
  const copy = allocate(byteLength);
  copy.bytes.set(bytes);
  return copy;
}

/** A part of it, `size` bytes from `at` on, both multiples of 8. */
export const partOf = ({ buffer, bytes, halves }: Memory, at: number, size: number): Memory => view(Buffer.from(buffer, bytes.byteOffset + at, size), halves);

function view(bytes: Buffer, halves: Halves): Memory {
  const buffer = bytes.buffer as ArrayBuffer, { byteOffset, length } = bytes;
  return {
    buffer, bytes,
    u16: new Uint16Array(buffer, byteOffset, length >> 1),
    u32: new Uint32Array(buffer, byteOffset, length >> 2),
    i32: new Int32Array(buffer, byteOffset, length >> 2),
    halves,
  };
}

/** None of them is a literal: of one that holds others, each copy is made in C++. */
const noHalves = (): Halves => ({ met: 0, first: undefined, last: undefined, ends: undefined });

/** Whether this machine stores the lowest byte first. */
export const littleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

export const get16 = (m: Memory, at: number): number =>
  (at & 1) === 0 ? m.u16[at >> 1]! : littleEndian ? m.bytes.readUInt16LE(at) : m.bytes.readUInt16BE(at);

export const get32 = (m: Memory, at: number): number =>
  (at & 3) === 0 ? m.u32[at >> 2]! : littleEndian ? m.bytes.readUInt32LE(at) : m.bytes.readUInt32BE(at);

export const getInt32 = (m: Memory, at: number): number => get32(m, at) | 0;

export function get64(m: Memory, at: number): bigint {
  const first = get32(m, at), second = get32(m, at + 4);
  const low = littleEndian ? first : second, high = littleEndian ? second : first;
  if (high !== 0) return (BigInt(high) << 32n) | BigInt(low);
  return low === 0 ? 0n : BigInt(low); // most counters are zero, and a literal costs nothing
}

export function set16(m: Memory, at: number, value: number): void {
  if ((at & 1) === 0) m.u16[at >> 1] = value;
  else if (littleEndian) m.bytes.writeUInt16LE(value & 0xffff, at);
  else m.bytes.writeUInt16BE(value & 0xffff, at);
}

export function set32(m: Memory, at: number, value: number): void {
  if ((at & 3) === 0) m.u32[at >> 2] = value;
  else if (littleEndian) m.bytes.writeUInt32LE(value >>> 0, at);
  else m.bytes.writeUInt32BE(value >>> 0, at);
}

export function set64(m: Memory, at: number, value: bigint): void {
  const low = Number(value & 0xffffffffn), high = Number((value >> 32n) & 0xffffffffn);
  set32(m, at, littleEndian ? low : high);
  set32(m, at + 4, littleEndian ? high : low);
}

/** The bytes of a 16 bit number the other way round. */
export const swap16 = (value: number): number => ((value & 0xff) << 8) | ((value >>> 8) & 0xff);

/** The bytes of a 32 bit number the other way round. */
export const swap32 = (value: number): number =>
  ((value >>> 24) | ((value >>> 8) & 0xff00) | ((value & 0xff00) << 8) | (value << 24)) >>> 0;
