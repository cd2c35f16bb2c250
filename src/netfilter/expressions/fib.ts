import { attribute, attributes } from '../../schema/attributes.ts';
import { choice } from '../../schema/choice.ts';
import { flags } from '../../schema/flags.ts';
import { be32 } from '../../schema/numbers.ts';
import { register } from '../register.ts';

/** Asks the routing table about the addresses of a packet. */
export const fib = attributes({
  dreg: attribute('NFTA_FIB_DREG', 1, register),
  result: attribute('NFTA_FIB_RESULT', 2, choice(be32, {
    oif: ['NFT_FIB_RESULT_OIF', 1], oifname: ['NFT_FIB_RESULT_OIFNAME', 2], type: ['NFT_FIB_RESULT_ADDRTYPE', 3],
  })),
  flags: attribute('NFTA_FIB_FLAGS', 3, flags(be32, {
    saddr: ['NFTA_FIB_F_SADDR', 0x1], daddr: ['NFTA_FIB_F_DADDR', 0x2], mark: ['NFTA_FIB_F_MARK', 0x4],
    iif: ['NFTA_FIB_F_IIF', 0x8], oif: ['NFTA_FIB_F_OIF', 0x10], present: ['NFTA_FIB_F_PRESENT', 0x20],
  })),
});
