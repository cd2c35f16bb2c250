import { quote } from '../../bytes/shell.ts';
import { acknowledged, ask, done, single, type Exchange, type Operation, type Steps } from '../../conversation/operation.ts';
import { errno } from '../../errno.ts';
import { KernelError } from '../../errors.ts';
import { NLM_F } from '../../wire/header.ts';
import { devText } from '../link/command.ts';
import type { LinkRef } from '../link/message.ts';
import { indexOf } from '../link/resolve.ts';
import { familyOf } from '../family.ts';
import { list } from './filter.ts';
import { matches } from './match.ts';
import { routeMessage, type Route, type RouteInput } from './message.ts';
import { about, asNew, asOld, prepared } from './prepare.ts';
import { ignoredOfRoute } from './verify.ts';
import { RTM_DELROUTE, RTM_GETROUTE, RTM_NEWROUTE } from './types.ts';

export { list } from './filter.ts';
export { flush, restore, save } from './many.ts';

/**
 * Makes a route.
 *
 * Equivalent to `ip route add DST via GATEWAY dev DEV`. As there, the protocol is `boot` unless given. Fails with EEXIST
 * where a route has the same destination, metric and TOS, with ENETUNREACH where the gateway is not on a link.
 */
export const add = (route: RouteInput): Operation<void> => make('route.add', NLM_F.CREATE | NLM_F.EXCL, 'add', route);

/** Makes a route behind those with the same keys. Equivalent to `ip route append`. For IPv6, it becomes one more way of the same multipath route. */
export const append = (route: RouteInput): Operation<void> => make('route.append', NLM_F.CREATE | NLM_F.APPEND, 'append', route);

/** Makes a route before those with the same keys. Equivalent to `ip route prepend`. */
export const prepend = (route: RouteInput): Operation<void> => make('route.prepend', NLM_F.CREATE, 'prepend', route);

/**
 * Makes a route in place of the first that has the same destination, metric (`priority`) and TOS.
 *
 * Equivalent to `ip route replace`. With another metric it is one more route. It also takes the place of a route that
 * the kernel made for an address: `ensure` does not.
 */
export const replace = (route: RouteInput): Operation<void> => make('route.replace', NLM_F.CREATE | NLM_F.REPLACE, 'replace', route);

/** As `replace`, for a route that is there. Equivalent to `ip route change`. Fails with ENOENT where there is none. */
export const change = (route: RouteInput): Operation<void> => make('route.change', NLM_F.REPLACE, 'change', route);

/**
 * Deletes a route: the first that has all that is given. A route that was listed can be given as it is.
 *
 * Equivalent to `ip route delete`. Without `priority` that is the one with the lowest. Fails with ESRCH where there is none.
 */
const remove = (route: RouteInput): Operation<void> => about('route.delete', route, asOld, (wire) =>
  acknowledged('route.delete', RTM_DELROUTE, 0, routeMessage, wire, () => `ip route delete ${text(route)}`));
export { remove as delete };

/**
 * Sees to it that there is a route as described, and gives it as it is then.
 *
 * Nothing is sent where a route has all that is given. Fails with EEXIST where it would take the place of a route that
 * the kernel made for an address.
 */
export function* ensure(route: RouteInput): Steps<Route> {
  const wire = yield* prepared('route.ensure', route, asNew);
  const among = { family: wire.family, table: wire.table };
  const before = yield* ask(list(among));
  const there = before.find(matches(wire));
  if (there) return done(there);
  const made = before.find((other) => other.protocol === 'kernel' && matches({ dst: wire.dst ?? 'default', family: wire.family, priority: wire.priority ?? 0, tos: wire.tos ?? 0 })({ ...other, priority: other.priority ?? 0 }));
  if (made) throw new KernelError({ operation: 'route.ensure', errno: errno.EEXIST, field: 'dst', hint: `The kernel itself has made a route to ${made.dst}, and this would take its place` });
  yield* ask(acknowledged('route.ensure', RTM_NEWROUTE, NLM_F.CREATE | NLM_F.REPLACE, routeMessage, wire));
  const after = (yield* ask(list(among))).find(matches(wire));
  if (!after) throw new KernelError({ operation: 'route.ensure', errno: errno.ESRCH, hint: 'The route was made, but the kernel does not report it as it was given' });
  return done(after);
}

/** What a route is looked up for. */
export interface RouteSelector {
  /** Where to: an address, or an MPLS label. */
  readonly dst: string;
  /** The address of the sender. */
  readonly src?: string | undefined;
  /** The link by which the packet came; one that is sent from here has none. */
  readonly iif?: LinkRef | undefined;
  /** The link by which it must leave, or the VRF it belongs to. */
  readonly dev?: LinkRef | undefined;
  readonly tos?: number | undefined;
  readonly mark?: number | undefined;
  readonly uid?: number | undefined;
  /** The number of the protocol: 6 is TCP, 17 UDP. */
  readonly ipProto?: number | undefined;
  readonly sport?: number | undefined;
  readonly dport?: number | undefined;
  /** IPv6 only; kernels since 6.14. */
  readonly flowlabel?: number | undefined;
  /** The route as it stands in its table, in place of what becomes of this packet. */
  readonly fibMatch?: boolean | undefined;
}

/**
 * Asks the kernel which way a packet takes.
 *
 * Equivalent to `ip route get ADDRESS [from ADDRESS iif DEV] [oif DEV] [mark MARK] ...`. Fails with ENETUNREACH where
 * there is no way, with EHOSTUNREACH, EACCES or EINVAL where a route of type unreachable, prohibit or blackhole says so.
 */
export function* get(selector: string | RouteSelector): Steps<Route> {
  const { dev, iif, fibMatch, dst, ...rest }: RouteSelector = typeof selector === 'string' ? { dst: selector } : selector;
  const family = /^\d+$/.test(String(dst)) ? 'mpls' : familyOf(String(dst)) ?? 'inet';
  const request = {
    ...rest, dst, family,
    flags: { fibMatch: fibMatch ?? false, lookupTable: family === 'inet' && !fibMatch }, // IPv6 always tells the table
    ...(dev === undefined ? {} : { oif: yield* indexOf('route.get', dev) }),
    ...(iif === undefined ? {} : { iif: yield* indexOf('route.get', iif, 'iif') }),
  };
  return single('route.get', RTM_GETROUTE, 0, routeMessage, request, routeMessage, () => `ip route get ${fibMatch ? 'fibmatch ' : ''}${quote(String(dst))}`) as unknown as Exchange<Route>;
}

const make = (operation: string, flags: number, verb: string, route: RouteInput): Operation<void> => about(operation, route, asNew, (wire) =>
  acknowledged(operation, RTM_NEWROUTE, flags, routeMessage, wire, () => `ip route ${verb} ${text(route)}`, () => ignoredOfRoute(operation, wire)));

/** A route in the words of `ip`. */
function text({ dst = 'default', type, gateway, dev, oif, table, priority, flags }: RouteInput): string {
  const link = dev ?? oif;
  return [
    type === undefined || type === 'unicast' ? '' : quote(String(type)), quote(dst), gateway && `via ${quote(gateway)}`,
    link !== undefined && `dev ${devText(link)}`, table !== undefined && `table ${quote(String(table))}`, priority !== undefined && `metric ${priority}`, flags?.onlink && 'onlink',
  ].filter(Boolean).join(' ');
}

