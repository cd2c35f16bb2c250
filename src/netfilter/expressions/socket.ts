import { attribute, attributes } from '../../schema/attributes.ts';
import { choice } from '../../schema/choice.ts';
import { be32 } from '../../schema/numbers.ts';
import { register } from '../register.ts';

/** Loads what is known of the socket that a packet is for. */
export const socket = attributes({
  key: attribute('NFTA_SOCKET_KEY', 1, choice(be32, {
    transparent: ['NFT_SOCKET_TRANSPARENT', 0], mark: ['NFT_SOCKET_MARK', 1], wildcard: ['NFT_SOCKET_WILDCARD', 2],
    cgroupv2: ['NFT_SOCKET_CGROUPV2', 3],
  })),
  dreg: attribute('NFTA_SOCKET_DREG', 2, register),
  level: attribute('NFTA_SOCKET_LEVEL', 3, be32),
});
