import { attribute, attributes, type Infer } from '../../../schema/attributes.ts';
import { choice } from '../../../schema/choice.ts';
import { flag, ipv4 } from '../../../schema/leaves.ts';
import { be16, bool8, u32, u8 } from '../../../schema/numbers.ts';
import { encapFlags, encapType } from '../tunnel.ts';

/** What the tunnel carries, in `ip`'s words. */
const proto = choice(u8, {
  any: ['IPPROTO_IP', 0],
  ipip: ['IPPROTO_IPIP', 4],
  ip6ip: ['IPPROTO_IPV6', 41],
  mplsip: ['IPPROTO_MPLS', 137],
});

/** IFLA_IPTUN_ of include/uapi/linux/if_tunnel.h over IPv4; `link` is the index of the link beneath. */
export const ipipAttributes = {
  link: attribute('IFLA_IPTUN_LINK', 1, u32),
  local: attribute('IFLA_IPTUN_LOCAL', 2, ipv4),
  remote: attribute('IFLA_IPTUN_REMOTE', 3, ipv4),
  ttl: attribute('IFLA_IPTUN_TTL', 4, u8),
  tos: attribute('IFLA_IPTUN_TOS', 5, u8),
  proto: attribute('IFLA_IPTUN_PROTO', 9, proto),
  pmtudisc: attribute('IFLA_IPTUN_PMTUDISC', 10, bool8),
  encapType: attribute('IFLA_IPTUN_ENCAP_TYPE', 15, encapType),
  encapFlags: attribute('IFLA_IPTUN_ENCAP_FLAGS', 16, encapFlags),
  encapSport: attribute('IFLA_IPTUN_ENCAP_SPORT', 17, be16),
  encapDport: attribute('IFLA_IPTUN_ENCAP_DPORT', 18, be16),
  collectMetadata: attribute('IFLA_IPTUN_COLLECT_METADATA', 19, flag),
  fwmark: attribute('IFLA_IPTUN_FWMARK', 20, u32),
};

export const ipipOptions = attributes(ipipAttributes);

/** What `options` holds where `kind` is 'ipip'. */
export type IpipOptions = Infer<typeof ipipOptions>;
