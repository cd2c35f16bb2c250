import { attribute, attributes } from '../../schema/attributes.ts';
import { choice } from '../../schema/choice.ts';
import { be32 } from '../../schema/numbers.ts';
import { register } from '../register.ts';
import { data } from '../verdict.ts';

/** Goes on with the rule where a register lies in a range, or outside it. */
export const range = attributes({
  sreg: attribute('NFTA_RANGE_SREG', 1, register),
  op: attribute('NFTA_RANGE_OP', 2, choice(be32, { eq: ['NFT_RANGE_EQ', 0], neq: ['NFT_RANGE_NEQ', 1] })),
  from: attribute('NFTA_RANGE_FROM_DATA', 3, data),
  to: attribute('NFTA_RANGE_TO_DATA', 4, data),
});
