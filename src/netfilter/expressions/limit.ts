import { attribute, attributes, padding } from '../../schema/attributes.ts';
import { choice } from '../../schema/choice.ts';
import { flags } from '../../schema/flags.ts';
import { be32, be64 } from '../../schema/numbers.ts';

/** Goes on with the rule at most `rate` times in `unit` seconds, or with `invert` only above that. */
export const limit = attributes({
  rate: attribute('NFTA_LIMIT_RATE', 1, be64),
  /** Seconds. */
  unit: attribute('NFTA_LIMIT_UNIT', 2, be64),
  burst: attribute('NFTA_LIMIT_BURST', 3, be32),
  type: attribute('NFTA_LIMIT_TYPE', 4, choice(be32,
    { packets: ['NFT_LIMIT_PKTS', 0], bytes: ['NFT_LIMIT_PKT_BYTES', 1] })),
  flags: attribute('NFTA_LIMIT_FLAGS', 5, flags(be32, { invert: ['NFT_LIMIT_F_INV', 0x1] })),
}, padding('NFTA_LIMIT_PAD', 6));
