import { later } from '../schema/later.ts';
import type { Protocol } from '../schema/protocol.ts';
import { routeHint } from './hints.ts';
import { messages } from './messages.ts';

const declared = later({ messages: () => messages, hint: () => routeHint }, {
  name: 'NETLINK_ROUTE', number: 0, about: (type: number) => type >> 2, // the kernel numbers them by fours: NEW, DEL, GET, SET
});

/** NETLINK_ROUTE. Its messages are looked up by their types where they are shown, or where an answer is none that was asked for. */
export const routeProtocol: Protocol = declared;
