import { attribute, attributes } from '../../schema/attributes.ts';
import { choice } from '../../schema/choice.ts';
import { be32 } from '../../schema/numbers.ts';
import { family } from '../header.ts';
import { register } from '../register.ts';

/** Gives a packet to a socket of this machine without changing it. */
export const tproxy = attributes({
  family: attribute('NFTA_TPROXY_FAMILY', 1, choice(be32, family.names)),
  address: attribute('NFTA_TPROXY_REG_ADDR', 2, register),
  port: attribute('NFTA_TPROXY_REG_PORT', 3, register),
});
