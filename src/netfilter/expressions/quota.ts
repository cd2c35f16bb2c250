import { attribute, attributes, padding } from '../../schema/attributes.ts';
import { flags } from '../../schema/flags.ts';
import { be32, be64 } from '../../schema/numbers.ts';

/** Goes on with the rule until so many bytes have passed, or with `invert` only from then on. */
export const quota = attributes({
  bytes: attribute('NFTA_QUOTA_BYTES', 1, be64),
  flags: attribute('NFTA_QUOTA_FLAGS', 2,
    flags(be32, { invert: ['NFT_QUOTA_F_INV', 0x1], depleted: ['NFT_QUOTA_F_DEPLETED', 0x2] })),
  consumed: attribute('NFTA_QUOTA_CONSUMED', 4, be64),
}, padding('NFTA_QUOTA_PAD', 3));
