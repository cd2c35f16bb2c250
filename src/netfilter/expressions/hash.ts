import { attribute, attributes } from '../../schema/attributes.ts';
import { choice } from '../../schema/choice.ts';
import { be32 } from '../../schema/numbers.ts';
import { register } from '../register.ts';

/** Loads a hash of a register or of the connection. */
export const hash = attributes({
  sreg: attribute('NFTA_HASH_SREG', 1, register),
  dreg: attribute('NFTA_HASH_DREG', 2, register),
  length: attribute('NFTA_HASH_LEN', 3, be32),
  modulus: attribute('NFTA_HASH_MODULUS', 4, be32),
  seed: attribute('NFTA_HASH_SEED', 5, be32),
  offset: attribute('NFTA_HASH_OFFSET', 6, be32),
  type: attribute('NFTA_HASH_TYPE', 7, choice(be32,
    { jenkins: ['NFT_HASH_JENKINS', 0], symmetric: ['NFT_HASH_SYM', 1] })),
});
