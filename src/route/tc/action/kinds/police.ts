import { EncodeError } from '../../../../errors.ts';
import { attribute, attributes, padding, type Infer, type RawAttribute } from '../../../../schema/attributes.ts';
import { checkObject } from '../../../../schema/codec.ts';
import { binary } from '../../../../schema/leaves.ts';
import { mapped } from '../../../../schema/mapped.ts';
import { s32, u32, u64 } from '../../../../schema/numbers.ts';
import { field, struct, whole } from '../../../../schema/struct.ts';
import { bytesOf, ratespec, rateTable, ticksOf, wide, type LineCost } from '../../psched.ts';
import { times } from '../../stats.ts';
import { checkAmount, rate64 } from '../../units.ts';
import { control, type Control } from './control.ts';

const parms = struct('tc_police', 56, {
  index: field('index', 0, u32),
  control: field('action', 4, control),
  limit: field('limit', 8, u32),
  burst: field('burst', 12, u32),
  mtu: field('mtu', 16, u32),
  rate: field('rate', 20, ratespec),
  peakrate: field('peakrate', 32, ratespec),
  refcnt: field('refcnt', 44, s32),
  bindcnt: field('bindcnt', 48, s32),
  capab: field('capab', 52, u32),
});

const wire = attributes({
  parms: attribute('TCA_POLICE_TBF', 1, whole(parms)),
  table: attribute('TCA_POLICE_RATE', 2, binary),
  peakTable: attribute('TCA_POLICE_PEAKRATE', 3, binary),
  avrate: attribute('TCA_POLICE_AVRATE', 4, u32),
  conform: attribute('TCA_POLICE_RESULT', 5, control),
  times: attribute('TCA_POLICE_TM', 6, times, { readOnly: true }),
  rate64: attribute('TCA_POLICE_RATE64', 8, rate64),
  peakrate64: attribute('TCA_POLICE_PEAKRATE64', 9, rate64),
  pktRate: attribute('TCA_POLICE_PKTRATE64', 10, rate64),
  pktBurst: attribute('TCA_POLICE_PKTBURST64', 11, u64),
}, padding('TCA_POLICE_PAD', 7));

type Wire = Infer<typeof wire>;

/** A policer. Rates are bytes per second, `burst` and `mtu` bytes. */
export interface PoliceOptions extends LineCost {
  index?: number | undefined;
  rate?: number | undefined;
  burst?: number | undefined;
  peakrate?: number | undefined;
  /** Larger packets exceed by themselves; 0 for any. */
  mtu?: number | undefined;
  /** Bytes per second, as an estimator measures. */
  avrate?: number | undefined;
  /** Packets per second, and how many at once; the kernel counts the burst as time, as with bytes. */
  pktRate?: number | undefined;
  pktBurst?: number | undefined;
  /** What becomes of packets above the rate (`conform-exceed`'s first word), and of those below (its second). */
  control?: Control | undefined;
  conform?: Control | undefined;
  limit?: number | undefined;
  refcnt?: number | undefined;
  bindcnt?: number | undefined;
  capab?: number | undefined;
  times?: Wire['times'];
  unknown?: readonly RawAttribute[] | undefined;
}

/** `tc action ... police [rate R burst B] [pkts_rate N pkts_burst N] [mtu B] [peakrate R] [avrate R] [conform-exceed EXCEED[/CONFORM]]` */
export const policeAction = mapped(wire, ({ parms, rate64, peakrate64, table: _t, peakTable: _p, ...rest }): PoliceOptions => {
  if (!parms) return rest.unknown ? { unknown: rest.unknown } : {};
  const { rate: spec, peakrate: peakSpec, burst, ...members } = parms, { pktRate, pktBurst, ...others } = rest;
  const rate = rate64 ?? spec.rate, peakrate = peakrate64 ?? peakSpec.rate;
  return {
    ...members, ...others,
    ...(rate === 0 ? {} : { rate, burst: bytesOf(burst, rate), overhead: spec.overhead, mpu: spec.mpu, linklayer: spec.linklayer }),
    ...(peakrate === 0 ? {} : { peakrate }),
    ...(pktRate === undefined ? {} : { pktRate, pktBurst: bytesOf(Number(pktBurst ?? 0n), pktRate) }),
  };
}, (options): Wire => {
  checkObject(options);
  const { rate = 0, burst, peakrate = 0, avrate, conform, pktRate, pktBurst, times, unknown } = options;
  const { index = 0, control = 'reclassify', limit = 0, mtu = 0, refcnt = 0, bindcnt = 0, capab = 0 } = options;
  checkAmount(rate, 'rate');
  checkAmount(peakrate, 'peakrate');
  if (rate > 0 && burst === undefined) throw new EncodeError('must be given with rate', 'burst');
  for (const [key, amount] of Object.entries({ burst, pktRate, pktBurst, mtu: options.mtu, mpu: options.mpu, overhead: options.overhead })) if (amount !== undefined) checkAmount(amount, key);
  const usual = rate > 0 ? rateTable(rate, options, options.mtu) : undefined, peak = peakrate > 0 ? rateTable(peakrate, options, options.mtu) : undefined;
  const none = { cellLog: 0, linklayer: 'unaware', overhead: 0, cellAlign: 0, mpu: 0, rate: 0 } as const;
  return {
    parms: {
      index, control, limit, mtu, refcnt, bindcnt, capab,
      burst: rate > 0 ? ticksOf(burst!, rate) : 0, rate: usual?.spec ?? none, peakrate: peak?.spec ?? none,
    },
    table: usual?.table, peakTable: peak?.table, rate64: wide(rate), peakrate64: wide(peakrate), avrate, conform, pktRate,
    pktBurst: pktRate === undefined ? undefined : BigInt(ticksOf(pktBurst ?? 0, pktRate)), times, unknown,
  };
});
