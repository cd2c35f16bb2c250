import { attribute, attributes, padding } from '../../../../schema/attributes.ts';
import { hoisted } from '../../../../schema/hoisted.ts';
import { u16, u32 } from '../../../../schema/numbers.ts';
import { struct } from '../../../../schema/struct.ts';
import { flags64 } from '../../flags64.ts';
import { classid } from '../../handle.ts';
import { times } from '../../stats.ts';
import { tcGen } from './control.ts';

const bits = flags64({
  priority: ['SKBEDIT_F_PRIORITY', 0x1],
  queueMapping: ['SKBEDIT_F_QUEUE_MAPPING', 0x2],
  mark: ['SKBEDIT_F_MARK', 0x4],
  ptype: ['SKBEDIT_F_PTYPE', 0x8],
  mask: ['SKBEDIT_F_MASK', 0x10],
  inheritdsfield: ['SKBEDIT_F_INHERITDSFIELD', 0x20],
  skbhash: ['SKBEDIT_F_TXQ_SKBHASH', 0x40],
});

/** `tc action ... skbedit [queue_mapping N] [priority CLASS] [mark N[/MASK]] [ptype N] [inheritdsfield]` */
export const skbeditAction = hoisted(attributes({
  parms: attribute('TCA_SKBEDIT_PARMS', 2, struct('tc_skbedit', 20, tcGen)),
  priority: attribute('TCA_SKBEDIT_PRIORITY', 3, classid),
  queueMapping: attribute('TCA_SKBEDIT_QUEUE_MAPPING', 4, u16),
  mark: attribute('TCA_SKBEDIT_MARK', 5, u32),
  ptype: attribute('TCA_SKBEDIT_PTYPE', 7, u16),
  mask: attribute('TCA_SKBEDIT_MASK', 8, u32),
  flags: attribute('TCA_SKBEDIT_FLAGS', 9, bits),
  queueMappingMax: attribute('TCA_SKBEDIT_QUEUE_MAPPING_MAX', 10, u16),
  times: attribute('TCA_SKBEDIT_TM', 1, times, { readOnly: true }),
}, padding('TCA_SKBEDIT_PAD', 6)), 'parms', { control: 'pipe' });
