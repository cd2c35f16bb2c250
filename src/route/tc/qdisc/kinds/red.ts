import { EncodeError } from '../../../../errors.ts';
import { attribute, attributes, type RawAttribute } from '../../../../schema/attributes.ts';
import type { Flags } from '../../../../schema/flags.ts';
import { octets } from '../../../../schema/leaves.ts';
import { mapped } from '../../../../schema/mapped.ts';
import { masked } from '../../../../schema/masked.ts';
import { u32, u8 } from '../../../../schema/numbers.ts';
import { checkObject, show } from '../../../../schema/codec.ts';
import { field, struct } from '../../../../schema/struct.ts';
import { ticksOf } from '../../psched.ts';
import { share } from '../../units.ts';
import { redFlags } from './sfq.ts';

const parms = struct('tc_red_qopt', 16, {
  limit: field('limit', 0, u32),
  min: field('qth_min', 4, u32),
  max: field('qth_max', 8, u32),
  wlog: field('Wlog', 12, u8),
  plog: field('Plog', 13, u8),
  scellLog: field('Scell_log', 14, u8),
  flags: field('flags', 15, redFlags),
});

const wire = attributes({
  parms: attribute('TCA_RED_PARMS', 1, parms),
  stab: attribute('TCA_RED_STAB', 2, octets(256)),
  probability: attribute('TCA_RED_MAX_P', 3, share),
  flags: attribute('TCA_RED_FLAGS', 4, masked(redFlags.names)),
  earlyDropBlock: attribute('TCA_RED_EARLY_DROP_BLOCK', 5, u32),
  markBlock: attribute('TCA_RED_MARK_BLOCK', 6, u32),
});

/** Random early detection; `limit`, `min`, `max` and `avpkt` are bytes. */
export interface RedOptions {
  limit?: number | undefined;
  /** Where dropping starts, and where it reaches `probability`. */
  min?: number | undefined;
  max?: number | undefined;
  /** From 0 to 1; 0.02 unless given. */
  probability?: number | undefined;
  flags?: Flags<typeof redFlags.names> | undefined;
  /** Shared blocks of filters that see what is dropped early, and what is marked. */
  earlyDropBlock?: number | undefined;
  markBlock?: number | undefined;
  /** Bytes of a usual packet: with it the logarithms below are worked out as `tc` does. The kernel does not report it. */
  avpkt?: number | undefined;
  /** Packets of an allowed burst; (2 min + max) / (3 avpkt) unless given. */
  burst?: number | undefined;
  /** Bytes per second of the link, for ageing the average while nothing is sent; 1250000 unless given. */
  bandwidth?: number | undefined;
  wlog?: number | undefined;
  plog?: number | undefined;
  scellLog?: number | undefined;
  /** 256 steps by which the average ages, worked out with `avpkt`; the kernel does not report them. */
  stab?: Uint8Array | undefined;
  unknown?: readonly RawAttribute[] | undefined;
}

/**
 * The flags go in an attribute of their own, as with `tc`; kernels before 5.7 know them in the struct alone.
 *
 * `tc qdisc ... red limit B [min B] [max B] avpkt B [burst P] [bandwidth R] [probability P] [ecn] [harddrop] [adaptive] [nodrop]`
 */
export const redQdisc = mapped(wire, ({ parms, stab, flags, ...rest }): RedOptions => ({
  ...parms, ...rest, ...(stab?.some((step) => step !== 0) ? { stab } : {}), ...(parms || flags ? { flags: { ...parms?.flags, ...flags } } : {}),
}), (options) => {
  checkObject(options);
  const { limit, probability = 0.02, flags, earlyDropBlock, markBlock, unknown } = options;
  if (limit === undefined) throw new EncodeError('must be given', 'limit');
  for (const key of ['limit', 'min', 'max', 'avpkt', 'burst', 'bandwidth', 'probability'] as const)
    if (options[key] !== undefined && typeof options[key] !== 'number') throw new EncodeError(`must be a number, got ${show(options[key])}`, key);
  const max = options.max ?? Math.trunc(limit / 4), min = options.min ?? Math.trunc(max / 3);
  const { stab, ...logs } = curve(options, min, max, probability);
  return { parms: { limit, min, max, ...logs, flags: {} }, stab, probability, flags, earlyDropBlock, markBlock, unknown };
});

/** The logarithms and the table that the kernel works with, as Floyd and Jacobson's paper and `tc` derive them. */
function curve(options: RedOptions, min: number, max: number, probability: number) {
  const { avpkt, bandwidth = 1250000, wlog, plog = 0, scellLog = 0, stab = new Uint8Array(256) } = options;
  if (avpkt === undefined) {
    if (wlog === undefined) throw new EncodeError('must be given', 'avpkt');
    return { wlog, plog, scellLog, stab };
  }
  const burst = options.burst ?? Math.trunc((2 * min + max) / (3 * avpkt));
  const w = findLog('burst', 1, (log) => burst + 1 - min / avpkt <= (1 - (1 - 2 ** -log) ** burst) * 2 ** log);
  const p = findLog('probability', 0, (log) => max === min || (probability / (max - min)) * 2 ** log > 1);
  const lost = -Math.log(1 - 2 ** -w) / Math.trunc(ticksOf(avpkt, bandwidth));
  const cell = findLog('avpkt', 0, (log) => 31 / lost / 2 ** log < 512);
  const steps = Uint8Array.from({ length: 256 }, (_, i) => (i === 255 ? 31 : Math.min(Math.trunc(i * 2 ** cell * lost), 31)));
  return { wlog: w, plog: max === min ? 0 : p, scellLog: cell, stab: steps };
}

function findLog(key: string, from: number, fits: (log: number) => boolean): number {
  for (let log = from; log < 32; log++) if (fits(log)) return log;
  throw new EncodeError('gives no curve together with min, max and limit', key);
}

/** `struct tc_red_xstats` */
export const redStats = struct('tc_red_xstats', 16, {
  early: field('early', 0, u32),
  pdrop: field('pdrop', 4, u32),
  other: field('other', 8, u32),
  marked: field('marked', 12, u32),
});
