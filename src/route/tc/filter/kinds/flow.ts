import { attribute, attributes } from '../../../../schema/attributes.ts';
import { choice } from '../../../../schema/choice.ts';
import { flags } from '../../../../schema/flags.ts';
import { u32 } from '../../../../schema/numbers.ts';
import { actions } from '../../action/declaration.ts';
import { policeAction } from '../../action/kinds/police.ts';
import { classid } from '../../handle.ts';
import { ematches } from './ematch.ts';

/** `tc filter ... flow {hash keys K,K,... divisor N [perturb S] | map key K [OPS] ...} [baseclass C]` */
export const flowFilter = attributes({
  keys: attribute('TCA_FLOW_KEYS', 1, flags(u32, {
    src: ['1 << FLOW_KEY_SRC', 1 << 0],
    dst: ['1 << FLOW_KEY_DST', 1 << 1],
    proto: ['1 << FLOW_KEY_PROTO', 1 << 2],
    protoSrc: ['1 << FLOW_KEY_PROTO_SRC', 1 << 3],
    protoDst: ['1 << FLOW_KEY_PROTO_DST', 1 << 4],
    iif: ['1 << FLOW_KEY_IIF', 1 << 5],
    priority: ['1 << FLOW_KEY_PRIORITY', 1 << 6],
    mark: ['1 << FLOW_KEY_MARK', 1 << 7],
    nfct: ['1 << FLOW_KEY_NFCT', 1 << 8],
    nfctSrc: ['1 << FLOW_KEY_NFCT_SRC', 1 << 9],
    nfctDst: ['1 << FLOW_KEY_NFCT_DST', 1 << 10],
    nfctProtoSrc: ['1 << FLOW_KEY_NFCT_PROTO_SRC', 1 << 11],
    nfctProtoDst: ['1 << FLOW_KEY_NFCT_PROTO_DST', 1 << 12],
    rtClassid: ['1 << FLOW_KEY_RTCLASSID', 1 << 13],
    skUid: ['1 << FLOW_KEY_SKUID', 1 << 14],
    skGid: ['1 << FLOW_KEY_SKGID', 1 << 15],
    vlanTag: ['1 << FLOW_KEY_VLAN_TAG', 1 << 16],
    rxhash: ['1 << FLOW_KEY_RXHASH', 1 << 17],
  })),
  mode: attribute('TCA_FLOW_MODE', 2, choice(u32, { map: ['FLOW_MODE_MAP', 0], hash: ['FLOW_MODE_HASH', 1] })),
  baseclass: attribute('TCA_FLOW_BASECLASS', 3, classid),
  rshift: attribute('TCA_FLOW_RSHIFT', 4, u32),
  addend: attribute('TCA_FLOW_ADDEND', 5, u32),
  mask: attribute('TCA_FLOW_MASK', 6, u32),
  xor: attribute('TCA_FLOW_XOR', 7, u32),
  divisor: attribute('TCA_FLOW_DIVISOR', 8, u32),
  actions: attribute('TCA_FLOW_ACT', 9, actions),
  police: attribute('TCA_FLOW_POLICE', 10, policeAction),
  ematches: attribute('TCA_FLOW_EMATCHES', 11, ematches),
  /** Seconds after which the hash changes. */
  perturb: attribute('TCA_FLOW_PERTURB', 12, u32),
});
