import { attribute, attributes, type Infer } from '../../../schema/attributes.ts';
import { choice } from '../../../schema/choice.ts';
import { u8 } from '../../../schema/numbers.ts';

/** IFLA_OVPN_ of include/uapi/linux/if_link.h. */
export const ovpnOptions = attributes({
  mode: attribute('IFLA_OVPN_MODE', 1, choice(u8, {
    p2p: ['OVPN_MODE_P2P', 0],
    mp: ['OVPN_MODE_MP', 1],
  })),
});

/** What `options` holds where `kind` is 'ovpn'. */
export type OvpnOptions = Infer<typeof ovpnOptions>;
