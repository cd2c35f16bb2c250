import type { Addr, AddrInput } from '../../route/addr/message.ts';
import type { Link } from '../../route/link/message.ts';
import type { NeighInput } from '../../route/neigh/message.ts';
import type { Nexthop } from '../../route/nexthop/message.ts';
import type { Route, RouteInput } from '../../route/route/message.ts';
import type { Host } from '../host.ts';
import { named } from '../plan/link-name.ts';

/** What a link has that moves with its address. What the kernel makes by itself is not among it. */
export interface Belongings {
  /** In the kernel's order. */
  readonly addrs: readonly Addr[];
  /** Routes that leave by it, and those with the same keys, among which they have their place. */
  readonly routes: readonly RouteGroup[];
  readonly nexthops: readonly Nexthop[];
  /** Permanent ones: the others are found again. */
  readonly neighs: readonly NeighInput[];
}

/** Routes with the same family, table, destination, metric and TOS, in their order: the first counts. */
export interface RouteGroup {
  readonly routes: readonly Route[];
  /** Where the first stands that leaves by the link. */
  readonly first: number;
}

export async function belongingsOf(nl: Host['nl'], { index }: Link): Promise<Belongings> {
  const addrs = await nl.addr.list({ dev: index });
  const all = (await nl.route.list()).filter(({ family }) => family === 'inet' || family === 'inet6');
  const nexthops = (await nl.nexthop.list().catch(none)).filter((nexthop) => nexthop.oif === index);
  const neighs = (await nl.neigh.list({ dev: index })).filter(({ state }) => state === 'permanent');
  return { addrs, routes: groupsOf(all, index), nexthops, neighs: neighs.map(({ dst, lladdr }) => ({ dst, lladdr }) as NeighInput) };
}

/** A kernel without nexthop objects has none. */
function none(error: { code?: string }): Nexthop[] {
  if (error.code === 'EOPNOTSUPP' || error.code === 'EINVAL') return [];
  throw error;
}

/** Whether a route is to move: one that was made for a nexthop object moves with that. */
export const leavesBy = (route: Route, index: number): boolean => route.protocol !== 'kernel' && route.nhid === undefined &&
  (route.oif === index || (route.multipath?.some((hop) => hop.oif === index) ?? false));

export const keyOf = ({ family, table, dst, priority, tos }: RouteInput): string =>
  [family, table, dst ?? 'default', priority ?? 0, tos ?? 0].join(' ');

function groupsOf(all: readonly Route[], index: number): RouteGroup[] {
  const groups = new Map<string, Route[]>();
  for (const route of all) groups.set(keyOf(route), [...groups.get(keyOf(route)) ?? [], route]);
  return [...groups.values()]
    .map((routes) => ({ routes, first: routes.findIndex((route) => leavesBy(route, index)) }))
    .filter(({ first }) => first >= 0)
    .sort((a, b) => depth(a.routes[a.first]!) - depth(b.routes[b.first]!));
}

/** The way to a gateway is made before the routes that use it. */
const depth = ({ gateway, via, multipath }: Route): number => (gateway === undefined && via === undefined && multipath === undefined ? 0 : 1);

/** An address as it is given to another link, its label with it: `em1:0` becomes `br0:0`. */
export function addrFor(addr: Addr, from: string, to: string): AddrInput {
  const { index: _index, created: _created, updated: _updated, label, ...rest } = addr;
  const renamed = label === from ? to : label?.startsWith(`${from}:`) ? `${to}${label.slice(from.length)}` : label;
  return { ...rest, ...(renamed !== undefined && { label: renamed }) };
}

/**
 * The order in which addresses are given, so that they end up in the order in which they were listed: the kernel puts a
 * new IPv6 address before those of its scope.
 */
export const inGivingOrder = (addrs: readonly Addr[]): Addr[] => [
  ...addrs.filter(({ family }) => family === 'inet'), ...addrs.filter(({ family }) => family === 'inet6').reverse(),
];

/** A route that leaves by another link than it was listed with. */
export function routeFor(route: Route, index: number, to: string): RouteInput {
  const moved = <T extends { oif?: number | undefined }>({ oif, ...rest }: T) =>
    (oif === index ? { ...rest, dev: named(to) } : { ...rest, ...(oif !== undefined && { oif }) });
  const { multipath, ...rest } = moved(route);
  return { ...rest, ...(multipath && { multipath: multipath.map(moved) }) } as unknown as RouteInput;
}
