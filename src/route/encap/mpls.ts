import { attribute, attributes } from '../../schema/attributes.ts';
import { u8 } from '../../schema/numbers.ts';
import { labelStack } from '../mpls.ts';

/** MPLS_IPTUNNEL_ of include/uapi/linux/mpls_iptunnel.h: `encap mpls 100/200 ttl 64`. */
export const encapMpls = attributes({
  labels: attribute('MPLS_IPTUNNEL_DST', 1, labelStack),
  ttl: attribute('MPLS_IPTUNNEL_TTL', 2, u8),
});
