import { attribute, attributes, padding, type Infer } from '../../../../schema/attributes.ts';
import { choice } from '../../../../schema/choice.ts';
import { hoisted } from '../../../../schema/hoisted.ts';
import type { MappedCodec } from '../../../../schema/mapped.ts';
import { s32, u32 } from '../../../../schema/numbers.ts';
import { field, struct } from '../../../../schema/struct.ts';
import type { LinkRef } from '../../../link/message.ts';
import { times } from '../../stats.ts';
import { tcGen } from './control.ts';

const mirred = hoisted(attributes({
  parms: attribute('TCA_MIRRED_PARMS', 2, struct('tc_mirred', 28, {
    ...tcGen,
    action: field('eaction', 20, choice(s32, {
      'egress redirect': ['TCA_EGRESS_REDIR', 1],
      'egress mirror': ['TCA_EGRESS_MIRROR', 2],
      'ingress redirect': ['TCA_INGRESS_REDIR', 3],
      'ingress mirror': ['TCA_INGRESS_MIRROR', 4],
    })),
    /** The index of the link it goes to. */
    ifindex: field('ifindex', 24, u32),
  })),
  blockid: attribute('TCA_MIRRED_BLOCKID', 4, u32),
  times: attribute('TCA_MIRRED_TM', 1, times, { readOnly: true }),
}, padding('TCA_MIRRED_PAD', 3)), 'parms', ({ action }) => ({ control: String(action).endsWith('redirect') ? 'stolen' : 'pipe' }));

export interface MirredOptions extends Infer<typeof mirred> {
  /** The link it goes to, by name; operations make `ifindex` of it. */
  dev?: LinkRef | undefined;
}

/** `tc action ... mirred {ingress | egress} {mirror | redirect} {dev DEV | blockid N}`; a mirrored packet goes on, a redirected one does not. */
export const mirredAction: MappedCodec<any, MirredOptions> = mirred;
