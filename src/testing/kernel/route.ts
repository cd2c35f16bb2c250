import { networkOf, prefixOf } from '../../route/prefix.ts';
import type { Route } from '../../route/route/message.ts';
import { matches } from '../../route/route/match.ts';
import { RTM_DELROUTE, RTM_GETROUTE, RTM_NEWROUTE } from '../../route/route/types.ts';
import { bare } from './connected.ts';
import { refuse } from './refusal.ts';
import { has, isDump, type Answer, type Handler, type Request } from './request.ts';
import { announce, type Space } from './state.ts';

const group = (route: Route): number => (route.family === 'inet6' ? 11 : 7);
/** The kernel's own metric for IPv6. */
const metricOf = (route: Route): number => route.priority ?? (route.family === 'inet6' ? 1024 : 0);
const sameKey = (one: Route, other: Route): boolean =>
  one.family === other.family && one.dst === other.dst && one.table === other.table && one.tos === other.tos && metricOf(one) === metricOf(other);

/** The tables in which a way is looked for: that of the route itself, then those of the usual rules. */
const tablesFor = (table: Route['table']): readonly Route['table'][] => [...(table === 'main' ? [] : [table]), 'local', 'main', 'default'];

const scopes = { global: 0, site: 200, link: 253, host: 254, nowhere: 255 };
const reach = (scope: Route['scope']): number => (typeof scope === 'number' ? scope : scopes[scope]);

/** The route that an address is reached by without a gateway: in each table, the longest that covers it, of this scope or a narrower one. */
function wayTo(space: Space, address: string, oif: number | undefined, table: Route['table'], scope = 0): Route | undefined {
  const bits = prefixOf(address).bytes.length * 8, lengthOf = ({ dst }: Route): number => (dst === 'default' ? 0 : prefixOf(dst).length);
  const covers = ({ dst, family }: Route): boolean => {
    if (dst === 'default') return (family === 'inet6' ? 128 : 32) === bits;
    return prefixOf(dst).bytes.length * 8 === bits && networkOf(`${address}/${prefixOf(dst).length}`) === dst;
  };
  const ways = space.routes.filter((route) => route.gateway === undefined && route.oif !== undefined && (oif === undefined || route.oif === oif) &&
    reach(route.scope) >= scope && covers(route))
    .sort((a, b) => lengthOf(b) - lengthOf(a) || metricOf(a) - metricOf(b));
  return tablesFor(table).map((name) => ways.find((route) => route.table === name)).find((way) => way !== undefined);
}

/** Whether a local route leads to an address: on the loopback device, all of a network may be ours. */
const isOurs = (space: Space, address: string): boolean => space.routes.some(({ type, table, dst }) => type === 'local' && table === 'local' &&
  prefixOf(dst).bytes.length === prefixOf(address).bytes.length && networkOf(`${address}/${prefixOf(dst).length}`) === dst);

/** Where a route leads, checked as `fib_check_nh` does it. */
function nexthop(space: Space, { gateway, oif, type, scope, table }: Route): { oif?: number } {
  if (type !== 'unicast') return {};
  const link = oif === undefined ? undefined : space.links.get(oif);
  if (oif !== undefined && !link) refuse('ENODEV');
  if (gateway === undefined) {
    if (!link) refuse('ENODEV');
    if (!link.up) refuse('ENETDOWN', 'Device for nexthop is not up');
    return { oif: link.index };
  }
  if (reach(scope) >= scopes.host) refuse('EINVAL', 'Route with host scope can not have a gateway');
  const way = wayTo(space, gateway, oif, table, Math.max(reach(scope) + 1, scopes.link));
  if (!way) refuse('ENETUNREACH', 'Nexthop has invalid gateway');
  if (way.type !== 'unicast' && way.type !== 'local') refuse('EINVAL', 'Nexthop has invalid gateway');
  if (!space.links.get(way.oif!)?.up) refuse('ENETDOWN');
  return { oif: way.oif! };
}

function set(request: Request<Route>): void {
  const { space, value } = request;
  const { flags: _flags, ...given } = value, family = value.family === 'unspec' ? 'inet' : value.family;
  const route = { ...given, family, flags: {}, ...nexthop(space, value) } as Route;
  if (value.type === 'unicast' && value.prefsrc !== undefined && !isOurs(space, value.prefsrc)) refuse('EINVAL', 'Invalid prefsrc address');
  if (family === 'inet6') route.priority ??= 1024;
  if (route.priority === 0 && family === 'inet') delete route.priority;
  const first = space.routes.findIndex((one) => sameKey(one, route)), present = space.routes[first];
  const identical = (one: Route): boolean => sameKey(one, route) && one.type === route.type && one.oif === route.oif && one.gateway === route.gateway &&
    one.prefsrc === route.prefsrc && one.scope === route.scope && one.protocol === route.protocol;
  if (present && has(request, 'EXCL')) refuse('EEXIST');
  if (present && has(request, 'REPLACE')) {
    const twin = space.routes.findIndex(identical);
    if (twin >= 0 && twin !== first) refuse('EEXIST');
    space.routes[first] = route;
  } else if (present && space.routes.some(identical)) refuse('EEXIST');
  else if (!has(request, 'CREATE')) refuse('ENOENT');
  else if (!present) space.routes.push(route);
  else {
    const last = space.routes.reduce((found, one, i) => (sameKey(one, route) ? i : found), first);
    space.routes.splice(has(request, 'APPEND') ? last + 1 : first, 0, route);
  }
  announce(space, group(route), RTM_NEWROUTE, route);
}

/** Deletes the first that has all that is given; of several metrics, the lowest. */
function remove({ space, value }: Request<Route>): void {
  const { scope, type, protocol, priority, flags: _flags, ...rest } = value;
  const wanted = {
    ...rest, ...(scope === 'nowhere' || value.family === 'inet6' ? {} : { scope }), ...(type === 'unspec' ? {} : { type }),
    ...(protocol === 'unspec' ? {} : { protocol }), ...(priority ? { priority } : {}),
  };
  const fits = matches(wanted);
  const [found] = space.routes.filter((route) => fits(route)).sort((a, b) => metricOf(a) - metricOf(b));
  if (!found) refuse('ESRCH');
  space.routes.splice(space.routes.indexOf(found), 1);
  announce(space, group(found), RTM_DELROUTE, found);
}

function get(request: Request<Route>): Answer {
  const { space, value } = request, { family, table } = value;
  if (!isDump(request)) {
    const route = wayTo(space, bare(value.dst), value.oif, 'main') ?? space.routes.find((one) => one.dst === 'default' && one.family === family);
    if (!route) refuse('ENETUNREACH');
    return { type: RTM_NEWROUTE, values: [{ ...route, dst: value.dst, flags: { cloned: true } }] };
  }
  const wanted = space.routes.filter((route) => (family === 'unspec' || route.family === family) && (table === 'unspec' || route.table === table) &&
    (value.oif === undefined || route.oif === value.oif) && (value.protocol === 'unspec' || route.protocol === value.protocol));
  return { type: RTM_NEWROUTE, values: wanted };
}

export const routeHandlers: { readonly [type: number]: Handler } = {
  [RTM_NEWROUTE]: { changes: true, run: set },
  [RTM_DELROUTE]: { changes: true, run: remove },
  [RTM_GETROUTE]: { changes: false, run: get },
};
