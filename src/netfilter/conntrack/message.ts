import { attribute, attributes, padding, within, type Infer } from '../../schema/attributes.ts';
import { choice } from '../../schema/choice.ts';
import { flags } from '../../schema/flags.ts';
import { binary, cstring, ipv4, ipv6 } from '../../schema/leaves.ts';
import { message, type Decoded, type Encodable } from '../../schema/message.ts';
import { be16, be32, be64, u32, u8 } from '../../schema/numbers.ts';
import { field, struct } from '../../schema/struct.ts';
import { nfgenmsg } from '../header.ts';
import { tuple } from './tuple.ts';

/** What has become of a connection: IPS_ of include/uapi/linux/netfilter/nf_conntrack_common.h. */
export const status = flags(be32, {
  expected: ['IPS_EXPECTED', 0x1], seenReply: ['IPS_SEEN_REPLY', 0x2], assured: ['IPS_ASSURED', 0x4],
  confirmed: ['IPS_CONFIRMED', 0x8], srcNat: ['IPS_SRC_NAT', 0x10], dstNat: ['IPS_DST_NAT', 0x20],
  seqAdjust: ['IPS_SEQ_ADJUST', 0x40], srcNatDone: ['IPS_SRC_NAT_DONE', 0x80], dstNatDone: ['IPS_DST_NAT_DONE', 0x100],
  dying: ['IPS_DYING', 0x200], fixedTimeout: ['IPS_FIXED_TIMEOUT', 0x400], template: ['IPS_TEMPLATE', 0x800],
  natClash: ['IPS_NAT_CLASH', 0x1000], helper: ['IPS_HELPER', 0x2000], offload: ['IPS_OFFLOAD', 0x4000],
  hwOffload: ['IPS_HW_OFFLOAD', 0x8000],
});

const tcpState = choice(u8, {
  none: ['TCP_CONNTRACK_NONE', 0], synSent: ['TCP_CONNTRACK_SYN_SENT', 1], synRecv: ['TCP_CONNTRACK_SYN_RECV', 2],
  established: ['TCP_CONNTRACK_ESTABLISHED', 3], finWait: ['TCP_CONNTRACK_FIN_WAIT', 4],
  closeWait: ['TCP_CONNTRACK_CLOSE_WAIT', 5], lastAck: ['TCP_CONNTRACK_LAST_ACK', 6],
  timeWait: ['TCP_CONNTRACK_TIME_WAIT', 7], close: ['TCP_CONNTRACK_CLOSE', 8], synSent2: ['TCP_CONNTRACK_SYN_SENT2', 9],
});

const sctpState = choice(u8, {
  none: ['SCTP_CONNTRACK_NONE', 0], closed: ['SCTP_CONNTRACK_CLOSED', 1], cookieWait: ['SCTP_CONNTRACK_COOKIE_WAIT', 2],
  cookieEchoed: ['SCTP_CONNTRACK_COOKIE_ECHOED', 3], established: ['SCTP_CONNTRACK_ESTABLISHED', 4],
  shutdownSent: ['SCTP_CONNTRACK_SHUTDOWN_SENT', 5], shutdownReceived: ['SCTP_CONNTRACK_SHUTDOWN_RECD', 6],
  shutdownAckSent: ['SCTP_CONNTRACK_SHUTDOWN_ACK_SENT', 7], heartbeatSent: ['SCTP_CONNTRACK_HEARTBEAT_SENT', 8],
});

/** `struct nf_ct_tcp_flags`: IP_CT_TCP_FLAG_ bits, and which of them are meant. */
const tcpBits = flags(u8, {
  windowScale: ['IP_CT_TCP_FLAG_WINDOW_SCALE', 0x1], sackPerm: ['IP_CT_TCP_FLAG_SACK_PERM', 0x2],
  closeInit: ['IP_CT_TCP_FLAG_CLOSE_INIT', 0x4], beLiberal: ['IP_CT_TCP_FLAG_BE_LIBERAL', 0x8],
  unacked: ['IP_CT_TCP_FLAG_DATA_UNACKNOWLEDGED', 0x10], maxack: ['IP_CT_TCP_FLAG_MAXACK_SET', 0x20],
  challengeAck: ['IP_CT_EXP_CHALLENGE_ACK', 0x40], simultaneousOpen: ['IP_CT_TCP_SIMULTANEOUS_OPEN', 0x80],
});
const tcpFlags = struct('nf_ct_tcp_flags', 2, { flags: field('flags', 0, tcpBits), mask: field('mask', 1, tcpBits) });

const tcp = attributes({
  state: attribute('CTA_PROTOINFO_TCP_STATE', 1, tcpState),
  windowScaleOriginal: attribute('CTA_PROTOINFO_TCP_WSCALE_ORIGINAL', 2, u8),
  windowScaleReply: attribute('CTA_PROTOINFO_TCP_WSCALE_REPLY', 3, u8),
  flagsOriginal: attribute('CTA_PROTOINFO_TCP_FLAGS_ORIGINAL', 4, tcpFlags),
  flagsReply: attribute('CTA_PROTOINFO_TCP_FLAGS_REPLY', 5, tcpFlags),
});

const dccp = attributes({
  state: attribute('CTA_PROTOINFO_DCCP_STATE', 1, u8),
  role: attribute('CTA_PROTOINFO_DCCP_ROLE', 2, u8),
  handshakeSequence: attribute('CTA_PROTOINFO_DCCP_HANDSHAKE_SEQ', 3, be64),
}, padding('CTA_PROTOINFO_DCCP_PAD', 4));

