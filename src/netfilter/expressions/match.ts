import { attribute, attributes } from '../../schema/attributes.ts';
import { binary, text } from '../../schema/leaves.ts';
import { be32 } from '../../schema/numbers.ts';

/**
 * A match of iptables: `info` is its C struct, which we do not look into.
 * include/uapi/linux/netfilter/nf_tables_compat.h
 */
export const match = attributes({
  name: attribute('NFTA_MATCH_NAME', 1, text(31)),
  revision: attribute('NFTA_MATCH_REV', 2, be32),
  info: attribute('NFTA_MATCH_INFO', 3, binary),
});
