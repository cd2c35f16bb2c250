import { EncodeError } from '../../../../errors.ts';
import { attribute, attributes, padding, type RawAttribute } from '../../../../schema/attributes.ts';
import { binary } from '../../../../schema/leaves.ts';
import { mapped } from '../../../../schema/mapped.ts';
import { u32 } from '../../../../schema/numbers.ts';
import { checkObject } from '../../../../schema/codec.ts';
import { field, struct, whole } from '../../../../schema/struct.ts';
import { bytesOf, ratespec, specOf, ticksOf, wide, type LineCost } from '../../psched.ts';
import { checkAmount, rate64 } from '../../units.ts';

const parms = struct('tc_tbf_qopt', 36, {
  rate: field('rate', 0, ratespec),
  peakrate: field('peakrate', 12, ratespec),
  limit: field('limit', 24, u32),
  buffer: field('buffer', 28, u32),
  mtu: field('mtu', 32, u32),
});

const wire = attributes({
  parms: attribute('TCA_TBF_PARMS', 1, whole(parms)),
  rtab: attribute('TCA_TBF_RTAB', 2, binary),
  ptab: attribute('TCA_TBF_PTAB', 3, binary),
  rate64: attribute('TCA_TBF_RATE64', 4, rate64),
  prate64: attribute('TCA_TBF_PRATE64', 5, rate64),
  burst: attribute('TCA_TBF_BURST', 6, u32),
  pburst: attribute('TCA_TBF_PBURST', 7, u32),
}, padding('TCA_TBF_PAD', 8));

/** A token bucket. Rates are bytes per second, `burst`, `mtu` and `limit` bytes. */
export interface TbfOptions extends LineCost {
  rate?: number | undefined;
  /** Bytes that may pass at once. */
  burst?: number | undefined;
  /** Bytes that may wait. */
  limit?: number | undefined;
  /** Instead of `limit`: microseconds that a packet may wait. */
  latency?: number | undefined;
  /** What a burst is sent at, at most; needs `mtu`. */
  peakrate?: number | undefined;
  /** Bytes that may pass at once above `peakrate`: a little more than the link's MTU. */
  mtu?: number | undefined;
  unknown?: readonly RawAttribute[] | undefined;
}

/** `tc qdisc ... tbf rate R burst B {limit B | latency T} [peakrate R mtu B] [mpu B] [overhead B] [linklayer L]` */
export const tbfQdisc = mapped(wire, ({ parms, rate64, prate64, rtab: _r, ptab: _p, burst, pburst, unknown }): TbfOptions => {
  if (!parms) return unknown ? { unknown } : {};
  const rate = rate64 ?? parms.rate.rate, peakrate = prate64 ?? parms.peakrate.rate;
  const { overhead, mpu, linklayer } = parms.rate;
  return {
    rate, burst: burst ?? bytesOf(parms.buffer, rate), limit: parms.limit,
    ...(peakrate === 0 ? {} : { peakrate, mtu: pburst ?? bytesOf(parms.mtu, peakrate) }),
    overhead, mpu, linklayer, ...(unknown ? { unknown } : {}),
  };
}, (options) => {
  checkObject(options);
  const { rate, burst, latency, peakrate, mtu, unknown } = options;
  if (rate === undefined) throw new EncodeError('must be given', 'rate');
  if (burst === undefined) throw new EncodeError('must be given', 'burst');
  checkAmount(rate, 'rate');
  checkAmount(burst, 'burst', 0xffffffff);
  const slowest = peakrate === undefined ? waiting(rate, latency, burst) : Math.min(waiting(rate, latency, burst), waiting(peakrate, latency, mtu ?? 0));
  const { limit = slowest } = options;
  if (limit === undefined || Number.isNaN(limit)) throw new EncodeError('must be given, or latency', 'limit');
  checkAmount(limit, 'limit', 0xffffffff);
  if (peakrate === undefined) return { parms: parmsOf(options, limit, 0, 0), rate64: wide(rate), burst, unknown };
  if (mtu === undefined) throw new EncodeError('must be given with peakrate', 'mtu');
  checkAmount(peakrate, 'peakrate');
  checkAmount(mtu, 'mtu', 0xffffffff);
  return { parms: parmsOf(options, limit, peakrate, mtu), rate64: wide(rate), prate64: wide(peakrate), burst, pburst: mtu, unknown };
});

/** The bytes that wait at most for `latency`; NaN without one. */
const waiting = (rate: number, latency: number | undefined, burst: number): number =>
  latency === undefined ? NaN : Math.min(Math.trunc((rate * latency) / 1e6) + burst, 0xffffffff);

const parmsOf = (options: TbfOptions, limit: number, peakrate: number, mtu: number) => ({
  rate: specOf(options.rate!, options),
  peakrate: peakrate === 0 ? { ...specOf(0, {}), linklayer: 'unaware' as const } : specOf(peakrate, options),
  limit, buffer: ticksOf(options.burst!, options.rate!), mtu: ticksOf(mtu, peakrate),
});
