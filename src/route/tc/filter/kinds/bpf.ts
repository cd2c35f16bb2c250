import { attribute, attributes } from '../../../../schema/attributes.ts';
import { packed } from '../../../../schema/arrays.ts';
import { flags } from '../../../../schema/flags.ts';
import { cstring, hexadecimal } from '../../../../schema/leaves.ts';
import { u16, u32 } from '../../../../schema/numbers.ts';
import { actions } from '../../action/declaration.ts';
import { instruction } from '../../action/kinds/bpf.ts';
import { policeAction } from '../../action/kinds/police.ts';
import { classid } from '../../handle.ts';
import { filterFlags } from './flags.ts';

/**
 * `tc filter ... bpf {bytecode CODE | object-file or pinned program} [direct-action] [classid C] [action ...]`: classic
 * instructions in `ops` with their number in `opsLen`, or the descriptor of an eBPF program in `fd`.
 */
export const bpfFilter = attributes({
  actions: attribute('TCA_BPF_ACT', 1, actions),
  police: attribute('TCA_BPF_POLICE', 2, policeAction),
  classid: attribute('TCA_BPF_CLASSID', 3, classid),
  opsLen: attribute('TCA_BPF_OPS_LEN', 4, u16),
  ops: attribute('TCA_BPF_OPS', 5, packed(instruction)),
  fd: attribute('TCA_BPF_FD', 6, u32),
  name: attribute('TCA_BPF_NAME', 7, cstring),
  flags: attribute('TCA_BPF_FLAGS', 8, flags(u32, { directAction: ['TCA_BPF_FLAG_ACT_DIRECT', 0x1] })),
  flagsGen: attribute('TCA_BPF_FLAGS_GEN', 9, filterFlags),
  tag: attribute('TCA_BPF_TAG', 10, hexadecimal, { readOnly: true }),
  id: attribute('TCA_BPF_ID', 11, u32, { readOnly: true }),
});
