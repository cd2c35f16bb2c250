import { attribute, attributes, padding } from '../../../../schema/attributes.ts';
import { choice } from '../../../../schema/choice.ts';
import { hoisted } from '../../../../schema/hoisted.ts';
import { mac6 } from '../../../../schema/leaves.ts';
import { s32, u16, u8 } from '../../../../schema/numbers.ts';
import { field, struct } from '../../../../schema/struct.ts';
import { ethertype } from '../../header.ts';
import { times } from '../../stats.ts';
import { tcGen } from './control.ts';

/** `tc action ... vlan {pop | push id N [protocol P] [priority N] | modify id N ... | pop_eth | push_eth ...}` */
export const vlanAction = hoisted(attributes({
  parms: attribute('TCA_VLAN_PARMS', 2, struct('tc_vlan', 24, {
    ...tcGen,
    action: field('v_action', 20, choice(s32, {
      pop: ['TCA_VLAN_ACT_POP', 1],
      push: ['TCA_VLAN_ACT_PUSH', 2],
      modify: ['TCA_VLAN_ACT_MODIFY', 3],
      pop_eth: ['TCA_VLAN_ACT_POP_ETH', 4],
      push_eth: ['TCA_VLAN_ACT_PUSH_ETH', 5],
    })),
  })),
  id: attribute('TCA_VLAN_PUSH_VLAN_ID', 3, u16),
  protocol: attribute('TCA_VLAN_PUSH_VLAN_PROTOCOL', 4, ethertype),
  priority: attribute('TCA_VLAN_PUSH_VLAN_PRIORITY', 6, u8),
  dstMac: attribute('TCA_VLAN_PUSH_ETH_DST', 7, mac6),
  srcMac: attribute('TCA_VLAN_PUSH_ETH_SRC', 8, mac6),
  times: attribute('TCA_VLAN_TM', 1, times, { readOnly: true }),
}, padding('TCA_VLAN_PAD', 5)), 'parms', { control: 'pipe' });
