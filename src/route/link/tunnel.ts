import { choice } from '../../schema/choice.ts';
import { flags } from '../../schema/flags.ts';
import { be16, u16, u32 } from '../../schema/numbers.ts';

/** What a tunnel wraps its packets in besides: enum tunnel_encap_types of include/uapi/linux/if_tunnel.h. */
export const encapType = choice(u16, {
  none: ['TUNNEL_ENCAP_NONE', 0],
  fou: ['TUNNEL_ENCAP_FOU', 1],
  gue: ['TUNNEL_ENCAP_GUE', 2],
  mpls: ['TUNNEL_ENCAP_MPLS', 3],
});

export const encapFlags = flags(u16, {
  csum: ['TUNNEL_ENCAP_FLAG_CSUM', 0x1],
  csum6: ['TUNNEL_ENCAP_FLAG_CSUM6', 0x2],
  remcsum: ['TUNNEL_ENCAP_FLAG_REMCSUM', 0x4],
});

/** GRE_ of include/uapi/linux/if_tunnel.h: what a GRE header holds. A key counts only where `key` is set. */
export const greFlags = flags(be16, {
  csum: ['GRE_CSUM', 0x8000],
  routing: ['GRE_ROUTING', 0x4000],
  key: ['GRE_KEY', 0x2000],
  seq: ['GRE_SEQ', 0x1000],
});

/** IP6_TNL_F_ of include/uapi/linux/ip6_tunnel.h. */
export const ip6TunnelFlags = flags(u32, {
  ignEncapLimit: ['IP6_TNL_F_IGN_ENCAP_LIMIT', 0x1],
  useOrigTclass: ['IP6_TNL_F_USE_ORIG_TCLASS', 0x2],
  useOrigFlowlabel: ['IP6_TNL_F_USE_ORIG_FLOWLABEL', 0x4],
  mip6Dev: ['IP6_TNL_F_MIP6_DEV', 0x8],
  rcvDscpCopy: ['IP6_TNL_F_RCV_DSCP_COPY', 0x10],
  useOrigFwmark: ['IP6_TNL_F_USE_ORIG_FWMARK', 0x20],
  allowLocalRemote: ['IP6_TNL_F_ALLOW_LOCAL_REMOTE', 0x40],
  // found out by the kernel, from the addresses
  capXmit: ['IP6_TNL_F_CAP_XMIT', 0x10000],
  capRcv: ['IP6_TNL_F_CAP_RCV', 0x20000],
  capPerPacket: ['IP6_TNL_F_CAP_PER_PACKET', 0x40000],
});

/** Kinds whose drivers take a change for the whole: what is left out is reset. `ip` resends all of it, and so do we. */
export const changedAsWhole: ReadonlySet<unknown> = new Set([
  'gre', 'gretap', 'erspan', 'ip6gre', 'ip6gretap', 'ip6erspan', 'ipip', 'sit', 'ip6tnl', 'vti', 'vti6', 'xfrm',
]);
