import { attribute, attributes, padding } from '../../../../schema/attributes.ts';
import { choice } from '../../../../schema/choice.ts';
import { hoisted } from '../../../../schema/hoisted.ts';
import { s32, u32, u8 } from '../../../../schema/numbers.ts';
import { field, struct } from '../../../../schema/struct.ts';
import { ethertype } from '../../header.ts';
import { times } from '../../stats.ts';
import { tcGen } from './control.ts';

/** `tc action ... mpls {pop protocol P | push label N ... | modify ... | dec_ttl | mac_push ...}` */
export const mplsAction = hoisted(attributes({
  parms: attribute('TCA_MPLS_PARMS', 2, struct('tc_mpls', 24, {
    ...tcGen,
    action: field('m_action', 20, choice(s32, {
      pop: ['TCA_MPLS_ACT_POP', 1],
      push: ['TCA_MPLS_ACT_PUSH', 2],
      modify: ['TCA_MPLS_ACT_MODIFY', 3],
      dec_ttl: ['TCA_MPLS_ACT_DEC_TTL', 4],
      mac_push: ['TCA_MPLS_ACT_MAC_PUSH', 5],
    })),
  })),
  protocol: attribute('TCA_MPLS_PROTO', 4, ethertype),
  label: attribute('TCA_MPLS_LABEL', 5, u32),
  tc: attribute('TCA_MPLS_TC', 6, u8),
  ttl: attribute('TCA_MPLS_TTL', 7, u8),
  bos: attribute('TCA_MPLS_BOS', 8, u8),
  times: attribute('TCA_MPLS_TM', 1, times, { readOnly: true }),
}, padding('TCA_MPLS_PAD', 3)), 'parms', { control: 'pipe' });
