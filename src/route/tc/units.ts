import { EncodeError } from '../../errors.ts';
import { show, type Codec } from '../../schema/codec.ts';
import { s64, u32, u64 } from '../../schema/numbers.ts';

const rates: { readonly [unit: string]: number } = {
  '': 1 / 8, bit: 1 / 8, kbit: 125, mbit: 125e3, gbit: 125e6, tbit: 125e9,
  kibit: 128, mibit: 128 * 1024, gibit: 128 * 1024 ** 2, tibit: 128 * 1024 ** 3,
  bps: 1, kbps: 1e3, mbps: 1e6, gbps: 1e9, tbps: 1e12, kibps: 1024, mibps: 1024 ** 2, gibps: 1024 ** 3, tibps: 1024 ** 4,
};

const sizes: { readonly [unit: string]: number } = {
  '': 1, b: 1, k: 1024, kb: 1024, m: 1024 ** 2, mb: 1024 ** 2, g: 1024 ** 3, gb: 1024 ** 3,
  bit: 1 / 8, kbit: 1024 / 8, mbit: 1024 ** 2 / 8, gbit: 1024 ** 3 / 8,
};

const times: { readonly [unit: string]: number } = {
  s: 1e6, sec: 1e6, secs: 1e6, ms: 1e3, msec: 1e3, msecs: 1e3, '': 1, us: 1, usec: 1, usecs: 1, ns: 1e-3, nsec: 1e-3, nsecs: 1e-3,
};

function measure(text: string, units: { readonly [unit: string]: number }, like: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text) ?? [];
  const factor = unit === undefined ? undefined : units[unit.toLowerCase()];
  if (number === undefined || factor === undefined) throw new EncodeError(`must be spelt like ${like}, got ${show(text)}`);
  return Number(number) * factor;
}

/** Bytes per second of a rate as `tc` spells it: `rate('10mbit')` is 1250000. Without a unit it is bits per second. */
export const rate = (text: string): number => Math.trunc(measure(text, rates, '10mbit, 512kbit or 1mbps'));

/** Bytes of a size as `tc` spells it: `size('32kb')` is 32768. */
export const size = (text: string): number => Math.trunc(measure(text, sizes, '1600, 32kb or 1mb'));

/** Microseconds of a time as `tc` spells it: `time('50ms')` is 50000. */
export const time = (text: string): number => measure(text, times, '50ms, 2s or 100us');

/** Refuses what is no amount that a number holds exactly. */
export function checkAmount(value: unknown, key: string, most = Number.MAX_SAFE_INTEGER): asserts value is number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > most)
    throw new EncodeError(`must be a whole number from 0 to ${most}, got ${show(value)}`, key);
}

/** Bytes per second in 64 bits: a number, exact up to 2^53. */
export const rate64: Codec<number> = {
  label: 'bytes/s', size: 8,
  read: (m, at, end, owner, base) => Number(u64.read(m, at, end, owner, base)),
  write(w, value, owner, base) {
    checkAmount(value, '');
    u64.write(w, BigInt(value), owner, base);
  },
};

/** Nanoseconds in 64 bits, shown as microseconds with fractions. */
export const micros64: Codec<number> = {
  label: 'us', size: 8,
  read: (m, at, end, owner, base) => Number(s64.read(m, at, end, owner, base)) / 1000,
  write(w, value, owner, base) {
    if (typeof value !== 'number' || !Number.isFinite(value)) throw new EncodeError(`must be a number of microseconds, got ${show(value)}`);
    s64.write(w, BigInt(Math.round(value * 1000)), owner, base);
  },
};

/** A probability or correlation from 0 to 1, in 32 bits: `tc`'s percents divided by 100. */
export const fraction: Codec<number> = {
  label: 'fraction', size: 4,
  read: (m, at, end, owner, base) => u32.read(m, at, end, owner, base) / 0xffffffff,
  write(w, value, owner, base) {
    if (typeof value !== 'number' || !(value >= 0 && value <= 1)) throw new EncodeError(`must be from 0 to 1, got ${show(value)}`);
    u32.write(w, Math.round(value * 0xffffffff), owner, base);
  },
};

/** The same as a 32 bit share of 2^32, as RED has it. */
export const share: Codec<number> = {
  ...fraction, label: 'share of 2^32',
  read: (m, at, end, owner, base) => u32.read(m, at, end, owner, base) / 2 ** 32,
  write(w, value, owner, base) {
    if (typeof value !== 'number' || !(value >= 0 && value <= 1)) throw new EncodeError(`must be from 0 to 1, got ${show(value)}`);
    u32.write(w, Math.min(Math.trunc(value * 2 ** 32), 0xffffffff), owner, base);
  },
};
