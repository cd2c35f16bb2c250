import type { Asked, Exchange, Operation, Steps } from '../../conversation/operation.ts';
import { EncodeError, within } from '../../errors.ts';
import { show } from '../../schema/codec.ts';
import { familyOf } from '../family.ts';
import { indexOf } from '../link/resolve.ts';
import type { RouteHopInput, RouteInput } from './message.ts';

/** A family in which routes are made. */
export type RouteFamily = 'inet' | 'inet6' | 'mpls';

type Wire = RouteInput & { family: RouteFamily };

/**
 * What is asked of the kernel with one message about a route, `complete` being `asNew` or `asOld`. It has steps only where
 * a link must be looked up: batches make routes by the thousand.
 */
export function about(operation: string, route: RouteInput, complete: Complete, request: (wire: Wire) => Exchange<void>): Operation<void> {
  const wire = start(route);
  return prepare(route, wire) ? steps(prepared(operation, route, complete), request) : request(complete(wire));
}

function* steps(preparing: ReturnType<typeof prepared>, request: (wire: Wire) => Exchange<void>): Steps<void> {
  return request(yield* preparing);
}

type Complete = (wire: Wire) => Wire;

/** Inside steps: a route as the message has it. */
export function* prepared(operation: string, route: RouteInput, complete: Complete): Generator<Asked, Wire, any> {
  const wire = start(route);
  if (prepare(route, wire)) yield* links(operation, route, wire);
  return complete(wire);
}

/**
 * A route to be made. What `ip` takes for granted is filled in: the main table (the local one for local, broadcast,
 * anycast and nat), protocol `boot`, and as scope how far the type reaches.
 */
export function asNew(wire: Wire): Wire {
  const { type = 'unicast', family } = wire, scope = wire.scope ?? (family === 'inet' ? scopeOf(wire) : undefined);
  wire.table ??= tableOf(wire);
  wire.type = type;
  wire.protocol ??= 'boot';
  if (scope !== undefined) wire.scope = scope;
  return wire;
}

/** A route to be deleted. What is left out matches any, but for the table, as with `ip`. */
export function asOld(wire: Wire): Wire {
  wire.table ??= tableOf(wire);
  // the kernel takes scope 0 for "global" and not for "any" (RT_SCOPE_NOWHERE is that)
  if (wire.family === 'inet') wire.scope ??= 'nowhere';
  if (wire.family === 'mpls') wire.type ??= 'unicast'; // it knows no other, and says so
  return wire;
}

/** A copy with its table in the first place: attributes are sent in the order of the keys, and that of a route that was read is this. */
function start(route: RouteInput): Wire {
  if (typeof route !== 'object' || route === null) throw new EncodeError(`must be a route like { dst: '10.0.0.0/8', gateway: '192.0.2.1' }, got ${show(route)}`, 'route');
  const family = routeFamily(route);
  checkGateways(route, family);
  const wire = { table: undefined, ...route } as Wire;
  wire.family = family;
  if (route.dev !== undefined) wire.dev = undefined;
  if (route.cacheinfo !== undefined) wire.cacheinfo = undefined;
  return wire;
}

/** What lies on the wire otherwise than it was given; true where its links must be looked up. */
function prepare(route: RouteInput, wire: Wire): boolean {
  const { nhid, dev, multipath, flags, expires, cacheinfo } = route;
  if (nhid !== undefined) for (const key of ofNexthop) if (wire[key] !== undefined) wire[key] = undefined;
  if (flags !== undefined && wire.flags !== undefined) wire.flags = settable(flags);
  // a route that was listed tells what is left of its life in hundredths of a second
  if (wire.family === 'inet6' && expires === undefined && cacheinfo && cacheinfo.expires > 0) wire.expires = Math.ceil(cacheinfo.expires / 100);
  return nhid === undefined && (dev !== undefined || multipath !== undefined);
}

