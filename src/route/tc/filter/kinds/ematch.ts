import { attribute, attributes } from '../../../../schema/attributes.ts';
import { list } from '../../../../schema/arrays.ts';
import { choice } from '../../../../schema/choice.ts';
import { flags } from '../../../../schema/flags.ts';
import { u16, u8 } from '../../../../schema/numbers.ts';
import { field, struct } from '../../../../schema/struct.ts';
import { tailed } from '../../../../schema/tailed.ts';

/** One extended match: its header and the bytes that its kind reads. */
const match = tailed(struct('tcf_ematch_hdr', 8, {
  id: field('matchid', 0, u16),
  kind: field('kind', 2, choice(u16, {
    container: ['TCF_EM_CONTAINER', 0],
    cmp: ['TCF_EM_CMP', 1],
    nbyte: ['TCF_EM_NBYTE', 2],
    u32: ['TCF_EM_U32', 3],
    meta: ['TCF_EM_META', 4],
    text: ['TCF_EM_TEXT', 5],
    vlan: ['TCF_EM_VLAN', 6],
    canid: ['TCF_EM_CANID', 7],
    ipset: ['TCF_EM_IPSET', 8],
    ipt: ['TCF_EM_IPT', 9],
  })),
  /** How it is tied to the next one; with neither it is the last. */
  flags: field('flags', 4, flags(u16, {
    and: ['TCF_EM_REL_AND', 0x1],
    or: ['TCF_EM_REL_OR', 0x2],
    invert: ['TCF_EM_INVERT', 0x4],
    simple: ['TCF_EM_SIMPLE', 0x8],
  })),
}), 'data', u8);

/** The expression of a basic, flow or cgroup filter: `match 'cmp(u8 at 9 layer network eq 6) and ...'`. */
export const ematches = attributes({
  header: attribute('TCA_EMATCH_TREE_HDR', 1, struct('tcf_ematch_tree_hdr', 4, { nmatches: field('nmatches', 0, u16), progid: field('progid', 2, u16) })),
  matches: attribute('TCA_EMATCH_TREE_LIST', 2, list('TCA_EMATCH', match)),
});
