import { attribute, attributes, type Infer } from '../../../schema/attributes.ts';
import { flag, ipv4 } from '../../../schema/leaves.ts';
import { be16, be32, bool8, u32, u8 } from '../../../schema/numbers.ts';
import { encapFlags, encapType, greFlags } from '../tunnel.ts';

/** IFLA_GRE_ of include/uapi/linux/if_tunnel.h, for gre and gretap; `link` is the index of the link beneath. */
export const greAttributes = {
  link: attribute('IFLA_GRE_LINK', 1, u32),
  iflags: attribute('IFLA_GRE_IFLAGS', 2, greFlags),
  oflags: attribute('IFLA_GRE_OFLAGS', 3, greFlags),
  ikey: attribute('IFLA_GRE_IKEY', 4, be32),
  okey: attribute('IFLA_GRE_OKEY', 5, be32),
  local: attribute('IFLA_GRE_LOCAL', 6, ipv4),
  remote: attribute('IFLA_GRE_REMOTE', 7, ipv4),
  ttl: attribute('IFLA_GRE_TTL', 8, u8),
  tos: attribute('IFLA_GRE_TOS', 9, u8),
  pmtudisc: attribute('IFLA_GRE_PMTUDISC', 10, bool8),
  encapType: attribute('IFLA_GRE_ENCAP_TYPE', 14, encapType),
  encapFlags: attribute('IFLA_GRE_ENCAP_FLAGS', 15, encapFlags),
  encapSport: attribute('IFLA_GRE_ENCAP_SPORT', 16, be16),
  encapDport: attribute('IFLA_GRE_ENCAP_DPORT', 17, be16),
  collectMetadata: attribute('IFLA_GRE_COLLECT_METADATA', 18, flag),
  ignoreDf: attribute('IFLA_GRE_IGNORE_DF', 19, bool8),
  fwmark: attribute('IFLA_GRE_FWMARK', 20, u32),
};

export const greOptions = attributes(greAttributes);

/** What `options` holds where `kind` is 'gre' or 'gretap'. */
export type GreOptions = Infer<typeof greOptions>;
