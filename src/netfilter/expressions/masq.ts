import { attribute, attributes } from '../../schema/attributes.ts';
import { natFlags } from '../nat.ts';
import { register } from '../register.ts';

/** snat to the address of the interface that the packet leaves by. */
export const masq = attributes({
  flags: attribute('NFTA_MASQ_FLAGS', 1, natFlags),
  portMin: attribute('NFTA_MASQ_REG_PROTO_MIN', 2, register),
  portMax: attribute('NFTA_MASQ_REG_PROTO_MAX', 3, register),
});
