import { attribute, attributes } from '../../schema/attributes.ts';
import { flags } from '../../schema/flags.ts';
import { be32 } from '../../schema/numbers.ts';
import { register } from '../register.ts';
import { nftName } from '../verdict.ts';

/** Looks a register up in a set; with `dreg`, in a map, whose value it loads. */
export const lookup = attributes({
  set: attribute('NFTA_LOOKUP_SET', 1, nftName),
  sreg: attribute('NFTA_LOOKUP_SREG', 2, register),
  dreg: attribute('NFTA_LOOKUP_DREG', 3, register),
  setId: attribute('NFTA_LOOKUP_SET_ID', 4, be32),
  flags: attribute('NFTA_LOOKUP_FLAGS', 5, flags(be32, { invert: ['NFT_LOOKUP_F_INV', 0x1] })),
});
