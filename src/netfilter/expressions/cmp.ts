import { attribute, attributes } from '../../schema/attributes.ts';
import { choice } from '../../schema/choice.ts';
import { be32 } from '../../schema/numbers.ts';
import { register } from '../register.ts';
import { data } from '../verdict.ts';

/** Goes on with the rule where a register compares so with a value. */
export const cmp = attributes({
  sreg: attribute('NFTA_CMP_SREG', 1, register),
  op: attribute('NFTA_CMP_OP', 2, choice(be32, {
    eq: ['NFT_CMP_EQ', 0], neq: ['NFT_CMP_NEQ', 1], lt: ['NFT_CMP_LT', 2], lte: ['NFT_CMP_LTE', 3],
    gt: ['NFT_CMP_GT', 4], gte: ['NFT_CMP_GTE', 5],
  })),
  data: attribute('NFTA_CMP_DATA', 3, data),
});
