import { attribute, attributes } from '../../schema/attributes.ts';
import { flags } from '../../schema/flags.ts';
import { be16 } from '../../schema/numbers.ts';
import { register } from '../register.ts';

/** Hands a packet to a program. */
export const queue = attributes({
  number: attribute('NFTA_QUEUE_NUM', 1, be16),
  total: attribute('NFTA_QUEUE_TOTAL', 2, be16),
  flags: attribute('NFTA_QUEUE_FLAGS', 3,
    flags(be16, { bypass: ['NFT_QUEUE_FLAG_BYPASS', 0x1], fanout: ['NFT_QUEUE_FLAG_CPU_FANOUT', 0x2] })),
  sreg: attribute('NFTA_QUEUE_SREG_QNUM', 4, register),
});
