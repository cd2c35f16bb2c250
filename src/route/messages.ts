import { protocol } from '../schema/protocol.ts';
import { addrMessages } from './addr/table.ts';
import { addrlabelMessages } from './addrlabel/message.ts';
import { announcedMessages } from './announced/table.ts';
import { linkMessages } from './link/table.ts';
import { mdbMessages } from './mdb/message.ts';
import { neighMessages } from './neigh/table.ts';
import { neightblMessages } from './neightbl/message.ts';
import { netconfMessages } from './netconf/message.ts';
import { nexthopMessages } from './nexthop/message.ts';
import { nsidMessages } from './nsid/message.ts';
import { routeMessages } from './route/table.ts';
import { tcMessages } from './tc/table.ts';
import { ruleMessages } from './rule/message.ts';
import { statsMessages } from './stats/message.ts';
import { vlanMessages } from './vlan/message.ts';

/** Every message of NETLINK_ROUTE that we have declared, by its type. */
export const { messages } = protocol('NETLINK_ROUTE', 0,
  linkMessages, addrMessages, routeMessages, neighMessages, neightblMessages, ruleMessages, nexthopMessages, addrlabelMessages,
  netconfMessages, mdbMessages, vlanMessages, nsidMessages, statsMessages, announcedMessages, tcMessages);
