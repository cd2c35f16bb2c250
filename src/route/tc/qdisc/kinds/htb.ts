import { EncodeError } from '../../../../errors.ts';
import { attribute, attributes, padding, type RawAttribute } from '../../../../schema/attributes.ts';
import { checkObject, type Codec } from '../../../../schema/codec.ts';
import { hoisted } from '../../../../schema/hoisted.ts';
import { binary, flag } from '../../../../schema/leaves.ts';
import { mapped } from '../../../../schema/mapped.ts';
import { s32, u32 } from '../../../../schema/numbers.ts';
import { field, struct, whole } from '../../../../schema/struct.ts';
import { bytesOf, ratespec, specOf, ticksOf, wide, type LineCost } from '../../psched.ts';
import { checkAmount, rate64 } from '../../units.ts';

/** The kernel tells its version as 0x30011 and wants to hear 3. */
const version: Codec<number> = {
  ...u32, write: (w, value, owner, base) => u32.write(w, typeof value === 'number' && value > 0xffff && !w.full ? value >>> 16 : value, owner, base),
};

const glob = struct('tc_htb_glob', 20, {
  version: field('version', 0, version),
  /** A class's quantum is its rate divided by this; 10. */
  r2q: field('rate2quantum', 4, u32),
  /** The minor number of the class for what no filter takes: 0x30 for 1:30. */
  default: field('defcls', 8, u32),
  debug: field('debug', 12, u32),
  /** Packets that went around the classes, as the kernel counts. */
  directPackets: field('direct_pkts', 16, u32),
});

/** `tc qdisc ... htb [default N] [r2q N] [direct_qlen P] [offload]` */
export const htbQdisc = hoisted(attributes({
  init: attribute('TCA_HTB_INIT', 2, glob),
  directQlen: attribute('TCA_HTB_DIRECT_QLEN', 5, u32),
  offload: attribute('TCA_HTB_OFFLOAD', 9, flag),
}), 'init', { version: 3, r2q: 10 });

const parms = struct('tc_htb_opt', 44, {
  rate: field('rate', 0, ratespec),
  ceil: field('ceil', 12, ratespec),
  buffer: field('buffer', 24, u32),
  cbuffer: field('cbuffer', 28, u32),
  quantum: field('quantum', 32, u32),
  level: field('level', 36, u32),
  prio: field('prio', 40, u32),
});

const wire = attributes({
  parms: attribute('TCA_HTB_PARMS', 1, whole(parms)),
  ctab: attribute('TCA_HTB_CTAB', 3, binary),
  rtab: attribute('TCA_HTB_RTAB', 4, binary),
  rate64: attribute('TCA_HTB_RATE64', 6, rate64),
  ceil64: attribute('TCA_HTB_CEIL64', 7, rate64),
}, padding('TCA_HTB_PAD', 8));

/** A class of htb. Rates are bytes per second (`rate('10mbit')` makes them), bursts bytes. */
export interface HtbClass extends LineCost {
  /** What it is sure to get. */
  rate?: number | undefined;
  /** What it may borrow up to; `rate` unless given. */
  ceil?: number | undefined;
  /** Bytes that may pass at once above `rate`, and above `ceil`; about 1600 unless given. */
  burst?: number | undefined;
  cburst?: number | undefined;
  /** Who borrows first, 0 to 7; 0 is first. */
  prio?: number | undefined;
  /** Bytes of one turn; rate / r2q unless given. */
  quantum?: number | undefined;
  /** How far it is from the leaves; the kernel's word. */
  level?: number | undefined;
  unknown?: readonly RawAttribute[] | undefined;
}

/**
 * `tc class ... htb rate R [ceil R] [burst B] [cburst B] [prio P] [quantum Q] [mpu B] [overhead B] [linklayer L]`.
 * The tables of costs that `tc` sends besides are for kernels before 3.8 and left out.
 */
export const htbClass = mapped(wire, ({ parms, rate64, ceil64, ctab: _c, rtab: _r, unknown }): HtbClass => {
  if (!parms) return unknown ? { unknown } : {};
  const rate = rate64 ?? parms.rate.rate, ceil = ceil64 ?? parms.ceil.rate;
  const { overhead, mpu, linklayer } = parms.rate;
  return {
    rate, ceil, burst: bytesOf(parms.buffer, rate), cburst: bytesOf(parms.cbuffer, ceil),
    prio: parms.prio, quantum: parms.quantum, level: parms.level, overhead, mpu, linklayer,
    ...(unknown ? { unknown } : {}),
  };
}, (options) => {
  checkObject(options);
  const { rate, ceil = rate, quantum = 0, prio = 0, unknown } = options;
  if (rate === undefined) throw new EncodeError('must be given', 'rate');
  checkAmount(rate, 'rate');
  checkAmount(ceil, 'ceil');
  const { burst = Math.trunc(rate / 1e9) + 1600, cburst = Math.trunc(ceil! / 1e9) + 1600 } = options;
  checkAmount(burst, 'burst', 0xffffffff);
  checkAmount(cburst, 'cburst', 0xffffffff);
  return {
    parms: {
      rate: specOf(rate, options), ceil: specOf(ceil!, options), level: 0,
      buffer: ticksOf(burst, rate), cbuffer: ticksOf(cburst, ceil!), quantum, prio,
    },
    rate64: wide(rate), ceil64: wide(ceil), unknown,
  };
});

/** `struct tc_htb_xstats` of a class. */
export const htbStats = struct('tc_htb_xstats', 20, {
  lends: field('lends', 0, u32),
  borrows: field('borrows', 4, u32),
  giants: field('giants', 8, u32),
  tokens: field('tokens', 12, s32),
  ctokens: field('ctokens', 16, s32),
});
