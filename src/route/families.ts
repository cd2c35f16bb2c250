import { later } from '../schema/later.ts';
import * as addr from './addr/operations.ts';
import * as addrlabel from './addrlabel/operations.ts';
import * as fdb from './fdb/operations.ts';
import * as link from './link/operations.ts';
import * as mdb from './mdb/operations.ts';
import * as neigh from './neigh/operations.ts';
import * as neightbl from './neightbl/operations.ts';
import * as netconf from './netconf/operations.ts';
import * as nexthop from './nexthop/operations.ts';
import * as nsid from './nsid/operations.ts';
import * as route from './route/operations.ts';
import * as action from './tc/action/operations.ts';
import * as chain from './tc/chain/operations.ts';
import * as tcClass from './tc/class/operations.ts';
import * as filter from './tc/filter/operations.ts';
import * as qdisc from './tc/qdisc/operations.ts';
import * as rule from './rule/operations.ts';
import * as stats from './stats/operations.ts';
import * as vlan from './vlan/operations.ts';

/** The families of operations, as they stand on a connection: `nl.link.add(...)`. */
export const families = later({
  link: () => link, addr: () => addr, route: () => route, neigh: () => neigh, fdb: () => fdb, neightbl: () => neightbl, rule: () => rule,
  nexthop: () => nexthop, addrlabel: () => addrlabel, netconf: () => netconf, mdb: () => mdb, vlan: () => vlan, nsid: () => nsid,
  stats: () => stats, qdisc: () => qdisc, class: () => tcClass, filter: () => filter, chain: () => chain, action: () => action,
});
