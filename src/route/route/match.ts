import { networkOf } from '../prefix.ts';
import type { Route, RouteInput } from './message.ts';

/** Fields that the kernel reports in another way than they were given, or that are no property of the route. */
const notCompared = new Set(['dev', 'flags', 'expires', 'cacheinfo', 'unknown']);
/** Fields whose absence in a report is a value. */
const defaults: { readonly [key: string]: unknown } = { tos: 0, dst: 'default' };

/** Whether a route that was listed has all that `wanted` says; the spelling of addresses does not count. */
export function matches(wanted: RouteInput): (route: Route) => boolean {
  const keys = Object.keys(wanted).filter((key) => !notCompared.has(key) && (wanted as Loose)[key] !== undefined);
  const flags = Object.entries(wanted.flags ?? {}).filter(([, on]) => on !== undefined);
  return (route) => keys.every((key) => equal((wanted as Loose)[key], (route as Loose)[key] ?? absent(key, route))) &&
    flags.every(([flag, on]) => ((route.flags as Loose)[flag] ?? false) === on);
}

type Loose = { readonly [key: string]: unknown };

/** The kernel's own metric of an IPv6 route is 1024 and always told; IPv4 tells none for 0. */
const absent = (key: string, route: Route): unknown => (key === 'priority' && route.family === 'inet' ? 0 : defaults[key]);

function equal(wanted: unknown, found: unknown): boolean {
  if (typeof wanted === 'string' && typeof found === 'string') return wanted === found || spelling(wanted) === spelling(found);
  if (Array.isArray(wanted)) return Array.isArray(found) && wanted.length === found.length && wanted.every((value, i) => equal(value, found[i]));
  if (typeof wanted === 'object' && wanted !== null && !(wanted instanceof Uint8Array)) {
    return Object.entries(wanted).every(([key, value]) =>
      value === undefined || key === 'dev' || equal(value, (found as Loose | undefined)?.[key] ?? (typeof value === 'boolean' ? false : undefined)));
  }
  return wanted === found;
}

/** One spelling for each network. */
function spelling(text: string): string {
  if (!/[.:]/.test(text)) return text;
  try {
    const network = networkOf(text);
    return network.endsWith('/0') ? 'default' : network;
  } catch {
    return text;
  }
}
