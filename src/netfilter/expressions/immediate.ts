import { attribute, attributes } from '../../schema/attributes.ts';
import { register } from '../register.ts';
import { data } from '../verdict.ts';

/** Puts a value into a register; a verdict into register 0. */
export const immediate = attributes({
  dreg: attribute('NFTA_IMMEDIATE_DREG', 1, register),
  data: attribute('NFTA_IMMEDIATE_DATA', 2, data),
});