const sctp = attributes({
  state: attribute('CTA_PROTOINFO_SCTP_STATE', 1, sctpState),
  vtagOriginal: attribute('CTA_PROTOINFO_SCTP_VTAG_ORIGINAL', 2, be32),
  vtagReply: attribute('CTA_PROTOINFO_SCTP_VTAG_REPLY', 3, be32),
});

const counters = attributes({
  packets: attribute('CTA_COUNTERS_PACKETS', 1, be64),
  bytes: attribute('CTA_COUNTERS_BYTES', 2, be64),
}, padding('CTA_COUNTERS_PAD', 5));

/** The addresses and ports that a new connection is to be given: for `add`; what came of it stands in `reply`. */
const nat = attributes({
  addressMin: attribute('CTA_NAT_V4_MINIP', 1, ipv4),
  addressMax: attribute('CTA_NAT_V4_MAXIP', 2, ipv4),
  ...within('CTA_NAT_PROTO', 3, {
    portMin: attribute('CTA_PROTONAT_PORT_MIN', 1, be16),
    portMax: attribute('CTA_PROTONAT_PORT_MAX', 2, be16),
  }),
  address6Min: attribute('CTA_NAT_V6_MINIP', 4, ipv6),
  address6Max: attribute('CTA_NAT_V6_MAXIP', 5, ipv6),
});

const sequenceAdjust = attributes({
  position: attribute('CTA_SEQADJ_CORRECTION_POS', 1, be32),
  before: attribute('CTA_SEQADJ_OFFSET_BEFORE', 2, be32),
  after: attribute('CTA_SEQADJ_OFFSET_AFTER', 3, be32),
});

export const conntrackMessage = message('conntrack', nfgenmsg, attributes({
  /** From who began it. */
  orig: attribute('CTA_TUPLE_ORIG', 1, tuple),
  /** What the answers look like, with NAT undone the other way. */
  reply: attribute('CTA_TUPLE_REPLY', 2, tuple),
  status: attribute('CTA_STATUS', 3, status),
  ...within('CTA_PROTOINFO', 4, {
    tcp: attribute('CTA_PROTOINFO_TCP', 1, tcp),
    dccp: attribute('CTA_PROTOINFO_DCCP', 2, dccp),
    sctp: attribute('CTA_PROTOINFO_SCTP', 3, sctp),
  }),
  ...within('CTA_HELP', 5, {
    helper: attribute('CTA_HELP_NAME', 1, cstring),
    helperInfo: attribute('CTA_HELP_INFO', 2, binary),
  }),
  srcNat: attribute('CTA_NAT_SRC', 6, nat),
  /** Seconds that are left. */
  timeout: attribute('CTA_TIMEOUT', 7, be32),
  mark: attribute('CTA_MARK', 8, be32),
  /** Only where accounting is on: net.netfilter.nf_conntrack_acct. */
  origCounters: attribute('CTA_COUNTERS_ORIG', 9, counters),
  replyCounters: attribute('CTA_COUNTERS_REPLY', 10, counters),
  use: attribute('CTA_USE', 11, be32, { readOnly: true }),
  id: attribute('CTA_ID', 12, be32),
  dstNat: attribute('CTA_NAT_DST', 13, nat),
  /** The connection that this one was expected from. */
  master: attribute('CTA_TUPLE_MASTER', 14, tuple),
  origSequence: attribute('CTA_SEQ_ADJ_ORIG', 15, sequenceAdjust),
  replySequence: attribute('CTA_SEQ_ADJ_REPLY', 16, sequenceAdjust),
  zone: attribute('CTA_ZONE', 18, be16),
  ...within('CTA_SECCTX', 19, { securityContext: attribute('CTA_SECCTX_NAME', 1, cstring, { readOnly: true }) }),
  /** Nanoseconds since 1970; only where net.netfilter.nf_conntrack_timestamp is on. */
  ...within('CTA_TIMESTAMP', 20, {
    started: attribute('CTA_TIMESTAMP_START', 1, be64, { readOnly: true }),
    stopped: attribute('CTA_TIMESTAMP_STOP', 2, be64, { readOnly: true }),
  }),
  markMask: attribute('CTA_MARK_MASK', 21, be32),
  labels: attribute('CTA_LABELS', 22, binary),
  labelsMask: attribute('CTA_LABELS_MASK', 23, binary),
  ...within('CTA_SYNPROXY', 24, {
    synproxyIsn: attribute('CTA_SYNPROXY_ISN', 1, be32),
    synproxyIts: attribute('CTA_SYNPROXY_ITS', 2, be32),
    synproxyTsoff: attribute('CTA_SYNPROXY_TSOFF', 3, be32),
  }),
  /** In a request for many: which parts of `orig` and `reply` must agree. */
  filter: attribute('CTA_FILTER', 25, attributes({
    orig: attribute('CTA_FILTER_ORIG_FLAGS', 1, u32),
    reply: attribute('CTA_FILTER_REPLY_FLAGS', 2, u32),
  })),
  statusMask: attribute('CTA_STATUS_MASK', 26, status),
  /** Nanoseconds since 1970 at which an event happened. */
  eventTime: attribute('CTA_TIMESTAMP_EVENT', 27, be64, { readOnly: true }),
}, padding('CTA_TIMESTAMP_PAD', 3, 20)));

/** What the processors have counted. */
export const statisticsMessage = message('conntrack statistics', nfgenmsg, attributes({
  entries: attribute('CTA_STATS_GLOBAL_ENTRIES', 1, be32, { always: true }),
  maxEntries: attribute('CTA_STATS_GLOBAL_MAX_ENTRIES', 2, be32),
}));

export type Conntrack = Decoded<typeof conntrackMessage>;
export type ConntrackInput = Encodable<typeof conntrackMessage>;
export type ConntrackStatus = Infer<typeof status>;
