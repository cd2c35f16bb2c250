import { attribute, attributes } from '../../schema/attributes.ts';
import { be32 } from '../../schema/numbers.ts';
import { objectType } from '../object/type.ts';
import { register } from '../register.ts';
import { nftName } from '../verdict.ts';

/** Uses a named object: a counter, a quota, a limit. */
export const objref = attributes({
  type: attribute('NFTA_OBJREF_IMM_TYPE', 1, objectType),
  name: attribute('NFTA_OBJREF_IMM_NAME', 2, nftName),
  sreg: attribute('NFTA_OBJREF_SET_SREG', 3, register),
  set: attribute('NFTA_OBJREF_SET_NAME', 4, nftName),
  setId: attribute('NFTA_OBJREF_SET_ID', 5, be32),
});
