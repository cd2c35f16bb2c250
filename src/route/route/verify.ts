import { memoryOf } from '../../bytes/memory.ts';
import { Writer } from '../../bytes/writer.ts';
import { ask, type Asked } from '../../conversation/operation.ts';
import type { IgnoredField } from '../../errors.ts';
import { list } from './filter.ts';
import { matches } from './match.ts';
import { routeMessage, type Route, type RouteInput } from './message.ts';

type Loose = { readonly [key: string]: unknown };

/** By these the kernel tells routes apart. */
const keys = ['family', 'dst', 'table', 'priority', 'tos'] as const;

/**
 * Inside steps: what of a route the kernel does not report so, although it was acknowledged. All routes of its table are
 * listed for that.
 */
export function* ignoredOfRoute(operation: string, wire: RouteInput): Generator<Asked, readonly IgnoredField[], any> {
  // one more way of an IPv6 route is reported as part of that
  if (operation === 'route.append' && wire.family === 'inet6') return [];
  const wanted = asReported(wire), routes = yield* ask(list({ family: wanted.family as 'inet', table: wanted.table }));
  const there = routes.find(matches(wanted));
  if (there) return besides(wire, there);
  const among = routes.filter(matches(pick(wanted, keys)));
  const best = among.map((route) => ({ route, fields: unlike(wanted, route) })).sort((a, b) => a.fields.length - b.fields.length)[0];
  return best ? [...best.fields, ...besides(wire, best.route)] : [{ field: 'dst', wanted: wanted.dst ?? 'default', present: undefined }];
}

/** A route as it would be reported: numbers that have names by their names, addresses in one spelling. */
function asReported(wire: RouteInput): RouteInput {
  const w = new Writer();
  routeMessage.encode(w, wire as never);
  const bytes = new Uint8Array(w.written());
  // of a way, what is not said is 0 on the wire, and the kernel finds it out
  return { ...pick(routeMessage.decode(memoryOf(bytes), 0, bytes.length) as RouteInput, Object.keys(wire)), multipath: wire.multipath } as RouteInput;
}

const pick = (route: RouteInput, keys: readonly string[]): RouteInput =>
  Object.fromEntries(keys.filter((key) => (route as Loose)[key] !== undefined).map((key) => [key, (route as Loose)[key]])) as RouteInput;

const unlike = (wanted: RouteInput, route: Route): IgnoredField[] =>
  Object.keys(wanted).filter((field) => !matches(pick(wanted, [field]))(route)).map((field) => ({ field, wanted: (wanted as Loose)[field], present: (route as Loose)[field] }));

/** What routes are not compared by: the end of a life, and attributes without a name. */
function besides({ expires, unknown = [] }: RouteInput, present: Route): IgnoredField[] {
  const lasts = expires !== undefined && !present.expires && !(present.cacheinfo && present.cacheinfo.expires > 0);
  const lost = unknown.filter(({ type, data }) => !present.unknown?.some((other) => other.type === type && Buffer.compare(other.data, data) === 0));
  return [
    ...(lasts ? [{ field: 'expires', wanted: expires, present: undefined }] : []),
    ...(lost.length > 0 ? [{ field: 'unknown', wanted: lost, present: present.unknown }] : []),
  ];
}
