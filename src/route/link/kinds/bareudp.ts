import { attribute, attributes, type Infer } from '../../../schema/attributes.ts';
import { flag } from '../../../schema/leaves.ts';
import { be16, u16 } from '../../../schema/numbers.ts';

/** IFLA_BAREUDP_ of include/uapi/linux/if_link.h; `ethertype` is 0x0800 for IPv4, 0x8847 for MPLS. */
export const bareudpOptions = attributes({
  port: attribute('IFLA_BAREUDP_PORT', 1, be16),
  ethertype: attribute('IFLA_BAREUDP_ETHERTYPE', 2, be16),
  srcportMin: attribute('IFLA_BAREUDP_SRCPORT_MIN', 3, u16),
  multiprotoMode: attribute('IFLA_BAREUDP_MULTIPROTO_MODE', 4, flag),
});

/** What `options` holds where `kind` is 'bareudp'. */
export type BareudpOptions = Infer<typeof bareudpOptions>;
