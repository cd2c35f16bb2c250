import type { Reasons } from '../../specs/reasons.ts';

/**
 * Where our declarations of nf_tables and connection tracking differ from nftables.yaml and conntrack.yaml, and why. A
 * C compiler and the kernel's headers agree with us wherever a number stands here.
 */
const shifted = 'the spec leaves out a padding attribute, or has another order, and what follows is shifted';
const word = 'the spec has another word';
const network = 'the kernel reads it in network byte order';

/** The spec errs, or says it in other words. */
export const specsErr: Reasons = {
  NFTA_HOOK_HOOKNUM: word, NFT_LOOKUP_F_INV: word, NFT_META_L4PROTO: word, NFT_PAYLOAD_LL_HEADER: word,
  NFT_QUOTA_F_INV: word,
  IPS_SEQ_ADJUST: word, IP_CT_TCP_FLAG_DATA_UNACKNOWLEDGED: word, IP_CT_TCP_FLAG_MAXACK_SET: word,
  SCTP_CONNTRACK_CLOSED: word, SCTP_CONNTRACK_SHUTDOWN_RECD: word, SCTP_CONNTRACK_HEARTBEAT_SENT: word,
  CTA_LABELS_MASK: word,
  NFTA_CHAIN_PAD: shifted, NFTA_RULE_PAD: shifted, NFTA_SET_ELEM_PAD: shifted,
  NFTA_CHAIN_FLAGS: shifted, NFTA_CHAIN_ID: shifted, NFTA_RULE_ID: shifted, NFTA_RULE_POSITION_ID: shifted,
  'NFTA_LOOKUP_*': shifted, NFTA_SET_ELEM_OBJREF: shifted, NFTA_SET_ELEM_KEY_END: shifted,
  CTA_NAT_PROTO: shifted, 'CTA_NAT_V6_*': shifted,
  'NFT_FIB_RESULT_*': 'the spec counts from 0; 0 is NFT_FIB_RESULT_UNSPEC',
  NFTA_NG_DREG: network, NFTA_SET_ID: network, NFTA_SET_TIMEOUT: network, NFTA_SET_GC_INTERVAL: network,
  NFTA_SET_ELEM_TIMEOUT: network, NFTA_SET_ELEM_EXPIRATION: network, NFTA_SET_ELEM_LIST_SET_ID: network,
  'NFTA_SET_DESC_CONCAT*': 'a list of elements that have one attribute each',
  'NFTA_SET_EXPR multi': 'one; several stand in NFTA_SET_EXPRESSIONS',
  'CTA_FILTER_*': 'flags of the two directions, no tuple',
};

/** We have it, the specs do not. */
export const specsLack: Reasons = {
  'NFTA_EXPR_DATA *': 'the spec has not every expression',
  'NFTA_OBJ_DATA *': 'the spec has not every object',
  NFTA_COUNTER_PAD: 'the spec leaves it out', NFTA_CHAIN_USERDATA: shifted, NFTA_RULE_CHAIN_ID: shifted, NFTA_SET_ELEM_EXPRESSIONS: shifted,
  CTA_HELP_INFO: 'the spec has the name alone', 'CTA_TIMESTAMP *': 'a nest of two, in the spec a number',
  'IPCTNL_MSG_CT_*': 'the spec has two operations',
  NFT_MSG_GETOBJ_RESET: 'the spec has no reset of objects',
};

/** The specs have it, we do not. */
export const weLack: Reasons = {
  'nftables _GETCOMPAT': 'a subsystem of its own', 'conntrack _GET_STATS': 'counts of each processor',
  'conntrack conntrack-stats-attrs': 'counts of each processor',
  'nftables chain-flags': shifted, 'conntrack nat-proto-attrs': shifted,
  'nftables set-desc-concat-attrs': 'see NFTA_SET_DESC_CONCAT', 'nftables set-field-attrs': 'see NFTA_SET_DESC_CONCAT',
  'nftables compat-*': 'used by nothing in the spec that we have', 'nftables registers': 'registers are numbers',
  'nftables reject-inet-code': 'depends on the type',
  'nftables object-type _UNSPEC': 'number 0 stands for nothing', 'nftables fib-result *': 'see NFT_FIB_RESULT',
  'conntrack nf-ct-*': 'another word, or no state that the kernel tells',
  'conntrack counter-attrs *-old': 'used no longer', 'conntrack conntrack-attrs secmark': 'used no longer',
};

/** The installed headers say otherwise, as the C compiler sees them. */
export const headersDiffer: Reasons = {
  'NFT_MSG_* is *': 'the header has the lower byte of the type; the upper is NFNL_SUBSYS_NFTABLES',
  'IPCTNL_MSG_CT_* is *': 'the header has the lower byte of the type; the upper is NFNL_SUBSYS_CTNETLINK',
};
