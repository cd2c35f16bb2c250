import { attributes, type Infer } from '../../schema/attributes.ts';
import { choice } from '../../schema/choice.ts';
import { later } from '../../schema/later.ts';
import { u16 } from '../../schema/numbers.ts';
import { tagged } from '../../schema/tagged.ts';
import { encapIp, encapIp6 } from './ip.ts';
import { encapMpls } from './mpls.ts';
import { encapBpf, encapIla, encapIoam6, encapXfrm } from './others.ts';
import { encapRpl, encapSeg6, encapSeg6Local } from './seg6.ts';

/** LWTUNNEL_ENCAP_ of include/uapi/linux/lwtunnel.h: what packets of a route are wrapped into. */
export const encapType = choice(u16, {
  none: ['LWTUNNEL_ENCAP_NONE', 0],
  mpls: ['LWTUNNEL_ENCAP_MPLS', 1],
  ip: ['LWTUNNEL_ENCAP_IP', 2],
  ila: ['LWTUNNEL_ENCAP_ILA', 3],
  ip6: ['LWTUNNEL_ENCAP_IP6', 4],
  seg6: ['LWTUNNEL_ENCAP_SEG6', 5],
  bpf: ['LWTUNNEL_ENCAP_BPF', 6],
  seg6local: ['LWTUNNEL_ENCAP_SEG6_LOCAL', 7],
  rpl: ['LWTUNNEL_ENCAP_RPL', 8],
  ioam6: ['LWTUNNEL_ENCAP_IOAM6', 9],
  xfrm: ['LWTUNNEL_ENCAP_XFRM', 10],
});

/** The options of each; each stands in a file beside this one. */
export const encaps = later({
  mpls: () => encapMpls,
  ip: () => encapIp,
  ila: () => encapIla,
  ip6: () => encapIp6,
  seg6: () => encapSeg6,
  bpf: () => encapBpf,
  seg6local: () => encapSeg6Local,
  rpl: () => encapRpl,
  ioam6: () => encapIoam6,
  xfrm: () => encapXfrm,
});

const other = attributes({});

/** RTA_ENCAP and NHA_ENCAP. The kernel writes their type behind them, in `lwtunnel_fill_encap`. */
export const encap = tagged('encapType', encaps, other);

/** `encapType` decides the shape of `encap`. */
export type EncapPart =
  | { [K in keyof typeof encaps]: { encapType: K; encap?: Infer<(typeof encaps)[K]> | undefined } }[keyof typeof encaps]
  | { encapType: 'none' | (number & {}); encap?: Infer<typeof other> | undefined }
  | { encapType?: undefined; encap?: undefined };
