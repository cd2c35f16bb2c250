/** Message types: include/uapi/linux/netfilter/nfnetlink.h, nf_tables.h and nfnetlink_conntrack.h. */
export const NETLINK_NETFILTER = 12;
export const NFNL_SUBSYS_CTNETLINK = 1;
export const NFNL_SUBSYS_NFTABLES = 10;

export const NFNL_MSG_BATCH_BEGIN = 16;
export const NFNL_MSG_BATCH_END = 17;

/** Multicast groups. */
export const NFNLGRP = { CONNTRACK_NEW: 1, CONNTRACK_UPDATE: 2, CONNTRACK_DESTROY: 3, NFTABLES: 7 } as const;

/** The upper byte of a type is its subsystem. */
export const NFT_MSG = {
  NEWTABLE: 0xa00, GETTABLE: 0xa01, DELTABLE: 0xa02, NEWCHAIN: 0xa03, GETCHAIN: 0xa04, DELCHAIN: 0xa05,
  NEWRULE: 0xa06, GETRULE: 0xa07, DELRULE: 0xa08, NEWSET: 0xa09, GETSET: 0xa0a, DELSET: 0xa0b,
  NEWSETELEM: 0xa0c, GETSETELEM: 0xa0d, DELSETELEM: 0xa0e, NEWGEN: 0xa0f, GETGEN: 0xa10, TRACE: 0xa11,
  NEWOBJ: 0xa12, GETOBJ: 0xa13, DELOBJ: 0xa14, GETOBJ_RESET: 0xa15,
  NEWFLOWTABLE: 0xa16, GETFLOWTABLE: 0xa17, DELFLOWTABLE: 0xa18, GETRULE_RESET: 0xa19,
  DESTROYTABLE: 0xa1a, DESTROYCHAIN: 0xa1b, DESTROYRULE: 0xa1c, DESTROYSET: 0xa1d, DESTROYSETELEM: 0xa1e,
  DESTROYOBJ: 0xa1f, DESTROYFLOWTABLE: 0xa20, GETSETELEM_RESET: 0xa21,
} as const;

const objects = new Map<number, string>(Object.entries(NFT_MSG).map(([name, type]) => [type, name.replace(/^(NEW|GET|DEL|DESTROY)|_RESET$/g, '')]));

/** What a message of nf_tables is about is the end of its name: `RULE`. All of connection tracking is about connections. */
export const objectOf = (type: number): string | number => objects.get(type) ?? type >> 8;

export const IPCTNL_MSG_CT = {
  NEW: 0x100, GET: 0x101, DELETE: 0x102, GET_CTRZERO: 0x103, GET_STATS_CPU: 0x104, GET_STATS: 0x105,
} as const;
