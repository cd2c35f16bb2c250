import { attribute, attributes } from '../../schema/attributes.ts';
import { choice } from '../../schema/choice.ts';
import { flags } from '../../schema/flags.ts';
import { be32 } from '../../schema/numbers.ts';
import { register } from '../register.ts';

export const payloadBase = choice(be32, {
  link: ['NFT_PAYLOAD_LL_HEADER', 0],
  network: ['NFT_PAYLOAD_NETWORK_HEADER', 1],
  transport: ['NFT_PAYLOAD_TRANSPORT_HEADER', 2],
  inner: ['NFT_PAYLOAD_INNER_HEADER', 3],
  tunnel: ['NFT_PAYLOAD_TUN_HEADER', 4],
});

/** Loads bytes of a packet, or with `sreg` writes them. */
export const payload = attributes({
  dreg: attribute('NFTA_PAYLOAD_DREG', 1, register),
  base: attribute('NFTA_PAYLOAD_BASE', 2, payloadBase),
  offset: attribute('NFTA_PAYLOAD_OFFSET', 3, be32),
  length: attribute('NFTA_PAYLOAD_LEN', 4, be32),
  sreg: attribute('NFTA_PAYLOAD_SREG', 5, register),
  checksum: attribute('NFTA_PAYLOAD_CSUM_TYPE', 6, choice(be32, {
    none: ['NFT_PAYLOAD_CSUM_NONE', 0], inet: ['NFT_PAYLOAD_CSUM_INET', 1], sctp: ['NFT_PAYLOAD_CSUM_SCTP', 2],
  })),
  checksumOffset: attribute('NFTA_PAYLOAD_CSUM_OFFSET', 7, be32),
  checksumFlags: attribute('NFTA_PAYLOAD_CSUM_FLAGS', 8,
    flags(be32, { pseudoHeader: ['NFT_PAYLOAD_L4CSUM_PSEUDOHDR', 0x1] })),
});
