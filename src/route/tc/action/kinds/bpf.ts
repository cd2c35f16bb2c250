import { attribute, attributes, padding } from '../../../../schema/attributes.ts';
import { packed } from '../../../../schema/arrays.ts';
import { hoisted } from '../../../../schema/hoisted.ts';
import { cstring, hexadecimal } from '../../../../schema/leaves.ts';
import { u16, u32, u8 } from '../../../../schema/numbers.ts';
import { field, struct } from '../../../../schema/struct.ts';
import { times } from '../../stats.ts';
import { tcGen } from './control.ts';

/** `struct sock_filter`: one instruction of classic BPF. */
export const instruction = struct('sock_filter', 8, {
  code: field('code', 0, u16),
  jt: field('jt', 2, u8),
  jf: field('jf', 3, u8),
  k: field('k', 4, u32),
});

/** `tc action ... bpf {bytecode CODE | object-file or pinned program}`: instructions, or the descriptor of a program. */
export const bpfAction = hoisted(attributes({
  parms: attribute('TCA_ACT_BPF_PARMS', 2, struct('tc_act_bpf', 20, tcGen)),
  opsLen: attribute('TCA_ACT_BPF_OPS_LEN', 3, u16),
  ops: attribute('TCA_ACT_BPF_OPS', 4, packed(instruction)),
  fd: attribute('TCA_ACT_BPF_FD', 5, u32),
  name: attribute('TCA_ACT_BPF_NAME', 6, cstring),
  tag: attribute('TCA_ACT_BPF_TAG', 8, hexadecimal, { readOnly: true }),
  id: attribute('TCA_ACT_BPF_ID', 9, u32, { readOnly: true }),
  times: attribute('TCA_ACT_BPF_TM', 1, times, { readOnly: true }),
}, padding('TCA_ACT_BPF_PAD', 7)), 'parms', { control: 'pipe' });
