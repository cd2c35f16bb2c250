import { attribute, attributes, padding } from '../../schema/attributes.ts';
import { choice } from '../../schema/choice.ts';
import { flags } from '../../schema/flags.ts';
import { cstring, ipv4, ipv6 } from '../../schema/leaves.ts';
import { u32, u64, u8 } from '../../schema/numbers.ts';
import { rplHeader, seg6Header, srh } from './segments.ts';

/** SEG6_IPTUNNEL_ of include/uapi/linux/seg6_iptunnel.h: `encap seg6 mode encap segs fc00::1,fc00::2`. */
export const encapSeg6 = attributes({
  srh: attribute('SEG6_IPTUNNEL_SRH', 1, seg6Header),
});

/** RPL_IPTUNNEL_ of include/uapi/linux/rpl_iptunnel.h: `encap rpl segs fc00::2,fc00::1` visits fc00::1 first. */
export const encapRpl = attributes({
  srh: attribute('RPL_IPTUNNEL_SRH', 1, rplHeader),
});

/** SEG6_LOCAL_ACTION_ of include/uapi/linux/seg6_local.h */
const action = choice(u32, {
  End: ['SEG6_LOCAL_ACTION_END', 1],
  'End.X': ['SEG6_LOCAL_ACTION_END_X', 2],
  'End.T': ['SEG6_LOCAL_ACTION_END_T', 3],
  'End.DX2': ['SEG6_LOCAL_ACTION_END_DX2', 4],
  'End.DX6': ['SEG6_LOCAL_ACTION_END_DX6', 5],
  'End.DX4': ['SEG6_LOCAL_ACTION_END_DX4', 6],
  'End.DT6': ['SEG6_LOCAL_ACTION_END_DT6', 7],
  'End.DT4': ['SEG6_LOCAL_ACTION_END_DT4', 8],
  'End.B6': ['SEG6_LOCAL_ACTION_END_B6', 9],
  'End.B6.Encaps': ['SEG6_LOCAL_ACTION_END_B6_ENCAP', 10],
  'End.BM': ['SEG6_LOCAL_ACTION_END_BM', 11],
  'End.S': ['SEG6_LOCAL_ACTION_END_S', 12],
  'End.AS': ['SEG6_LOCAL_ACTION_END_AS', 13],
  'End.AM': ['SEG6_LOCAL_ACTION_END_AM', 14],
  'End.BPF': ['SEG6_LOCAL_ACTION_END_BPF', 15],
  'End.DT46': ['SEG6_LOCAL_ACTION_END_DT46', 16],
});

/** SEG6_LOCAL_: what is done with packets of a segment: `encap seg6local action End.DX4 nh4 192.0.2.1`. */
export const encapSeg6Local = attributes({
  action: attribute('SEG6_LOCAL_ACTION', 1, action),
  srh: attribute('SEG6_LOCAL_SRH', 2, srh),
  table: attribute('SEG6_LOCAL_TABLE', 3, u32),
  nh4: attribute('SEG6_LOCAL_NH4', 4, ipv4),
  nh6: attribute('SEG6_LOCAL_NH6', 5, ipv6),
  iif: attribute('SEG6_LOCAL_IIF', 6, u32),
  oif: attribute('SEG6_LOCAL_OIF', 7, u32),
  bpf: attribute('SEG6_LOCAL_BPF', 8, attributes({
    prog: attribute('SEG6_LOCAL_BPF_PROG', 1, u32),
    name: attribute('SEG6_LOCAL_BPF_PROG_NAME', 2, cstring),
  })),
  vrftable: attribute('SEG6_LOCAL_VRFTABLE', 9, u32),
  counters: attribute('SEG6_LOCAL_COUNTERS', 10, attributes({
    packets: attribute('SEG6_LOCAL_CNT_PACKETS', 2, u64),
    bytes: attribute('SEG6_LOCAL_CNT_BYTES', 3, u64),
    errors: attribute('SEG6_LOCAL_CNT_ERRORS', 4, u64),
  }, padding('SEG6_LOCAL_CNT_PAD', 1))),
  flavors: attribute('SEG6_LOCAL_FLAVORS', 11, attributes({
    /** One bit for each of SEG6_LOCAL_FLV_OP_. */
    operations: attribute('SEG6_LOCAL_FLV_OPERATION', 1, flags(u32, {
      psp: ['SEG6_LOCAL_FLV_OP_PSP', 1 << 1],
      usp: ['SEG6_LOCAL_FLV_OP_USP', 1 << 2],
      usd: ['SEG6_LOCAL_FLV_OP_USD', 1 << 3],
      nextCsid: ['SEG6_LOCAL_FLV_OP_NEXT_CSID', 1 << 4],
    })),
    lblen: attribute('SEG6_LOCAL_FLV_LCBLOCK_BITS', 2, u8),
    nflen: attribute('SEG6_LOCAL_FLV_LCNODE_FN_BITS', 3, u8),
  })),
});
