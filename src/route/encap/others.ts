import { attribute, attributes, padding } from '../../schema/attributes.ts';
import { choice } from '../../schema/choice.ts';
import { checkObject, show, type Codec } from '../../schema/codec.ts';
import { cstring, ipv6 } from '../../schema/leaves.ts';
import { be64, u32, u8 } from '../../schema/numbers.ts';
import { EncodeError } from '../../errors.ts';

/** A program: the descriptor of a loaded one and a name for it when written, the name when read. */
const program = attributes({
  fd: attribute('LWT_BPF_PROG_FD', 1, u32),
  name: attribute('LWT_BPF_PROG_NAME', 2, cstring),
});

/** LWT_BPF_ of include/uapi/linux/lwtunnel.h: programs that packets of the route pass. */
export const encapBpf = attributes({
  in: attribute('LWT_BPF_IN', 1, program),
  out: attribute('LWT_BPF_OUT', 2, program),
  xmit: attribute('LWT_BPF_XMIT', 3, program),
  headroom: attribute('LWT_BPF_XMIT_HEADROOM', 4, u32),
});

/** LWT_XFRM_: `encap xfrm if_id 1 link_dev eth0`. */
export const encapXfrm = attributes({
  ifId: attribute('LWT_XFRM_IF_ID', 1, u32),
  link: attribute('LWT_XFRM_LINK', 2, u32),
});

/** ILA_ATTR_ of include/uapi/linux/ila.h */
export const encapIla = attributes({
  locator: attribute('ILA_ATTR_LOCATOR', 1, be64),
  csumMode: attribute('ILA_ATTR_CSUM_MODE', 7, choice(u8, {
    'adj-transport': ['ILA_CSUM_ADJUST_TRANSPORT', 0],
    'neutral-map': ['ILA_CSUM_NEUTRAL_MAP', 1],
    'no-action': ['ILA_CSUM_NO_ACTION', 2],
    'neutral-map-auto': ['ILA_CSUM_NEUTRAL_MAP_AUTO', 3],
  })),
  identType: attribute('ILA_ATTR_IDENT_TYPE', 8, choice(u8, {
    iid: ['ILA_ATYPE_IID', 0],
    luid: ['ILA_ATYPE_LUID', 1],
    'virt-v4': ['ILA_ATYPE_VIRT_V4', 2],
    'virt-uni-v6': ['ILA_ATYPE_VIRT_UNI_V6', 3],
    'virt-multi-v6': ['ILA_ATYPE_VIRT_MULTI_V6', 4],
    'nonlocal-addr': ['ILA_ATYPE_NONLOCAL_ADDR', 5],
    'use-format': ['ILA_ATYPE_USE_FORMAT', 32],
  })),
  hookType: attribute('ILA_ATTR_HOOK_TYPE', 9, choice(u8, {
    output: ['ILA_HOOK_ROUTE_OUTPUT', 0],
    input: ['ILA_HOOK_ROUTE_INPUT', 1],
  })),
}, padding('ILA_ATTR_PAD', 6));

/** A trace header as it is asked for: `trace prealloc type 0x800000 ns 1 size 12`. */
export interface IoamTrace {
  /** The IOAM namespace. */
  readonly ns: number;
  /** Which data nodes put in: 24 bits, as IANA numbers them. */
  readonly type: number;
  /** Bytes kept free for that data, a multiple of 4 up to 244. */
  readonly size: number;
}

/** `struct ioam6_trace_hdr` of include/uapi/linux/ioam6.h */
const trace: Codec<IoamTrace> = {
  label: 'struct ioam6_trace_hdr', size: 8,
  read: ({ bytes }, at) => ({
    ns: bytes.readUInt16BE(at), type: bytes.readUInt32BE(at + 4) >>> 8, size: (bytes[at + 3]! & 0x7f) * 4,
  }),
  write(w, value) {
    checkObject(value);
    const { ns, type, size } = value;
    if (!(Number.isInteger(ns) && ns >= 0 && ns <= 0xffff)) throw new EncodeError(`must be a whole number from 0 to 65535, got ${show(ns)}`, 'ns');
    if (!(Number.isInteger(type) && type > 0 && type <= 0xffffff)) throw new EncodeError(`must be 24 bits, got ${show(type)}`, 'type');
    if (!(Number.isInteger(size) && size > 0 && size <= 244 && size % 4 === 0)) throw new EncodeError(`must be a multiple of 4 up to 244, got ${show(size)}`, 'size');
    const at = w.take(8), { bytes } = w.memory;
    bytes.writeUInt16BE(ns, at);
    bytes[at + 3] = size / 4;
    bytes.writeUInt32BE((type << 8) >>> 0, at + 4);
  },
};

/** IOAM6_IPTUNNEL_ of include/uapi/linux/ioam6_iptunnel.h */
export const encapIoam6 = attributes({
  mode: attribute('IOAM6_IPTUNNEL_MODE', 1, choice(u8, {
    inline: ['IOAM6_IPTUNNEL_MODE_INLINE', 1],
    encap: ['IOAM6_IPTUNNEL_MODE_ENCAP', 2],
    auto: ['IOAM6_IPTUNNEL_MODE_AUTO', 3],
  })),
  dst: attribute('IOAM6_IPTUNNEL_DST', 2, ipv6),
  trace: attribute('IOAM6_IPTUNNEL_TRACE', 3, trace),
  freqK: attribute('IOAM6_IPTUNNEL_FREQ_K', 4, u32),
  freqN: attribute('IOAM6_IPTUNNEL_FREQ_N', 5, u32),
  src: attribute('IOAM6_IPTUNNEL_SRC', 6, ipv6),
});
