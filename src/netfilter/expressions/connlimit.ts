import { attribute, attributes } from '../../schema/attributes.ts';
import { flags } from '../../schema/flags.ts';
import { be32 } from '../../schema/numbers.ts';

/** Goes on with the rule while there are at most `count` connections, or with `invert` only above that. */
export const connlimit = attributes({
  count: attribute('NFTA_CONNLIMIT_COUNT', 1, be32),
  flags: attribute('NFTA_CONNLIMIT_FLAGS', 2, flags(be32, { invert: ['NFT_CONNLIMIT_F_INV', 0x1] })),
});
