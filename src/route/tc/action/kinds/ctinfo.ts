import { attribute, attributes, padding } from '../../../../schema/attributes.ts';
import { hoisted } from '../../../../schema/hoisted.ts';
import { u16, u32, u64 } from '../../../../schema/numbers.ts';
import { struct } from '../../../../schema/struct.ts';
import { times } from '../../stats.ts';
import { tcGen } from './control.ts';

/** `tc action ... ctinfo [dscp MASK[/STATEMASK]] [cpmark [MASK]] [zone N]`: DSCP or mark from the connection's mark. */
export const ctinfoAction = hoisted(attributes({
  parms: attribute('TCA_CTINFO_ACT', 3, struct('tc_ctinfo', 20, tcGen)),
  zone: attribute('TCA_CTINFO_ZONE', 4, u16),
  dscpMask: attribute('TCA_CTINFO_PARMS_DSCP_MASK', 5, u32),
  dscpStatemask: attribute('TCA_CTINFO_PARMS_DSCP_STATEMASK', 6, u32),
  cpmarkMask: attribute('TCA_CTINFO_PARMS_CPMARK_MASK', 7, u32),
  dscpSet: attribute('TCA_CTINFO_STATS_DSCP_SET', 8, u64, { readOnly: true }),
  dscpError: attribute('TCA_CTINFO_STATS_DSCP_ERROR', 9, u64, { readOnly: true }),
  cpmarkSet: attribute('TCA_CTINFO_STATS_CPMARK_SET', 10, u64, { readOnly: true }),
  times: attribute('TCA_CTINFO_TM', 2, times, { readOnly: true }),
}, padding('TCA_CTINFO_PAD', 1)), 'parms', { control: 'pipe' });
