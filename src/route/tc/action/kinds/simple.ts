import { attribute, attributes, padding } from '../../../../schema/attributes.ts';
import { hoisted } from '../../../../schema/hoisted.ts';
import { text } from '../../../../schema/leaves.ts';
import { struct } from '../../../../schema/struct.ts';
import { times } from '../../stats.ts';
import { tcGen } from './control.ts';

/** `tc action ... simple sdata TEXT`: prints the text to the kernel's log. */
export const simpleAction = hoisted(attributes({
  parms: attribute('TCA_DEF_PARMS', 2, struct('tc_defact', 20, tcGen)),
  sdata: attribute('TCA_DEF_DATA', 3, text(31)),
  times: attribute('TCA_DEF_TM', 1, times, { readOnly: true }),
}, padding('TCA_DEF_PAD', 4)), 'parms', { control: 'pipe' });
