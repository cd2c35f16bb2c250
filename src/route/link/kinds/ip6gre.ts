import { attribute, attributes, type Infer } from '../../../schema/attributes.ts';
import { flag, ipv6 } from '../../../schema/leaves.ts';
import { be16, be32, u32, u8 } from '../../../schema/numbers.ts';
import { encapFlags, encapType, greFlags, ip6TunnelFlags } from '../tunnel.ts';

/** IFLA_GRE_ of include/uapi/linux/if_tunnel.h over IPv6, for ip6gre and ip6gretap. */
export const ip6greAttributes = {
  link: attribute('IFLA_GRE_LINK', 1, u32),
  iflags: attribute('IFLA_GRE_IFLAGS', 2, greFlags),
  oflags: attribute('IFLA_GRE_OFLAGS', 3, greFlags),
  ikey: attribute('IFLA_GRE_IKEY', 4, be32),
  okey: attribute('IFLA_GRE_OKEY', 5, be32),
  local: attribute('IFLA_GRE_LOCAL', 6, ipv6),
  remote: attribute('IFLA_GRE_REMOTE', 7, ipv6),
  ttl: attribute('IFLA_GRE_TTL', 8, u8),
  encapLimit: attribute('IFLA_GRE_ENCAP_LIMIT', 11, u8),
  flowinfo: attribute('IFLA_GRE_FLOWINFO', 12, be32),
  flags: attribute('IFLA_GRE_FLAGS', 13, ip6TunnelFlags),
  encapType: attribute('IFLA_GRE_ENCAP_TYPE', 14, encapType),
  encapFlags: attribute('IFLA_GRE_ENCAP_FLAGS', 15, encapFlags),
  encapSport: attribute('IFLA_GRE_ENCAP_SPORT', 16, be16),
  encapDport: attribute('IFLA_GRE_ENCAP_DPORT', 17, be16),
  collectMetadata: attribute('IFLA_GRE_COLLECT_METADATA', 18, flag),
  fwmark: attribute('IFLA_GRE_FWMARK', 20, u32),
};

export const ip6greOptions = attributes(ip6greAttributes);

/** What `options` holds where `kind` is 'ip6gre' or 'ip6gretap'. */
export type Ip6greOptions = Infer<typeof ip6greOptions>;
