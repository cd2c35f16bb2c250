/**
 * `struct nlmsghdr` of include/uapi/linux/netlink.h, which starts every message:
 *
 *      0        4      6       8           12       16
 *      +--------+------+-------+-----------+--------+----------
 *      | length | type | flags | sequence  | port   | payload
 *      +--------+------+-------+-----------+--------+----------
 */
export const headerSize = 16;

export const NLMSG = { NOOP: 1, ERROR: 2, DONE: 3, OVERRUN: 4 } as const;

/** The first type that belongs to a protocol; those below are control messages. */
export const NLMSG_MIN_TYPE = 16;

export const NLM_F = {
  REQUEST: 0x1, MULTI: 0x2, ACK: 0x4, ECHO: 0x8, DUMP_INTR: 0x10, DUMP_FILTERED: 0x20,
  // to GET requests
  ROOT: 0x100, MATCH: 0x200, ATOMIC: 0x400, DUMP: 0x300,
  // to NEW requests
  REPLACE: 0x100, EXCL: 0x200, CREATE: 0x400, APPEND: 0x800,
  // to DELETE requests
  NONREC: 0x100, BULK: 0x200,
  // in error messages
  CAPPED: 0x100, ACK_TLVS: 0x200,
} as const;

/** Flags of an attribute's type. */
export const NLA_F_NESTED = 0x8000;
export const NLA_F_NET_BYTEORDER = 0x4000;
export const NLA_TYPE_MASK = 0x3fff;

/** The longest payload of an attribute: its length field has 16 bits and counts its own 4-byte header. */
export const attributeLimit = 65531;
