import { attribute, attributes, type Infer } from '../../../schema/attributes.ts';
import { choice } from '../../../schema/choice.ts';
import { flag, ipv6 } from '../../../schema/leaves.ts';
import { be16, be32, u32, u8 } from '../../../schema/numbers.ts';
import { encapFlags, encapType, ip6TunnelFlags } from '../tunnel.ts';

/** IFLA_IPTUN_ of include/uapi/linux/if_tunnel.h over IPv6; `link` is the index of the link beneath. */
export const ip6tnlOptions = attributes({
  link: attribute('IFLA_IPTUN_LINK', 1, u32),
  local: attribute('IFLA_IPTUN_LOCAL', 2, ipv6),
  remote: attribute('IFLA_IPTUN_REMOTE', 3, ipv6),
  ttl: attribute('IFLA_IPTUN_TTL', 4, u8),
  encapLimit: attribute('IFLA_IPTUN_ENCAP_LIMIT', 6, u8),
  flowinfo: attribute('IFLA_IPTUN_FLOWINFO', 7, be32),
  flags: attribute('IFLA_IPTUN_FLAGS', 8, ip6TunnelFlags),
  proto: attribute('IFLA_IPTUN_PROTO', 9, choice(u8, {
    any: ['IPPROTO_IP', 0],
    ipip6: ['IPPROTO_IPIP', 4],
    ip6ip6: ['IPPROTO_IPV6', 41],
  })),
  encapType: attribute('IFLA_IPTUN_ENCAP_TYPE', 15, encapType),
  encapFlags: attribute('IFLA_IPTUN_ENCAP_FLAGS', 16, encapFlags),
  encapSport: attribute('IFLA_IPTUN_ENCAP_SPORT', 17, be16),
  encapDport: attribute('IFLA_IPTUN_ENCAP_DPORT', 18, be16),
  collectMetadata: attribute('IFLA_IPTUN_COLLECT_METADATA', 19, flag),
  fwmark: attribute('IFLA_IPTUN_FWMARK', 20, u32),
});

/** What `options` holds where `kind` is 'ip6tnl'. */
export type Ip6tnlOptions = Infer<typeof ip6tnlOptions>;
