import { attribute, attributes, padding } from '../../../../schema/attributes.ts';
import { hoisted } from '../../../../schema/hoisted.ts';
import { mac6 } from '../../../../schema/leaves.ts';
import { u16 } from '../../../../schema/numbers.ts';
import { field, struct } from '../../../../schema/struct.ts';
import { flags64 } from '../../flags64.ts';
import { times } from '../../stats.ts';
import { tcGen } from './control.ts';

const bits = flags64({
  dmac: ['SKBMOD_F_DMAC', 0x1],
  smac: ['SKBMOD_F_SMAC', 0x2],
  etype: ['SKBMOD_F_ETYPE', 0x4],
  swapmac: ['SKBMOD_F_SWAPMAC', 0x8],
  ecn: ['SKBMOD_F_ECN', 0x10],
});

/** `tc action ... skbmod {set [dmac M] [smac M] [etype N] | swap mac | ecn}`; `flags` say which of them are meant. */
export const skbmodAction = hoisted(attributes({
  parms: attribute('TCA_SKBMOD_PARMS', 2, struct('tc_skbmod', 32, { ...tcGen, flags: field('flags', 24, bits) })),
  dmac: attribute('TCA_SKBMOD_DMAC', 3, mac6),
  smac: attribute('TCA_SKBMOD_SMAC', 4, mac6),
  etype: attribute('TCA_SKBMOD_ETYPE', 5, u16),
  times: attribute('TCA_SKBMOD_TM', 1, times, { readOnly: true }),
}, padding('TCA_SKBMOD_PAD', 6)), 'parms', { control: 'pipe' });
