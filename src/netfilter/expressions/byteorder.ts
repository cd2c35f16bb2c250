import { attribute, attributes } from '../../schema/attributes.ts';
import { choice } from '../../schema/choice.ts';
import { be32 } from '../../schema/numbers.ts';
import { register } from '../register.ts';

/** Turns the bytes of numbers round. */
export const byteorder = attributes({
  sreg: attribute('NFTA_BYTEORDER_SREG', 1, register),
  dreg: attribute('NFTA_BYTEORDER_DREG', 2, register),
  op: attribute('NFTA_BYTEORDER_OP', 3, choice(be32,
    { ntoh: ['NFT_BYTEORDER_NTOH', 0], hton: ['NFT_BYTEORDER_HTON', 1] })),
  length: attribute('NFTA_BYTEORDER_LEN', 4, be32),
  size: attribute('NFTA_BYTEORDER_SIZE', 5, be32),
});
