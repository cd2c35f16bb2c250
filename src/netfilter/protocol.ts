import { later } from '../schema/later.ts';
import type { Protocol } from '../schema/protocol.ts';
import { netfilterHint } from './hints.ts';
import { messages } from './messages.ts';
import { NETLINK_NETFILTER, objectOf } from './types.ts';

const declared = later({ messages: () => messages, hint: () => netfilterHint }, {
  name: 'NETLINK_NETFILTER', number: NETLINK_NETFILTER, about: objectOf,
});

/** NETLINK_NETFILTER: nf_tables and connection tracking. */
export const netfilterProtocol: Protocol = declared;
