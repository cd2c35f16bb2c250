import { attribute, attributes } from '../../schema/attributes.ts';
import { message, type Decoded } from '../../schema/message.ts';
import { u32, u8 } from '../../schema/numbers.ts';
import { field, hidden, struct } from '../../schema/struct.ts';
import { family } from '../family.ts';
import { addressWithLength } from '../prefix.ts';

const lengthAt = 2;

/** `struct ifaddrlblmsg` of include/uapi/linux/if_addrlabel.h */
const ifaddrlblmsg = struct('ifaddrlblmsg', 12, {
  family: field('ifal_family', 0, family),
  prefixLength: hidden('ifal_prefixlen', lengthAt, u8),
  flags: field('ifal_flags', 3, u8),
  /** The link that it holds for, 0 for all. */
  index: field('ifal_index', 4, u32),
  seq: field('ifal_seq', 8, u32),
});

/** What RTM_NEWADDRLABEL, RTM_DELADDRLABEL and RTM_GETADDRLABEL carry: IFAL_ of include/uapi/linux/if_addrlabel.h. */
export const addrlabelMessage = message('addrlabel', ifaddrlblmsg, attributes({
  /** IPv6 addresses: `2002::/16`. */
  prefix: attribute('IFAL_ADDRESS', 1, addressWithLength(lengthAt)),
  label: attribute('IFAL_LABEL', 2, u32),
}));

/** A label for the addresses in a prefix: source and destination with equal labels go together (RFC 6724). */
export type Addrlabel = Decoded<typeof addrlabelMessage>;

/** The messages of this family, by type. */
export const addrlabelMessages = {
  72: { cName: 'RTM_NEWADDRLABEL', message: addrlabelMessage },
  73: { cName: 'RTM_DELADDRLABEL', message: addrlabelMessage },
  74: { cName: 'RTM_GETADDRLABEL', message: addrlabelMessage },
};
