import { attribute, attributes } from '../../schema/attributes.ts';
import { natFlags } from '../nat.ts';
import { register } from '../register.ts';

/** dnat to this machine itself. */
export const redir = attributes({
  portMin: attribute('NFTA_REDIR_REG_PROTO_MIN', 1, register),
  portMax: attribute('NFTA_REDIR_REG_PROTO_MAX', 2, register),
  flags: attribute('NFTA_REDIR_FLAGS', 3, natFlags),
});
