import { attribute, attributes } from '../../schema/attributes.ts';
import { choice } from '../../schema/choice.ts';
import { be32 } from '../../schema/numbers.ts';
import { register } from '../register.ts';
import { data } from '../verdict.ts';

/** `dreg = (sreg & mask) ^ xor`, or a shift. */
export const bitwise = attributes({
  sreg: attribute('NFTA_BITWISE_SREG', 1, register),
  dreg: attribute('NFTA_BITWISE_DREG', 2, register),
  length: attribute('NFTA_BITWISE_LEN', 3, be32),
  mask: attribute('NFTA_BITWISE_MASK', 4, data),
  xor: attribute('NFTA_BITWISE_XOR', 5, data),
  op: attribute('NFTA_BITWISE_OP', 6, choice(be32, {
    maskXor: ['NFT_BITWISE_MASK_XOR', 0], lshift: ['NFT_BITWISE_LSHIFT', 1], rshift: ['NFT_BITWISE_RSHIFT', 2],
    and: ['NFT_BITWISE_AND', 3], or: ['NFT_BITWISE_OR', 4], xor: ['NFT_BITWISE_XOR', 5],
  })),
  data: attribute('NFTA_BITWISE_DATA', 7, data),
  sreg2: attribute('NFTA_BITWISE_SREG2', 8, register),
});
