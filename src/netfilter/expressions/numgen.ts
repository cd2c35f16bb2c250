import { attribute, attributes } from '../../schema/attributes.ts';
import { choice } from '../../schema/choice.ts';
import { be32 } from '../../schema/numbers.ts';
import { register } from '../register.ts';

/** Loads a number, one after the other or by chance: to share connections out. */
export const numgen = attributes({
  dreg: attribute('NFTA_NG_DREG', 1, register),
  modulus: attribute('NFTA_NG_MODULUS', 2, be32),
  type: attribute('NFTA_NG_TYPE', 3, choice(be32, { inc: ['NFT_NG_INCREMENTAL', 0], random: ['NFT_NG_RANDOM', 1] })),
  offset: attribute('NFTA_NG_OFFSET', 4, be32),
});
