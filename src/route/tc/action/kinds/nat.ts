import { attribute, attributes, padding } from '../../../../schema/attributes.ts';
import { flags } from '../../../../schema/flags.ts';
import { hoisted } from '../../../../schema/hoisted.ts';
import { ipv4 } from '../../../../schema/leaves.ts';
import { u32 } from '../../../../schema/numbers.ts';
import { field, struct } from '../../../../schema/struct.ts';
import { times } from '../../stats.ts';
import { tcGen } from './control.ts';

/** `tc action ... nat {ingress | egress} OLD[/LEN] NEW`: stateless; the mask as an address. */
export const natAction = hoisted(attributes({
  parms: attribute('TCA_NAT_PARMS', 1, struct('tc_nat', 36, {
    ...tcGen,
    old: field('old_addr', 20, ipv4),
    new: field('new_addr', 24, ipv4),
    mask: field('mask', 28, ipv4),
    flags: field('flags', 32, flags(u32, { egress: ['TCA_NAT_FLAG_EGRESS', 0x1] })),
  })),
  times: attribute('TCA_NAT_TM', 2, times, { readOnly: true }),
}, padding('TCA_NAT_PAD', 3)), 'parms', { mask: '255.255.255.255' });
