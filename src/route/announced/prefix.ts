import { attribute, attributes } from '../../schema/attributes.ts';
import { flags } from '../../schema/flags.ts';
import { ipv6 } from '../../schema/leaves.ts';
import { mapped } from '../../schema/mapped.ts';
import { message, type Decoded } from '../../schema/message.ts';
import { s32, u8 } from '../../schema/numbers.ts';
import { field, struct } from '../../schema/struct.ts';
import { family } from '../family.ts';
import { lifetime } from '../lifetime.ts';

const prefixFlags = flags(u8, {
  onlink: ['IF_PREFIX_ONLINK', 0x80],
  autoconf: ['IF_PREFIX_AUTOCONF', 0x40],
  /** The prefix holds the router's whole address. */
  routerAddress: ['IF_PREFIX_ROUTERADDR', 0x20],
  /** The router would rather delegate prefixes. */
  preferPd: ['IF_PREFIX_PREFERPD', 0x10],
});

/** The byte of the router's message; older kernels had bits of their own, 0x1 and 0x2, which that byte leaves free. */
const eitherFlags = mapped(u8, (byte) => prefixFlags.toNames((byte & 0xfc) | ((byte & 0x1) << 7) | ((byte & 0x2) << 5)), prefixFlags.toNumber);

/** `struct prefixmsg` of include/uapi/linux/rtnetlink.h */
const prefixmsg = struct('prefixmsg', 12, {
  family: field('prefix_family', 0, family),
  index: field('prefix_ifindex', 4, s32),
  /** The type of the option in the router's message, 3. */
  type: field('prefix_type', 8, u8),
  length: field('prefix_len', 9, u8),
  flags: field('prefix_flags', 10, eitherFlags),
});

/** RTM_NEWPREFIX: a router has announced a prefix. PREFIX_ of include/uapi/linux/rtnetlink.h. */
export const prefixMessage = message('prefix', prefixmsg, attributes({
  address: attribute('PREFIX_ADDRESS', 1, ipv6),
  cacheinfo: attribute('PREFIX_CACHEINFO', 2, struct('prefix_cacheinfo', 8, {
    preferredLft: field('preferred_time', 0, lifetime),
    validLft: field('valid_time', 4, lifetime),
  })),
}));

export type Prefix = Decoded<typeof prefixMessage>;
