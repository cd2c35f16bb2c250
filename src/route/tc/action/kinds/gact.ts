import { attribute, attributes, padding } from '../../../../schema/attributes.ts';
import { choice } from '../../../../schema/choice.ts';
import { hoisted } from '../../../../schema/hoisted.ts';
import { u16 } from '../../../../schema/numbers.ts';
import { field, struct } from '../../../../schema/struct.ts';
import { times } from '../../stats.ts';
import { control, tcGen } from './control.ts';

const probability = struct('tc_gact_p', 8, {
  type: field('ptype', 0, choice(u16, { none: ['PGACT_NONE', 0], netrand: ['PGACT_NETRAND', 1], determ: ['PGACT_DETERM', 2] })),
  /** One of so many packets. */
  value: field('pval', 2, u16),
  control: field('paction', 4, control),
});

/** `tc action ... gact {pass | drop | ...} [random TYPE CONTROL N]` */
export const gactAction = hoisted(attributes({
  parms: attribute('TCA_GACT_PARMS', 2, struct('tc_gact', 20, tcGen)),
  random: attribute('TCA_GACT_PROB', 3, probability),
  times: attribute('TCA_GACT_TM', 1, times, { readOnly: true }),
}, padding('TCA_GACT_PAD', 4)), 'parms');
