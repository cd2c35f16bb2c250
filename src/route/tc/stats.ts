import { EncodeError } from '../../errors.ts';
import { attribute, attributes, padding, type RawAttribute } from '../../schema/attributes.ts';
import { checkObject, show, type Codec } from '../../schema/codec.ts';
import { mapped, type MappedCodec } from '../../schema/mapped.ts';
import { clockTicks64, s8, u32, u64, u8 } from '../../schema/numbers.ts';
import { field, struct } from '../../schema/struct.ts';

const basic = struct('gnet_stats_basic', 16, { bytes: field('bytes', 0, u64), packets: field('packets', 8, u32) });

const queue = struct('gnet_stats_queue', 20, {
  qlen: field('qlen', 0, u32),
  backlog: field('backlog', 4, u32),
  drops: field('drops', 8, u32),
  requeues: field('requeues', 12, u32),
  overlimits: field('overlimits', 16, u32),
});

const rateEst = struct('gnet_stats_rate_est', 8, { bps: field('bps', 0, u32), pps: field('pps', 4, u32) });
const rateEst64 = struct('gnet_stats_rate_est64', 16, { bps: field('bps', 0, u64), pps: field('pps', 8, u64) });

/** `struct gnet_estimator`: how the rate is measured. */
export const estimator = struct('gnet_estimator', 2, {
  /** log2 of the sampling period in quarters of a second, -2 to 3. */
  interval: field('interval', 0, s8),
  /** log2 of the weight of the measuring window. */
  ewmaLog: field('ewma_log', 1, u8),
});

/** `struct tc_stats`, what kernels told before TCA_STATS2. */
export const oldStats = struct('tc_stats', 40, {
  bytes: field('bytes', 0, u64),
  packets: field('packets', 8, u32),
  drops: field('drops', 12, u32),
  overlimits: field('overlimits', 16, u32),
  bps: field('bps', 20, u32),
  pps: field('pps', 24, u32),
  qlen: field('qlen', 28, u32),
  backlog: field('backlog', 32, u32),
});

/** Counters of a qdisc, class or action since it was made. `app` is what its kind counts besides. */
export interface Stats<A = unknown> {
  bytes?: bigint | undefined;
  packets?: bigint | undefined;
  /** Packets dropped. */
  drops?: number | undefined;
  /** Times that it had to wait, being above its rate. */
  overlimits?: number | undefined;
  requeues?: number | undefined;
  /** Packets waiting. */
  qlen?: number | undefined;
  /** Bytes waiting. */
  backlog?: number | undefined;
  /** What an estimator measured: bytes and packets per second. */
  rate?: { bps: bigint; pps: bigint } | undefined;
  /** The part that hardware handled. */
  hardware?: { bytes: bigint; packets: number } | undefined;
  app?: A | undefined;
  unknown?: readonly RawAttribute[] | undefined;
}

const wireOf = <A>(app: Codec<A>) => attributes({
  basic: attribute('TCA_STATS_BASIC', 1, basic),
  rateEst: attribute('TCA_STATS_RATE_EST', 2, rateEst),
  queue: attribute('TCA_STATS_QUEUE', 3, queue),
  app: attribute('TCA_STATS_APP', 4, app),
  rateEst64: attribute('TCA_STATS_RATE_EST64', 5, rateEst64),
  hardware: attribute('TCA_STATS_BASIC_HW', 7, basic),
  packets: attribute('TCA_STATS_PKT64', 8, u64),
}, padding('TCA_STATS_PAD', 6));

/** TCA_STATS2 (TCA_ACT_STATS): its four structs as one object. `app` reads what the kind counts besides. */
export function statsOf<A>(app: Codec<A>): MappedCodec<any, Stats<A>> {
  return mapped<any, Stats<A>>(wireOf(app), (wire) => {
    const { basic, rateEst, rateEst64, queue, packets, ...rest } = wire;
    const rate = rateEst64 ?? (rateEst && { bps: BigInt(rateEst.bps ?? 0), pps: BigInt(rateEst.pps ?? 0) });
    return {
      ...(basic ? { bytes: basic.bytes, packets: packets ?? BigInt(basic.packets ?? 0) } : {}),
      ...queue, ...(rate ? { rate } : {}), ...rest,
    };
  }, (stats) => {
    checkObject(stats);
    const { bytes, packets, qlen, backlog, drops, requeues, overlimits, rate, ...rest } = stats;
    if (packets !== undefined && typeof packets !== 'bigint') throw new EncodeError(`must be a bigint, got ${show(packets)}`, 'packets');
    return {
      ...(bytes === undefined ? {} : { basic: { bytes, packets: Number(BigInt.asUintN(32, packets ?? 0n)) } }),
      ...(packets !== undefined && packets > 0xffffffffn ? { packets } : {}),
      ...(qlen === undefined ? {} : { queue: { qlen, backlog, drops, requeues, overlimits } }),
      ...(rate ? { rateEst64: rate } : {}), ...rest,
    };
  });
}

/** `struct tcf_t`: when an action was made and used, seconds ago; `expires` is seconds ahead, 0 for never. */
export const times = struct('tcf_t', 32, {
  install: field('install', 0, clockTicks64),
  lastuse: field('lastuse', 8, clockTicks64),
  expires: field('expires', 16, clockTicks64),
  firstuse: field('firstuse', 24, clockTicks64),
});
