import { attribute, attributes } from '../../schema/attributes.ts';
import { choice } from '../../schema/choice.ts';
import { be32 } from '../../schema/numbers.ts';
import { register } from '../register.ts';

/** Loads what the route of a packet says. */
export const rt = attributes({
  dreg: attribute('NFTA_RT_DREG', 1, register),
  key: attribute('NFTA_RT_KEY', 2, choice(be32, {
    classid: ['NFT_RT_CLASSID', 0], nexthop4: ['NFT_RT_NEXTHOP4', 1], nexthop6: ['NFT_RT_NEXTHOP6', 2],
    tcpmss: ['NFT_RT_TCPMSS', 3], ipsec: ['NFT_RT_XFRM', 4],
  })),
});
