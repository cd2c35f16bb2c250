import { list } from '../../schema/arrays.ts';
import { attribute, attributes, padding } from '../../schema/attributes.ts';
import { choice } from '../../schema/choice.ts';
import { cstring } from '../../schema/leaves.ts';
import { message, type Decoded } from '../../schema/message.ts';
import { s64, u16, u32, u64 } from '../../schema/numbers.ts';
import type { Protocol } from '../../schema/protocol.ts';
import { genlmsghdr } from '../header.ts';
import { keyed } from '../keyed.ts';

/** The controller's own number, GENL_ID_CTRL, and those of its commands that we send. */
export const GENL_ID_CTRL = 16, CTRL_CMD_GETFAMILY = 3, CTRL_CMD_GETPOLICY = 10;

/** NL_ATTR_TYPE_ of include/uapi/linux/netlink.h */
const attributeType = choice(u32, {
  invalid: ['NL_ATTR_TYPE_INVALID', 0], flag: ['NL_ATTR_TYPE_FLAG', 1],
  u8: ['NL_ATTR_TYPE_U8', 2], u16: ['NL_ATTR_TYPE_U16', 3], u32: ['NL_ATTR_TYPE_U32', 4], u64: ['NL_ATTR_TYPE_U64', 5],
  s8: ['NL_ATTR_TYPE_S8', 6], s16: ['NL_ATTR_TYPE_S16', 7], s32: ['NL_ATTR_TYPE_S32', 8], s64: ['NL_ATTR_TYPE_S64', 9],
  binary: ['NL_ATTR_TYPE_BINARY', 10], string: ['NL_ATTR_TYPE_STRING', 11], nulString: ['NL_ATTR_TYPE_NUL_STRING', 12],
  nested: ['NL_ATTR_TYPE_NESTED', 13], nestedArray: ['NL_ATTR_TYPE_NESTED_ARRAY', 14], bitfield32: ['NL_ATTR_TYPE_BITFIELD32', 15],
  sint: ['NL_ATTR_TYPE_SINT', 16], uint: ['NL_ATTR_TYPE_UINT', 17],
});

/** What the kernel takes as an attribute: NL_POLICY_TYPE_ATTR_. */
const attributePolicy = attributes({
  type: attribute('NL_POLICY_TYPE_ATTR_TYPE', 1, attributeType),
  minS: attribute('NL_POLICY_TYPE_ATTR_MIN_VALUE_S', 2, s64),
  maxS: attribute('NL_POLICY_TYPE_ATTR_MAX_VALUE_S', 3, s64),
  min: attribute('NL_POLICY_TYPE_ATTR_MIN_VALUE_U', 4, u64),
  max: attribute('NL_POLICY_TYPE_ATTR_MAX_VALUE_U', 5, u64),
  minLength: attribute('NL_POLICY_TYPE_ATTR_MIN_LENGTH', 6, u32),
  maxLength: attribute('NL_POLICY_TYPE_ATTR_MAX_LENGTH', 7, u32),
  /** The policy of what is nested in it. */
  policy: attribute('NL_POLICY_TYPE_ATTR_POLICY_IDX', 8, u32),
  policyMax: attribute('NL_POLICY_TYPE_ATTR_POLICY_MAXTYPE', 9, u32),
  bits: attribute('NL_POLICY_TYPE_ATTR_BITFIELD32_MASK', 10, u32),
  mask: attribute('NL_POLICY_TYPE_ATTR_MASK', 12, u64),
}, padding('NL_POLICY_TYPE_ATTR_PAD', 11));

/** What the controller of generic netlink tells and is asked: CTRL_ATTR_ of include/uapi/linux/genetlink.h. */
export const controllerMessage = message('family', genlmsghdr, attributes({
  id: attribute('CTRL_ATTR_FAMILY_ID', 1, u16),
  name: attribute('CTRL_ATTR_FAMILY_NAME', 2, cstring),
  familyVersion: attribute('CTRL_ATTR_VERSION', 3, u32),
  headerSize: attribute('CTRL_ATTR_HDRSIZE', 4, u32),
  maxAttribute: attribute('CTRL_ATTR_MAXATTR', 5, u32),
  operations: attribute('CTRL_ATTR_OPS', 6, list('CTRL_ATTR_OPS', attributes({
    command: attribute('CTRL_ATTR_OP_ID', 1, u32), flags: attribute('CTRL_ATTR_OP_FLAGS', 2, u32),
  }))),
  groups: attribute('CTRL_ATTR_MCAST_GROUPS', 7, list('CTRL_ATTR_MCAST_GROUPS', attributes({
    name: attribute('CTRL_ATTR_MCAST_GRP_NAME', 1, cstring), id: attribute('CTRL_ATTR_MCAST_GRP_ID', 2, u32),
  }))),
  /** Policies by their number, each with attributes by theirs. */
  policies: attribute('CTRL_ATTR_POLICY', 8, keyed('policy', keyed('attribute', attributePolicy))),
  /** The policies of commands, by the command's number. */
  commandPolicies: attribute('CTRL_ATTR_OP_POLICY', 9, keyed('command', attributes({
    do: attribute('CTRL_ATTR_POLICY_DO', 1, u32), dump: attribute('CTRL_ATTR_POLICY_DUMP', 2, u32),
  }))),
}));

export type Family = Decoded<typeof controllerMessage>;

export const controllerMessages: Protocol['messages'] = { [GENL_ID_CTRL]: { cName: 'GENL_ID_CTRL', message: controllerMessage } };
