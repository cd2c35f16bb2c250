import { EncodeError } from '../../errors.ts';
import { attribute, attributes, type Infer } from '../../schema/attributes.ts';
import { show, type Codec } from '../../schema/codec.ts';
import { flags } from '../../schema/flags.ts';
import { text } from '../../schema/leaves.ts';
import { bool32, u32 } from '../../schema/numbers.ts';

/** Milliseconds for the user, `parts` of one on the wire: the kernel counts round trips in eighths and quarters. */
const fractions = (parts: number): Codec<number> => ({
  label: `1/${parts} ms`, size: 4,
  read: (m, at, end, owner, base) => u32.read(m, at, end, owner, base) / parts,
  write(w, value, owner, base) {
    if (typeof value !== 'number' || !(value >= 0 && value * parts <= 0xffffffff))
      throw new EncodeError(`must be milliseconds, 0 or more, got ${show(value)}`);
    u32.write(w, Math.round(value * parts), owner, base);
  },
});

/** RTAX_ of include/uapi/linux/rtnetlink.h: what connections over a route start with. */
export const metrics = attributes({
  /** Metrics that path MTU discovery and the like leave alone. */
  lock: attribute('RTAX_LOCK', 1, flags(u32, {
    mtu: ['RTAX_MTU', 1 << 2],
    window: ['RTAX_WINDOW', 1 << 3],
    rtt: ['RTAX_RTT', 1 << 4],
    rttvar: ['RTAX_RTTVAR', 1 << 5],
    ssthresh: ['RTAX_SSTHRESH', 1 << 6],
    cwnd: ['RTAX_CWND', 1 << 7],
    advmss: ['RTAX_ADVMSS', 1 << 8],
    reordering: ['RTAX_REORDERING', 1 << 9],
    hoplimit: ['RTAX_HOPLIMIT', 1 << 10],
    initcwnd: ['RTAX_INITCWND', 1 << 11],
    features: ['RTAX_FEATURES', 1 << 12],
    rtoMin: ['RTAX_RTO_MIN', 1 << 13],
    initrwnd: ['RTAX_INITRWND', 1 << 14],
    quickack: ['RTAX_QUICKACK', 1 << 15],
    congctl: ['RTAX_CC_ALGO', 1 << 16],
    fastopenNoCookie: ['RTAX_FASTOPEN_NO_COOKIE', 1 << 17],
  })),
  mtu: attribute('RTAX_MTU', 2, u32),
  window: attribute('RTAX_WINDOW', 3, u32),
  rtt: attribute('RTAX_RTT', 4, fractions(8)),
  rttvar: attribute('RTAX_RTTVAR', 5, fractions(4)),
  ssthresh: attribute('RTAX_SSTHRESH', 6, u32),
  cwnd: attribute('RTAX_CWND', 7, u32),
  advmss: attribute('RTAX_ADVMSS', 8, u32),
  reordering: attribute('RTAX_REORDERING', 9, u32),
  hoplimit: attribute('RTAX_HOPLIMIT', 10, u32),
  initcwnd: attribute('RTAX_INITCWND', 11, u32),
  features: attribute('RTAX_FEATURES', 12, flags(u32, {
    ecn: ['RTAX_FEATURE_ECN', 0x1],
    sack: ['RTAX_FEATURE_SACK', 0x2],
    timestamp: ['RTAX_FEATURE_TIMESTAMP', 0x4],
    allfrag: ['RTAX_FEATURE_ALLFRAG', 0x8],
    tcpUsecTs: ['RTAX_FEATURE_TCP_USEC_TS', 0x10],
  })),
  /** Milliseconds. */
  rtoMin: attribute('RTAX_RTO_MIN', 13, u32),
  initrwnd: attribute('RTAX_INITRWND', 14, u32),
  quickack: attribute('RTAX_QUICKACK', 15, bool32),
  congctl: attribute('RTAX_CC_ALGO', 16, text(15)),
  fastopenNoCookie: attribute('RTAX_FASTOPEN_NO_COOKIE', 17, bool32),
});

export type RouteMetrics = Infer<typeof metrics>;
