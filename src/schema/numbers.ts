import {
  get16, get32, get64, getInt32, littleEndian, set16, set32, set64, swap16, swap32, type Memory,
} from '../bytes/memory.ts';
import type { Writer } from '../bytes/writer.ts';
import { EncodeError } from '../errors.ts';
import { NLA_F_NET_BYTEORDER } from '../wire/header.ts';
import { show, type Codec } from './codec.ts';
import { sourced, through, type Site } from './source.ts';

type Get<T> = (m: Memory, at: number) => T;
type Set<T> = (m: Memory, at: number, value: T) => void;

/** A whole number of `size` bytes from `least` to `most`; `source` reads it as `get` does. */
function integer(
  label: string, size: number, least: number, most: number, get: Get<number>, set: Set<number>, source: (site: Site) => string, flags?: number,
): Codec<number> {
  return {
    label, size, numeric: true, ...(flags === undefined ? {} : { flags }),
    read: sourced((m, at) => get(m, at), source),
    write(w, value) {
      if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > most)
        throw new EncodeError(`must be a whole number from ${least} to ${most}, got ${show(value)}`);
      const at = w.take(size);
      set(w.memory, at, value);
    },
  };
}

function bigInteger(
  label: string, least: bigint, most: bigint, get: Get<bigint>, set: Set<bigint>, flags?: number,
): Codec<bigint> {
  return {
    label, size: 8, ...(flags === undefined ? {} : { flags }),
    read: sourced((m, at) => get(m, at), (site) => `${site.use(get)}(m, ${site.at})`),
    write(w, value) {
      if (typeof value !== 'bigint' || value < least || value > most)
        throw new EncodeError(`must be a bigint from ${least} to ${most}, got ${show(value)}`);
      const at = w.take(8);
      set(w.memory, at, value);
    },
  };
}

const get8 = (m: Memory, at: number): number => m.bytes[at]!;
const set8 = (m: Memory, at: number, value: number): void => { m.bytes[at] = value; };
const getBig16 = littleEndian ? (m: Memory, at: number) => swap16(get16(m, at)) : get16;
const getBig32 = littleEndian ? (m: Memory, at: number) => swap32(get32(m, at)) : get32;
const setBig16 = littleEndian ? (m: Memory, at: number, v: number) => set16(m, at, swap16(v)) : set16;
const setBig32 = littleEndian ? (m: Memory, at: number, v: number) => set32(m, at, swap32(v)) : set32;

const plain8 = (site: Site): string => site.u8(0), plain16 = (site: Site): string => site.u16(0), plain32 = (site: Site): string => site.u32(0);
const swapped16 = littleEndian ? (site: Site): string => `${site.use(swap16)}(${site.u16(0)})` : plain16;
const swapped32 = littleEndian ? (site: Site): string => `${site.use(swap32)}(${site.u32(0)})` : plain32;

export const u8 = integer('u8', 1, 0, 0xff, get8, set8, plain8);
export const u16 = integer('u16', 2, 0, 0xffff, get16, set16, plain16);
export const u32 = integer('u32', 4, 0, 0xffffffff, get32, set32, plain32);
export const s8 = integer('s8', 1, -0x80, 0x7f, (m, at) => (get8(m, at) << 24) >> 24, (m, at, v) => set8(m, at, v & 0xff),
  (site) => `(${site.u8(0)} << 24 >> 24)`);
export const s16 = integer('s16', 2, -0x8000, 0x7fff, (m, at) => (get16(m, at) << 16) >> 16, (m, at, v) => set16(m, at, v & 0xffff),
  (site) => `(${site.u16(0)} << 16 >> 16)`);
export const s32 = integer('s32', 4, -0x80000000, 0x7fffffff, getInt32, (m, at, v) => set32(m, at, v >>> 0),
  (site) => `(${site.u32(0)} | 0)`);
