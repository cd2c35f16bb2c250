import type { Operation } from '../conversation/operation.ts';
import type { Addr } from '../route/addr/message.ts';
import { list as listAddrs } from '../route/addr/operations.ts';
import type { RouteEventType } from '../route/events.ts';
import { list as listFdb } from '../route/fdb/operations.ts';
import type { Link } from '../route/link/message.ts';
import { list as listLinks } from '../route/link/operations.ts';
import type { Neigh } from '../route/neigh/message.ts';
import { list as listNeighs } from '../route/neigh/operations.ts';
import type { Nexthop } from '../route/nexthop/message.ts';
import { list as listNexthops } from '../route/nexthop/operations.ts';
import type { Nsid } from '../route/nsid/message.ts';
import { list as listNsids } from '../route/nsid/operations.ts';
import type { Route } from '../route/route/message.ts';
import { list as listRoutes } from '../route/route/operations.ts';
import type { Rule } from '../route/rule/message.ts';
import { list as listRules } from '../route/rule/operations.ts';
import { announcedAddr, announcedFdb, announcedLink, announcedNeigh, announcedNexthop, announcedRoute, announcedRule } from './announced.ts';
import { routeTable } from './routes.ts';
import { keyedTable, type Table } from './table.ts';

/** One sort of thing that can be watched. */
export interface Part<T> {
  /** What its changes are called, and the events that tell of it. */
  readonly type: RouteEventType;
  readonly list: () => Operation<T[]>;
  readonly table: () => Table<T>;
  /** An entry without what changes unannounced; undefined for an entry that comes and goes unannounced. */
  readonly announced: (item: T) => T | undefined;
  /**
   * Whether events during a dump call for another: where the kernel does not say that a dump was overtaken by changes,
   * or where an event that is in the dump already cannot be taken once more.
   */
  readonly again: boolean;
  /** Other events with which it changes, and nothing says how. */
  readonly stirredBy: readonly Stir[];
}

/** An event by which something else changes; see stirs.ts. */
export type Stir = 'link state' | 'link moved' | 'link name' | 'addr del' | 'nexthop' | 'nexthop del' | 'port' | 'nsid';

const part = <T>(part: Part<T>): Part<T> => part;

/** What can be watched, by the name of its map. */
export const parts = {
  links: part<Link>({
    type: 'link', list: () => listLinks({ stats: false }), announced: announcedLink, again: false,
    table: () => keyedTable({ key: (link) => link.index }),
    stirredBy: ['link moved', 'port', 'nsid'],
  }),
  addrs: part<Addr>({
    type: 'addr', list: () => listAddrs(), announced: announcedAddr, again: false,
    table: () => keyedTable({ key: ({ index, address, peer }) => `${index} ${address}${peer === undefined ? '' : ` peer ${peer}`}` }),
    stirredBy: [],
  }),
  routes: part<Route>({
    type: 'route', list: () => listRoutes(), announced: announcedRoute, again: true, table: routeTable,
    stirredBy: ['link state', 'addr del', 'nexthop'],
  }),
  neighs: part<Neigh>({
    type: 'neigh', list: () => listNeighs(), announced: announcedNeigh, again: true,
    table: () => keyedTable({ key: ({ index, dst }) => `${index} ${dst}` }),
    stirredBy: [],
  }),
  fdb: part<Neigh>({
    type: 'fdb', list: () => listFdb(), announced: announcedFdb, again: true,
    table: () => keyedTable({
      key: ({ index, lladdr, vlan, master, vni, srcVni, dst, port, via, nhid }) => [
        index, lladdr, master === undefined ? 'self' : 'master', vlan !== undefined && `vlan ${vlan}`, vni !== undefined && `vni ${vni}`,
        srcVni !== undefined && `src_vni ${srcVni}`, dst !== undefined && `dst ${dst}`, port !== undefined && `port ${port}`,
        via !== undefined && `via ${via}`, nhid !== undefined && `nhid ${nhid}`,
      ].filter((word) => word !== false).join(' '),
    }),
    stirredBy: ['link state'],
  }),
  rules: part<Rule>({
    type: 'rule', list: () => listRules(), announced: announcedRule, again: true,
    table: () => keyedTable({
      key: ({ family, priority, flags, ...rest }) =>
        `${family} ${priority ?? 0} ${JSON.stringify(rest, (_key, value) => (typeof value === 'bigint' ? `${value}` : value))}`,
      twice: true,
    }),
    stirredBy: ['link name'],
  }),
  nexthops: part<Nexthop>({
    type: 'nexthop', list: () => listNexthops(), announced: announcedNexthop, again: false,
    table: () => keyedTable({ key: ({ id }) => id }),
    stirredBy: ['link state', 'nexthop del'],
  }),
  nsids: part<Nsid>({
    type: 'nsid', list: () => listNsids(), announced: (nsid) => nsid, again: true,
    table: () => keyedTable({ key: ({ nsid }) => nsid }),
    stirredBy: [],
  }),
} as const satisfies { readonly [P in PartName]: unknown };

export type PartName = 'links' | 'addrs' | 'routes' | 'neighs' | 'fdb' | 'rules' | 'nexthops' | 'nsids';
/** What the entries of a part are. */
export type PartItem<P extends PartName> =
  { links: Link; addrs: Addr; routes: Route; neighs: Neigh; fdb: Neigh; rules: Rule; nexthops: Nexthop; nsids: Nsid }[P];
/** What the changes of a part are called: `link` for `links`. */
export type ChangeType<P extends PartName> = { links: 'link'; addrs: 'addr'; routes: 'route'; neighs: 'neigh'; fdb: 'fdb'; rules: 'rule'; nexthops: 'nexthop'; nsids: 'nsid' }[P];
/** By what its map finds an entry. */
export type PartKey<P extends PartName> = P extends 'links' | 'nexthops' | 'nsids' ? number : string;
