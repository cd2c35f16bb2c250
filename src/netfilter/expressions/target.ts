import { attribute, attributes } from '../../schema/attributes.ts';
import { binary, text } from '../../schema/leaves.ts';
import { be32 } from '../../schema/numbers.ts';

/**
 * A target of iptables: `info` is its C struct, which we do not look into.
 * include/uapi/linux/netfilter/nf_tables_compat.h
 */
export const target = attributes({
  name: attribute('NFTA_TARGET_NAME', 1, text(31)),
  revision: attribute('NFTA_TARGET_REV', 2, be32),
  info: attribute('NFTA_TARGET_INFO', 3, binary),
});