export const u64 = bigInteger('u64', 0n, 0xffffffffffffffffn, get64, set64);
export const s64 = bigInteger('s64', -0x8000000000000000n, 0x7fffffffffffffffn,
  (m, at) => BigInt.asIntN(64, get64(m, at)), (m, at, v) => set64(m, at, BigInt.asUintN(64, v)));

/** Numbers in network byte order, which no flag of the attribute's type announces. */
export const be16 = integer('be16', 2, 0, 0xffff, getBig16, setBig16, swapped16);
export const be32 = integer('be32', 4, 0, 0xffffffff, getBig32, setBig32, swapped32);
export const be64 = bigInteger('be64', 0n, 0xffffffffffffffffn,
  (m, at) => m.bytes.readBigUInt64BE(at), (m, at, v) => { m.bytes.writeBigUInt64BE(v, at); });

/** The same with NLA_F_NET_BYTEORDER set in the attribute's type when written. */
export const net16 = integer('net16', 2, 0, 0xffff, getBig16, setBig16, swapped16, NLA_F_NET_BYTEORDER);
export const net32 = integer('net32', 4, 0, 0xffffffff, getBig32, setBig32, swapped32, NLA_F_NET_BYTEORDER);
export const net64 = bigInteger('net64', 0n, 0xffffffffffffffffn,
  (m, at) => m.bytes.readBigUInt64BE(at), (m, at, v) => { m.bytes.writeBigUInt64BE(v, at); }, NLA_F_NET_BYTEORDER);

/** A number of 4 or 8 bytes, as NLA_UINT is: 8 bytes are read where 8 are there, 4 are written where 4 suffice. */
export const uint: Codec<bigint> = {
  label: 'uint', size: 0,
  fits: (length) => length >= 4,
  read: (m, at, end) => (end - at >= 8 ? get64(m, at) : BigInt(get32(m, at))),
  write(w, value, owner, base) {
    if (typeof value === 'bigint' && value >= 0n && value <= 0xffffffffn) u32.write(w, Number(value), owner, base);
    else u64.write(w, value, owner, base);
  },
};

/** Yes or no in a number of the given width; any number but 0 is yes. */
function truth(label: string, number: Codec<number>): Codec<boolean> {
  return {
    label, size: number.size,
    read: sourced((m, at, end, owner, base) => number.read(m, at, end, owner, base) !== 0, through(number, (n) => `(${n} !== 0)`)),
    write(w: Writer, value, owner, base) {
      if (typeof value !== 'boolean') throw new EncodeError(`must be true or false, got ${show(value)}`);
      number.write(w, value ? 1 : 0, owner, base);
    },
  };
}

export const bool8 = truth('bool8', u8);
export const bool16 = truth('bool16', u16);
export const bool32 = truth('bool32', u32);

/**
 * Hundredths of a second (USER_HZ, which is 100 on every Linux architecture in use): seconds for the user,
 * fractions allowed, rounded to the kernel's grain.
 */
export const clockTicks: Codec<number> = {
  label: 'clock ticks', size: 4, numeric: true,
  read: sourced((m, at) => get32(m, at) / 100, (site) => `${site.u32(0)} / 100`),
  write(w, value, owner, base) {
    if (typeof value !== 'number' || !(value >= 0 && value <= 42949672.95))
      throw new EncodeError(`must be seconds from 0 to 42949672.95, got ${show(value)}`);
    u32.write(w, Math.round(value * 100), owner, base);
  },
};

/** The same in 64 bits: many times of the bridge are. */
export const clockTicks64: Codec<number> = {
  label: 'clock ticks', size: 8, numeric: true,
  read: sourced((m, at) => Number(get64(m, at)) / 100, (site) => `Number(${site.use(get64)}(m, ${site.at})) / 100`),
  write(w, value, owner, base) {
    if (typeof value !== 'number' || !(value >= 0 && value <= 9007199254740991 / 100))
      throw new EncodeError(`must be seconds, 0 or more, got ${show(value)}`);
    u64.write(w, BigInt(Math.round(value * 100)), owner, base);
  },
};