/** Inside steps: the links that a route leaves by. */
function* links(operation: string, { dev, multipath }: RouteInput, wire: Wire): Generator<Asked, void, any> {
  if (dev !== undefined) wire.oif = yield* indexOf(operation, dev);
  if (multipath !== undefined) wire.multipath = (yield* prepareHops(operation, multipath)) as RouteHopInput[];
}

/** What a nexthop object says: the kernel reports it beside `nhid` (also its type, where that is blackhole) and refuses it there. */
const ofNexthop = ['type', 'oif', 'gateway', 'via', 'multipath', 'encap', 'encapType', 'newdst', 'flow', 'flags', 'ttlPropagate'] as const;

function* prepareHops(operation: string, hops: readonly RouteHopInput[]): Generator<Asked, object[], any> {
  if (!Array.isArray(hops)) throw new EncodeError(`must be an array of nexthops, got ${show(hops)}`, 'multipath');
  const wire: object[] = [];
  for (const { dev, flags, ...hop } of hops)
    wire.push({ ...hop, ...(flags && { flags: settable(flags) }), oif: dev === undefined ? hop.oif : yield* indexOf(operation, dev, `multipath[${wire.length}].dev`) });
  return wire;
}

/** Flags that are a wish; the others report a state, and the kernel refuses some of those. */
const settable = ({ onlink, pervasive, cloned }: { onlink?: boolean | undefined; pervasive?: boolean | undefined; cloned?: boolean | undefined }): object =>
  ({ onlink, pervasive, ...(cloned === undefined ? {} : { cloned }) });

/** The family that the addresses of a route tell; IPv4 where there is none. */
export function routeFamily(route: RouteInput): RouteFamily {
  const { family } = route;
  if (family === 'inet' || family === 'inet6' || family === 'mpls') return family;
  if (family !== undefined && family !== 'unspec') throw new EncodeError(`must be inet, inet6 or mpls, got ${show(family)}`, 'family');
  if (route.dst !== undefined && /^\d+$/.test(route.dst)) return 'mpls';
  return told(route.dst) ?? told(route.gateway) ?? told(route.src) ?? told(route.prefsrc) ?? toldByHops(route.multipath) ?? 'inet';
}

const told = (address: string | undefined): RouteFamily | undefined =>
  typeof address === 'string' && address !== 'default' ? familyOf(address) : undefined;

function toldByHops(hops: RouteInput['multipath']): RouteFamily | undefined {
  if (!Array.isArray(hops)) return undefined;
  for (const { gateway } of hops as readonly RouteHopInput[]) {
    const family = told(gateway);
    if (family) return family;
  }
  return undefined;
}

function checkGateways({ gateway, multipath }: RouteInput, family: RouteFamily): void {
  checkGateway(gateway, family);
  if (!Array.isArray(multipath)) return;
  multipath.forEach((hop, i) => {
    try {
      checkGateway(hop.gateway, family);
    } catch (error) {
      throw within(error, `multipath[${i}]`);
    }
  });
}

function checkGateway(gateway: string | undefined, family: RouteFamily): void {
  const found = typeof gateway === 'string' ? familyOf(gateway) : undefined;
  if (found && found !== family)
    throw new EncodeError(`is an ${found === 'inet' ? 'IPv4' : 'IPv6'} address, the route is of the family ${family}; give a gateway of another family as "via"`, 'gateway');
}

const locals: readonly unknown[] = ['local', 'broadcast', 'anycast', 'nat'];

const tableOf = ({ type, family }: Wire): 'local' | 'main' => (locals.includes(type) && family !== 'mpls' ? 'local' : 'main');

/** How far an IPv4 route reaches: `ip` and the kernel agree on this. */
function scopeOf({ type, gateway, via, multipath, nhid }: Wire): 'host' | 'link' | 'global' {
  if (type === 'local' || type === 'nat') return 'host';
  if (type === 'broadcast' || type === 'multicast' || type === 'anycast') return 'link';
  const direct = (type === undefined || type === 'unicast' || type === 'unspec') && gateway === undefined && via === undefined && nhid === undefined;
  return direct && !multipath?.some((hop) => hop.gateway !== undefined || hop.via !== undefined) ? 'link' : 'global';
}
