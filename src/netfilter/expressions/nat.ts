import { attribute, attributes } from '../../schema/attributes.ts';
import { choice } from '../../schema/choice.ts';
import { be32 } from '../../schema/numbers.ts';
import { family } from '../header.ts';
import { natFlags } from '../nat.ts';
import { register } from '../register.ts';

/** Gives the connection another source (snat) or destination (dnat); addresses and ports lie in registers. */
export const nat = attributes({
  type: attribute('NFTA_NAT_TYPE', 1, choice(be32, { snat: ['NFT_NAT_SNAT', 0], dnat: ['NFT_NAT_DNAT', 1] })),
  family: attribute('NFTA_NAT_FAMILY', 2, choice(be32, family.names)),
  addressMin: attribute('NFTA_NAT_REG_ADDR_MIN', 3, register),
  addressMax: attribute('NFTA_NAT_REG_ADDR_MAX', 4, register),
  portMin: attribute('NFTA_NAT_REG_PROTO_MIN', 5, register),
  portMax: attribute('NFTA_NAT_REG_PROTO_MAX', 6, register),
  flags: attribute('NFTA_NAT_FLAGS', 7, natFlags),
});
