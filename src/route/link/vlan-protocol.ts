import { choice } from '../../schema/choice.ts';
import { be16 } from '../../schema/numbers.ts';

/** The Ethernet type of a VLAN tag, include/uapi/linux/if_ether.h. */
export const vlanProtocol = choice(be16, {
  '802.1Q': ['ETH_P_8021Q', 0x8100],
  '802.1ad': ['ETH_P_8021AD', 0x88a8],
});
