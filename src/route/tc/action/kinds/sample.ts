import { attribute, attributes, padding } from '../../../../schema/attributes.ts';
import { hoisted } from '../../../../schema/hoisted.ts';
import { u32 } from '../../../../schema/numbers.ts';
import { struct } from '../../../../schema/struct.ts';
import { times } from '../../stats.ts';
import { tcGen } from './control.ts';

/** `tc action ... sample rate N group N [trunc B]`: one of `rate` packets goes to the psample group. */
export const sampleAction = hoisted(attributes({
  parms: attribute('TCA_SAMPLE_PARMS', 2, struct('tc_sample', 20, tcGen)),
  rate: attribute('TCA_SAMPLE_RATE', 3, u32),
  trunc: attribute('TCA_SAMPLE_TRUNC_SIZE', 4, u32),
  group: attribute('TCA_SAMPLE_PSAMPLE_GROUP', 5, u32),
  times: attribute('TCA_SAMPLE_TM', 1, times, { readOnly: true }),
}, padding('TCA_SAMPLE_PAD', 6)), 'parms', { control: 'pipe' });
