import { attribute, attributes } from '../../../../schema/attributes.ts';
import { choice } from '../../../../schema/choice.ts';
import { flags } from '../../../../schema/flags.ts';
import { hoisted } from '../../../../schema/hoisted.ts';
import { s32, u32 } from '../../../../schema/numbers.ts';
import { field, struct } from '../../../../schema/struct.ts';

/** `tc qdisc ... etf clockid C [delta NS] [deadline_mode] [offload] [skip_sock_check]`; `delta` in nanoseconds. */
export const etfQdisc = hoisted(attributes({
  parms: attribute('TCA_ETF_PARMS', 1, struct('tc_etf_qopt', 12, {
    delta: field('delta', 0, s32),
    clockid: field('clockid', 4, choice(s32, { realtime: ['CLOCK_REALTIME', 0], monotonic: ['CLOCK_MONOTONIC', 1], boottime: ['CLOCK_BOOTTIME', 7], tai: ['CLOCK_TAI', 11] })),
    flags: field('flags', 8, flags(u32, {
      deadlineMode: ['TC_ETF_DEADLINE_MODE_ON', 0x1],
      offload: ['TC_ETF_OFFLOAD_ON', 0x2],
      skipSockCheck: ['TC_ETF_SKIP_SOCK_CHECK', 0x4],
    })),
  })),
}), 'parms');
