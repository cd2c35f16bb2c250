import { choice } from '../../../../schema/choice.ts';
import { s32, u32 } from '../../../../schema/numbers.ts';
import { field, struct } from '../../../../schema/struct.ts';

/** `tc qdisc ... plug {limit B | block | release | release_indefinite}` */
export const plugQdisc = struct('tc_plug_qopt', 8, {
  action: field('action', 0, choice(s32, {
    block: ['TCQ_PLUG_BUFFER', 0],
    release: ['TCQ_PLUG_RELEASE_ONE', 1],
    release_indefinite: ['TCQ_PLUG_RELEASE_INDEFINITE', 2],
    limit: ['TCQ_PLUG_LIMIT', 3],
  })),
  limit: field('limit', 4, u32),
});
