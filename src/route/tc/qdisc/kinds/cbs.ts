import { attribute, attributes } from '../../../../schema/attributes.ts';
import { hoisted } from '../../../../schema/hoisted.ts';
import { bool8, s32 } from '../../../../schema/numbers.ts';
import { field, struct } from '../../../../schema/struct.ts';

/** `tc qdisc ... cbs hicredit B locredit B idleslope R sendslope R [offload 0|1]`; slopes in kbit/s. */
export const cbsQdisc = hoisted(attributes({
  parms: attribute('TCA_CBS_PARMS', 1, struct('tc_cbs_qopt', 20, {
    offload: field('offload', 0, bool8),
    hicredit: field('hicredit', 4, s32),
    locredit: field('locredit', 8, s32),
    idleslope: field('idleslope', 12, s32),
    sendslope: field('sendslope', 16, s32),
  })),
}), 'parms');
