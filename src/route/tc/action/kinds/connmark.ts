import { attribute, attributes, padding } from '../../../../schema/attributes.ts';
import { hoisted } from '../../../../schema/hoisted.ts';
import { u16 } from '../../../../schema/numbers.ts';
import { field, struct } from '../../../../schema/struct.ts';
import { times } from '../../stats.ts';
import { tcGen } from './control.ts';

/** `tc action ... connmark [zone N]`: the mark of the connection becomes the packet's. */
export const connmarkAction = hoisted(attributes({
  parms: attribute('TCA_CONNMARK_PARMS', 1, struct('tc_connmark', 24, { ...tcGen, zone: field('zone', 20, u16) })),
  times: attribute('TCA_CONNMARK_TM', 2, times, { readOnly: true }),
}, padding('TCA_CONNMARK_PAD', 3)), 'parms', { control: 'pipe' });
