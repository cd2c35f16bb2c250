import { attribute, attributes, padding } from '../../schema/attributes.ts';
import { choice } from '../../schema/choice.ts';
import { flags } from '../../schema/flags.ts';
import { interfaceName } from '../../schema/leaves.ts';
import { message, type Decoded } from '../../schema/message.ts';
import { be32, be64, bool8, s32, u16, u32, u8 } from '../../schema/numbers.ts';
import { field, hidden, struct } from '../../schema/struct.ts';
import { family } from '../family.ts';
import { network } from '../prefix.ts';
import { routeProtocolName, table, tableByte } from '../route/header.ts';

/** FR_ACT_ of include/uapi/linux/fib_rules.h: what is done with a packet that a rule fits. */
const action = choice(u8, {
  unspec: ['FR_ACT_UNSPEC', 0],
  lookup: ['FR_ACT_TO_TBL', 1],
  goto: ['FR_ACT_GOTO', 2],
  nop: ['FR_ACT_NOP', 3],
  blackhole: ['FR_ACT_BLACKHOLE', 6],
  unreachable: ['FR_ACT_UNREACHABLE', 7],
  prohibit: ['FR_ACT_PROHIBIT', 8],
});

const ruleFlags = flags(u32, {
  permanent: ['FIB_RULE_PERMANENT', 0x1],
  /** The rule is for the packets that it does not fit: `not`. */
  invert: ['FIB_RULE_INVERT', 0x2],
  unresolved: ['FIB_RULE_UNRESOLVED', 0x4],
  iifDetached: ['FIB_RULE_IIF_DETACHED', 0x8],
  oifDetached: ['FIB_RULE_OIF_DETACHED', 0x10],
  findSaddr: ['FIB_RULE_FIND_SADDR', 0x10000],
});

const dstLengthAt = 1, srcLengthAt = 2;

/**
 * `struct fib_rule_hdr` of include/uapi/linux/fib_rules.h:
 *
 *      0        1         2         3     4       5     7        8       12
 *      +--------+---------+---------+-----+-------+-----+--------+-------+
 *      | family | dst_len | src_len | tos | table | pad | action | flags |
 *      +--------+---------+---------+-----+-------+-----+--------+-------+
 */
const header = struct('fib_rule_hdr', 12, {
  family: field('family', 0, family),
  dstLength: hidden('dst_len', dstLengthAt, u8),
  srcLength: hidden('src_len', srcLengthAt, u8),
  tos: field('tos', 3, u8),
  table: field('table', 4, tableByte),
  action: field('action', 7, action),
  flags: field('flags', 8, ruleFlags),
});

const uidRange = struct('fib_rule_uid_range', 8, { start: field('start', 0, u32), end: field('end', 4, u32) });
const portRange = struct('fib_rule_port_range', 4, { start: field('start', 0, u16), end: field('end', 2, u16) });

/** What RTM_NEWRULE, RTM_DELRULE and RTM_GETRULE carry: FRA_ of include/uapi/linux/fib_rules.h. */
export const ruleMessage = message('rule', header, attributes({
  dst: attribute('FRA_DST', 1, network(dstLengthAt)),
  src: attribute('FRA_SRC', 2, network(srcLengthAt)),
  /** The name of a link; it need not be there yet. `lo` means packets from this host. */
  iif: attribute('FRA_IIFNAME', 3, interfaceName),
  /** The priority of the rule to go on with. */
  goto: attribute('FRA_GOTO', 4, u32),
  priority: attribute('FRA_PRIORITY', 6, u32),
  fwmark: attribute('FRA_FWMARK', 10, u32),
  flow: attribute('FRA_FLOW', 11, u32),
  tunId: attribute('FRA_TUN_ID', 12, be64),
  suppressIfgroup: attribute('FRA_SUPPRESS_IFGROUP', 13, s32),
  /** Routes with a prefix of this length or less do not count; -1 is none. */
  suppressPrefixlength: attribute('FRA_SUPPRESS_PREFIXLEN', 14, s32),
  table: attribute('FRA_TABLE', 15, table),
  fwmask: attribute('FRA_FWMASK', 16, u32),
  oif: attribute('FRA_OIFNAME', 17, interfaceName),
  /** The table of the VRF that the packet belongs to. */
  l3mdev: attribute('FRA_L3MDEV', 19, bool8),
  uidRange: attribute('FRA_UID_RANGE', 20, uidRange),
  protocol: attribute('FRA_PROTOCOL', 21, routeProtocolName),
  /** The number of the protocol: 6 is TCP, 17 UDP. */
  ipProto: attribute('FRA_IP_PROTO', 22, u8),
  sport: attribute('FRA_SPORT_RANGE', 23, portRange),
  dport: attribute('FRA_DPORT_RANGE', 24, portRange),
  /** Kernels since 6.14. */
  dscp: attribute('FRA_DSCP', 25, u8),
  flowlabel: attribute('FRA_FLOWLABEL', 26, be32),
  flowlabelMask: attribute('FRA_FLOWLABEL_MASK', 27, be32),
  sportMask: attribute('FRA_SPORT_MASK', 28, u16),
  dportMask: attribute('FRA_DPORT_MASK', 29, u16),
  dscpMask: attribute('FRA_DSCP_MASK', 30, u8),
}, padding('FRA_PAD', 18)));

/** A rule as the kernel reports it. What is listed can be given to `add` and `delete`. */
export type Rule = Decoded<typeof ruleMessage>;

/** Ports or users from the first to the last; a number is one alone. */
type Range = number | { start: number; end: number };

/** A rule to be made. */
export type RuleInput = { [K in keyof Omit<Rule, 'sport' | 'dport' | 'uidRange'>]?: Rule[K] | undefined } & {
  sport?: Range | undefined;
  dport?: Range | undefined;
  uidRange?: Range | undefined;
};

/** The messages of this family, by type. */
export const ruleMessages = {
  32: { cName: 'RTM_NEWRULE', message: ruleMessage },
  33: { cName: 'RTM_DELRULE', message: ruleMessage },
  34: { cName: 'RTM_GETRULE', message: ruleMessage },
};

/** Multicast routing has rules of its own, which the kernel lists and announces with the others. */
export const isUnicast = ({ family }: Pick<Rule, 'family'>): boolean => family === 'inet' || family === 'inet6';
