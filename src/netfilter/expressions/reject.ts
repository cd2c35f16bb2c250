import { attribute, attributes } from '../../schema/attributes.ts';
import { choice } from '../../schema/choice.ts';
import { be32, u8 } from '../../schema/numbers.ts';

/** Drops a packet and tells its sender. */
export const reject = attributes({
  type: attribute('NFTA_REJECT_TYPE', 1, choice(be32, {
    icmp: ['NFT_REJECT_ICMP_UNREACH', 0], tcpReset: ['NFT_REJECT_TCP_RST', 1], icmpx: ['NFT_REJECT_ICMPX_UNREACH', 2],
  })),
  /** The code of ICMP or ICMPv6; with icmpx a code that stands for both. */
  code: attribute('NFTA_REJECT_ICMP_CODE', 2, u8),
});

/** Codes for both families, of type icmpx. */
export const icmpxCodes = { noRoute: 0, portUnreachable: 1, hostUnreachable: 2, adminProhibited: 3 } as const;
