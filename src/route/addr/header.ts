import { get32 } from '../../bytes/memory.ts';
import { choice } from '../../schema/choice.ts';
import type { Codec } from '../../schema/codec.ts';
import { sourced } from '../../schema/source.ts';
import { flags, type Flags } from '../../schema/flags.ts';
import { u32, u8 } from '../../schema/numbers.ts';
import { field, hidden, struct } from '../../schema/struct.ts';
import { family } from '../family.ts';

/** How far an address or a route reaches: RT_SCOPE_ of include/uapi/linux/rtnetlink.h. */
export const scope = choice(u8, {
  global: ['RT_SCOPE_UNIVERSE', 0],
  site: ['RT_SCOPE_SITE', 200],
  link: ['RT_SCOPE_LINK', 253],
  host: ['RT_SCOPE_HOST', 254],
  nowhere: ['RT_SCOPE_NOWHERE', 255],
});

const common = {
  nodad: ['IFA_F_NODAD', 0x2],
  optimistic: ['IFA_F_OPTIMISTIC', 0x4],
  dadfailed: ['IFA_F_DADFAILED', 0x8],
  home: ['IFA_F_HOMEADDRESS', 0x10],
  deprecated: ['IFA_F_DEPRECATED', 0x20],
  tentative: ['IFA_F_TENTATIVE', 0x40],
  permanent: ['IFA_F_PERMANENT', 0x80],
  mngtmpaddr: ['IFA_F_MANAGETEMPADDR', 0x100],
  noprefixroute: ['IFA_F_NOPREFIXROUTE', 0x200],
  autojoin: ['IFA_F_MCAUTOJOIN', 0x400],
  stablePrivacy: ['IFA_F_STABLE_PRIVACY', 0x800],
} as const;

/** include/uapi/linux/if_addr.h: the lowest bit has a meaning of its own in each family. */
const of4 = flags(u32, { secondary: ['IFA_F_SECONDARY', 0x1], ...common });
const of6 = flags(u32, { temporary: ['IFA_F_TEMPORARY', 0x1], ...common });
const ofBoth = flags(u32, { secondary: ['IFA_F_SECONDARY', 0x1], temporary: ['IFA_F_TEMPORARY', 0x1], ...common });

export type AddrFlags = Flags<typeof ofBoth.names>;

const toFlags = (bits: number, family: unknown): AddrFlags => (family === 'inet6' ? of6 : of4).toNames(bits) as AddrFlags;

/** IFA_FLAGS, which has the bits that the header's byte lacks, and is sent only where there are any. */
export const addrFlags: Codec<AddrFlags> & { readonly names: typeof ofBoth.names } = {
  ...ofBoth,
  read: sourced((m, at, _end, owner) => toFlags(get32(m, at), owner['family']), (site) => `${site.use(toFlags)}(${site.u32(0)}, ${site.sibling('family')})`),
  put(w, type, value) {
    const bits = ofBoth.toNumber(value);
    if (bits <= 0xff) return;
    const start = w.open(type);
    w.u32(bits);
    w.close(start);
  },
};

/** The lowest eight of them, in the header: what kernels before 3.14 know. */
const lowFlags: Codec<AddrFlags> = {
  label: 'flags of u8', size: 1,
  read: sourced((m, at, _end, owner) => toFlags(m.bytes[at]!, owner['family']), (site) => `${site.use(toFlags)}(${site.u8(0)}, ${site.sibling('family')})`),
  write: (w, value) => w.u8(ofBoth.toNumber(value) & 0xff),
  show: (value) => ofBoth.show!(value),
};

/** Where the length of the prefix stands in the header. */
export const lengthAt = 1;

/**
 * `struct ifaddrmsg` of include/uapi/linux/if_addr.h:
 *
 *      0        1        2       3       4       8
 *      +--------+--------+-------+-------+-------+
 *      | family | length | flags | scope | index |
 *      +--------+--------+-------+-------+-------+
 */
export const ifaddrmsg = struct('ifaddrmsg', 8, {
  family: field('ifa_family', 0, family),
  prefixLength: hidden('ifa_prefixlen', lengthAt, u8),
  flags: field('ifa_flags', 2, lowFlags),
  scope: field('ifa_scope', 3, scope),
  index: field('ifa_index', 4, u32),
});
