import { quote } from '../../bytes/shell.ts';
import { dump, type Exchange, type Steps } from '../../conversation/operation.ts';
import { errno } from '../../errno.ts';
import type { LinkRef } from '../link/message.ts';
import { indexOf } from '../link/resolve.ts';
import { networkOf, prefixOf } from '../prefix.ts';
import { routeMessage, type Route } from './message.ts';
import { RTM_GETROUTE } from './types.ts';
import type { RouteFamily } from './prepare.ts';

/** Which routes are listed. The kernel filters by family, table, protocol, type and link, the rest is filtered here. */
export interface RouteFilter {
  readonly family?: RouteFamily | undefined;
  /** All tables unless given. */
  readonly table?: Route['table'] | undefined;
  readonly protocol?: Route['protocol'] | undefined;
  readonly type?: Route['type'] | undefined;
  /** Routes that leave by this link, also as one of several. */
  readonly dev?: LinkRef | undefined;
  readonly scope?: Route['scope'] | undefined;
  /** Routes to this network and to parts of it; `default` is the default routes alone. */
  readonly dst?: string | undefined;
  readonly gateway?: string | undefined;
  /** Learned exceptions (path MTU, redirects) in place of the routes. */
  readonly cached?: boolean | undefined;
}

/**
 * Lists routes, of all families and tables unless a filter says otherwise.
 *
 * Equivalent to `ip route show table all` and `ip -6 route show table all`. A table that does not exist is empty.
 */
export function* list(filter: RouteFilter = {}): Steps<Route[]> {
  const { family, table, protocol, type, scope, gateway, cached } = filter;
  const oif = filter.dev === undefined ? undefined : yield* indexOf('route.list', filter.dev);
  const to = filter.dst === undefined ? undefined : within(filter.dst);
  const keep = (route: Route): boolean =>
    (family === undefined || route.family === family) && (table === undefined || route.table === table) &&
    (protocol === undefined || route.protocol === protocol) && (type === undefined || route.type === type) &&
    (scope === undefined || route.scope === scope) && (to === undefined || to(route)) &&
    (oif === undefined || route.oif === oif || (route.multipath?.some((hop) => hop.oif === oif) ?? false)) &&
    (gateway === undefined || route.gateway === gateway || (route.multipath?.some((hop) => hop.gateway === gateway) ?? false)) &&
    (route.flags.cloned ?? false) === (cached ?? false);
  const looksAt = [
    'flags', ...(['family', 'table', 'protocol', 'type', 'scope', 'dst', 'gateway'] as const).filter((key) => filter[key] !== undefined),
    ...(to === undefined ? [] : ['family']), ...(oif === undefined && gateway === undefined ? [] : ['oif', 'multipath']),
  ];
  const request = { family, table, protocol, type, oif, ...(cached ? { flags: { cloned: true } } : {}) };
  const exchange = dump('route.list', RTM_GETROUTE, routeMessage, request, routeMessage, keep as never,
    () => `ip ${family === undefined ? '' : `-family ${quote(String(family))} `}route show table ${quote(String(table ?? 'all'))}${protocol === undefined ? '' : ` proto ${quote(String(protocol))}`}`, looksAt) as unknown as Exchange<Route[]>;
  return { ...exchange, answer: { ...exchange.answer, ...(table === undefined ? {} : { none: errno.ENOENT }) } };
}

function within(dst: string): (route: Route) => boolean {
  if (dst === 'default') return (route) => route.dst === 'default';
  const { bytes, length } = prefixOf(dst), network = networkOf(dst);
  return (route) => {
    if (route.family === 'mpls' || route.dst === 'default') return length === 0 && route.family === (bytes.length === 4 ? 'inet' : 'inet6');
    const other = prefixOf(route.dst);
    return other.bytes.length === bytes.length && other.length >= length && networkOf(`${route.dst.split('/')[0]}/${length}`) === network;
  };
}
