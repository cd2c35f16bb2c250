import { EncodeError } from '../../errors.ts';
import { get32, set32 } from '../../bytes/memory.ts';
import { show, type Codec } from '../../schema/codec.ts';
import { choice } from '../../schema/choice.ts';
import { s16, u16, u32, u8 } from '../../schema/numbers.ts';
import { field, struct } from '../../schema/struct.ts';

/**
 * Nanoseconds of one tick of the packet scheduler's clock. /proc/net/psched says `000003e8 00000040 ...`: 1000 ns are
 * 1000/64 ticks; it has been so on every kernel since 2.6.31.
 */
const tick = 64;

/** Bytes that pass at `rate` bytes per second in one tick: the grain in which the kernel keeps a burst. */
const grain = (rate: number): number => (rate * tick) / 1e9;

/** Ticks that `bytes` take at `rate` bytes per second. */
export const ticksOf = (bytes: number, rate: number): number =>
  rate === 0 ? 0 : Math.min(Math.floor(bytes / grain(rate) + 1e-6), 0xffffffff);

/**
 * The bytes that a burst of some ticks was made of: the whole number that falls within the last tick, or the middle of
 * it where many do. So what is listed and set again stays the same; `tc` 6.1 cuts to whole microseconds both ways and
 * shows a little less each time.
 */
export function bytesOf(ticks: number, rate: number): number {
  const size = grain(rate);
  return size <= 1 ? Math.ceil(ticks * size - 1e-6) : Math.round((ticks + 0.5) * size);
}

/** A time in ticks, shown as microseconds; what is longer than 274 seconds is sent as that. */
export const tickMicros: Codec<number> = {
  label: 'ticks of 64 ns', size: 4,
  read: (m, at) => (get32(m, at) * tick) / 1000,
  write(w, value) {
    if (typeof value !== 'number' || !(value >= 0)) throw new EncodeError(`must be microseconds, 0 or more, got ${show(value)}`);
    const at = w.take(4);
    set32(w.memory, at, Math.min(Math.round((value * 1000) / tick), 0xffffffff));
  },
};

/** TC_LINKLAYER_ of include/uapi/linux/pkt_sched.h: what a packet costs on the line. */
export const linklayer = choice(u8, {
  unaware: ['TC_LINKLAYER_UNAWARE', 0],
  ethernet: ['TC_LINKLAYER_ETHERNET', 1],
  atm: ['TC_LINKLAYER_ATM', 2],
});

/** `struct tc_ratespec`: a rate and what each packet costs besides. */
export const ratespec = struct('tc_ratespec', 12, {
  cellLog: field('cell_log', 0, u8),
  linklayer: field('linklayer', 1, linklayer),
  overhead: field('overhead', 2, u16),
  cellAlign: field('cell_align', 4, s16),
  mpu: field('mpu', 6, u16),
  rate: field('rate', 8, u32),
});

export type Linklayer = ReturnType<typeof linklayer.toName>;

/** What each packet costs besides its bytes. */
export interface LineCost {
  /** Bytes that each packet costs more (or with ATM, in its last cell). */
  overhead?: number | undefined;
  /** Bytes that a packet costs at least. */
  mpu?: number | undefined;
  /** `ethernet` unless given. */
  linklayer?: Linklayer | undefined;
}

/** The spec of a rate; one of 2^32 bytes/s and more is all ones here and whole in an attribute beside. */
export const specOf = (rate: number, { overhead = 0, mpu = 0, linklayer = 'ethernet' }: LineCost) => ({
  cellLog: 0, cellAlign: 0, linklayer, overhead, mpu, rate: Math.min(rate, 0xffffffff),
});

/** The attribute of 64 bits for a rate that does not fit in 32. */
export const wide = (rate: number | undefined): number | undefined => (rate !== undefined && rate > 0xfffffffe ? rate : undefined);

/**
 * The table of 256 costs that the kernel wants beside a policer's rate, and the spec that goes with it: ticks for
 * packets of (i + 1) << cellLog bytes.
 */
export function rateTable(rate: number, cost: LineCost, mtu = 2047): { spec: ReturnType<typeof specOf>; table: Uint8Array } {
  let cellLog = 0;
  while ((mtu || 2047) >> cellLog > 255) cellLog++;
  const spec = { ...specOf(rate, cost), cellLog, cellAlign: -1 };
  const cells = new Uint32Array(256).map((_, i) => {
    const bytes = Math.max((i + 1) << cellLog, spec.mpu);
    return ticksOf(spec.linklayer === 'atm' ? Math.ceil(bytes / 48) * 53 : bytes, spec.rate);
  });
  return { spec, table: new Uint8Array(cells.buffer) };
}
