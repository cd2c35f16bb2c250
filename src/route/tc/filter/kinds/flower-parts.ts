import { attribute, attributes } from '../../../../schema/attributes.ts';
import { multi } from '../../../../schema/arrays.ts';
import { choice } from '../../../../schema/choice.ts';
import { flags } from '../../../../schema/flags.ts';
import { binary } from '../../../../schema/leaves.ts';
import { be16, be32, u16, u32, u8 } from '../../../../schema/numbers.ts';

/** IPPROTO_ of include/uapi/linux/in.h, by the words of `tc`. */
export const ipProto = choice(u8, {
  icmp: ['IPPROTO_ICMP', 1],
  tcp: ['IPPROTO_TCP', 6],
  udp: ['IPPROTO_UDP', 17],
  gre: ['IPPROTO_GRE', 47],
  esp: ['IPPROTO_ESP', 50],
  ah: ['IPPROTO_AH', 51],
  icmpv6: ['IPPROTO_ICMPV6', 58],
  l2tp: ['IPPROTO_L2TP', 115],
  sctp: ['IPPROTO_SCTP', 132],
});

/** TCA_FLOWER_KEY_FLAGS_: of the packet, and of the tunnel that it came through. */
export const ipFlags = flags(be32, {
  frag: ['TCA_FLOWER_KEY_FLAGS_IS_FRAGMENT', 0x1],
  firstfrag: ['TCA_FLOWER_KEY_FLAGS_FRAG_IS_FIRST', 0x2],
  tuncsum: ['TCA_FLOWER_KEY_FLAGS_TUNNEL_CSUM', 0x4],
  tundf: ['TCA_FLOWER_KEY_FLAGS_TUNNEL_DONT_FRAGMENT', 0x8],
  tunoam: ['TCA_FLOWER_KEY_FLAGS_TUNNEL_OAM', 0x10],
  tuncrit: ['TCA_FLOWER_KEY_FLAGS_TUNNEL_CRIT_OPT', 0x20],
});

/** TCA_FLOWER_KEY_CT_FLAGS_: what connection tracking says. */
export const ctState = flags(u16, {
  new: ['TCA_FLOWER_KEY_CT_FLAGS_NEW', 0x1],
  est: ['TCA_FLOWER_KEY_CT_FLAGS_ESTABLISHED', 0x2],
  rel: ['TCA_FLOWER_KEY_CT_FLAGS_RELATED', 0x4],
  trk: ['TCA_FLOWER_KEY_CT_FLAGS_TRACKED', 0x8],
  inv: ['TCA_FLOWER_KEY_CT_FLAGS_INVALID', 0x10],
  rpl: ['TCA_FLOWER_KEY_CT_FLAGS_REPLY', 0x20],
});

/** Options of the tunnel that a packet came through. */
export const encOpts = attributes({
  geneve: attribute('TCA_FLOWER_KEY_ENC_OPTS_GENEVE', 1, multi(attributes({
    class: attribute('TCA_FLOWER_KEY_ENC_OPT_GENEVE_CLASS', 1, be16),
    type: attribute('TCA_FLOWER_KEY_ENC_OPT_GENEVE_TYPE', 2, u8),
    data: attribute('TCA_FLOWER_KEY_ENC_OPT_GENEVE_DATA', 3, binary),
  }))),
  vxlan: attribute('TCA_FLOWER_KEY_ENC_OPTS_VXLAN', 2, attributes({
    gbp: attribute('TCA_FLOWER_KEY_ENC_OPT_VXLAN_GBP', 1, u32),
  })),
  erspan: attribute('TCA_FLOWER_KEY_ENC_OPTS_ERSPAN', 3, attributes({
    ver: attribute('TCA_FLOWER_KEY_ENC_OPT_ERSPAN_VER', 1, u8),
    index: attribute('TCA_FLOWER_KEY_ENC_OPT_ERSPAN_INDEX', 2, be32),
    dir: attribute('TCA_FLOWER_KEY_ENC_OPT_ERSPAN_DIR', 3, u8),
    hwid: attribute('TCA_FLOWER_KEY_ENC_OPT_ERSPAN_HWID', 4, u8),
  })),
  gtp: attribute('TCA_FLOWER_KEY_ENC_OPTS_GTP', 4, attributes({
    pduType: attribute('TCA_FLOWER_KEY_ENC_OPT_GTP_PDU_TYPE', 1, u8),
    qfi: attribute('TCA_FLOWER_KEY_ENC_OPT_GTP_QFI', 2, u8),
  })),
  pfcp: attribute('TCA_FLOWER_KEY_ENC_OPTS_PFCP', 5, binary),
});

/** Entries of an MPLS label stack, by depth. */
export const mplsOpts = attributes({
  lse: attribute('TCA_FLOWER_KEY_MPLS_OPTS_LSE', 1, multi(attributes({
    depth: attribute('TCA_FLOWER_KEY_MPLS_OPT_LSE_DEPTH', 1, u8),
    ttl: attribute('TCA_FLOWER_KEY_MPLS_OPT_LSE_TTL', 2, u8),
    bos: attribute('TCA_FLOWER_KEY_MPLS_OPT_LSE_BOS', 3, u8),
    tc: attribute('TCA_FLOWER_KEY_MPLS_OPT_LSE_TC', 4, u8),
    label: attribute('TCA_FLOWER_KEY_MPLS_OPT_LSE_LABEL', 5, u32),
  }))),
});

/** Connectivity fault management. */
export const cfm = attributes({
  mdLevel: attribute('TCA_FLOWER_KEY_CFM_MD_LEVEL', 1, u8),
  opcode: attribute('TCA_FLOWER_KEY_CFM_OPCODE', 2, u8),
});
