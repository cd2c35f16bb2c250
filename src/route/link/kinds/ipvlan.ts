import { attribute, attributes, type Infer } from '../../../schema/attributes.ts';
import { choice } from '../../../schema/choice.ts';
import { flags } from '../../../schema/flags.ts';
import { u16 } from '../../../schema/numbers.ts';

/** IFLA_IPVLAN_ of include/uapi/linux/if_link.h, for ipvlan and ipvtap. */
export const ipvlanOptions = attributes({
  mode: attribute('IFLA_IPVLAN_MODE', 1, choice(u16, {
    l2: ['IPVLAN_MODE_L2', 0],
    l3: ['IPVLAN_MODE_L3', 1],
    l3s: ['IPVLAN_MODE_L3S', 2],
  })),
  /** None of them is what `ip` calls bridge. */
  flags: attribute('IFLA_IPVLAN_FLAGS', 2, flags(u16, {
    private: ['IPVLAN_F_PRIVATE', 0x1],
    vepa: ['IPVLAN_F_VEPA', 0x2],
  })),
});

/** What `options` holds where `kind` is 'ipvlan' or 'ipvtap'. */
export type IpvlanOptions = Infer<typeof ipvlanOptions>;
