import { attribute, attributes } from '../../schema/attributes.ts';
import { choice } from '../../schema/choice.ts';
import { flags } from '../../schema/flags.ts';
import { be32, u8 } from '../../schema/numbers.ts';
import { register } from '../register.ts';

const bits = flags(be32, { present: ['NFT_EXTHDR_F_PRESENT', 0x1] });

/** The kernel tells flags of what sets an option too, and refuses to be told any there: none are not sent. */
const someFlags: typeof bits = {
  ...bits,
  put(w, type, value, owner, base) {
    if (bits.toNumber(value) === 0) return;
    const start = w.open(type);
    bits.write(w, value, owner, base);
    w.close(start);
  },
};

/** Loads, sets or tests for an option or extension header: the TCP option of the maximum segment size. */
export const exthdr = attributes({
  dreg: attribute('NFTA_EXTHDR_DREG', 1, register),
  type: attribute('NFTA_EXTHDR_TYPE', 2, u8),
  offset: attribute('NFTA_EXTHDR_OFFSET', 3, be32),
  length: attribute('NFTA_EXTHDR_LEN', 4, be32),
  flags: attribute('NFTA_EXTHDR_FLAGS', 5, someFlags),
  op: attribute('NFTA_EXTHDR_OP', 6, choice(be32, {
    ipv6: ['NFT_EXTHDR_OP_IPV6', 0], tcp: ['NFT_EXTHDR_OP_TCPOPT', 1], ipv4: ['NFT_EXTHDR_OP_IPV4', 2],
    sctp: ['NFT_EXTHDR_OP_SCTP', 3], dccp: ['NFT_EXTHDR_OP_DCCP', 4],
  })),
  sreg: attribute('NFTA_EXTHDR_SREG', 7, register),
});
