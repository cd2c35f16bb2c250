import { attribute, attributes, type Infer } from '../../../schema/attributes.ts';
import { flags } from '../../../schema/flags.ts';
import { ipv4, ipv6 } from '../../../schema/leaves.ts';
import { u16 } from '../../../schema/numbers.ts';
import { ipipAttributes } from './ipip.ts';

/** IFLA_IPTUN_ of include/uapi/linux/if_tunnel.h: IPv6 over IPv4, with what 6rd adds. */
export const sitOptions = attributes({
  ...ipipAttributes,
  flags: attribute('IFLA_IPTUN_FLAGS', 8, flags(u16, { isatap: ['SIT_ISATAP', 0x1] })),
  '6rdPrefix': attribute('IFLA_IPTUN_6RD_PREFIX', 11, ipv6),
  '6rdRelayPrefix': attribute('IFLA_IPTUN_6RD_RELAY_PREFIX', 12, ipv4),
  '6rdPrefixlen': attribute('IFLA_IPTUN_6RD_PREFIXLEN', 13, u16),
  '6rdRelayPrefixlen': attribute('IFLA_IPTUN_6RD_RELAY_PREFIXLEN', 14, u16),
});

/** What `options` holds where `kind` is 'sit'. */
export type SitOptions = Infer<typeof sitOptions>;
