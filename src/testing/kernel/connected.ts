import type { Addr } from '../../route/addr/message.ts';
import { formatAddress, networkOf, prefixOf } from '../../route/prefix.ts';
import type { Route } from '../../route/route/message.ts';
import { announce, type FakeLink, type Space } from './state.ts';

const RTM_NEWROUTE = 24, RTM_DELROUTE = 25, RTM_NEWADDR = 20, RTM_DELADDR = 21, RTM_DELNEIGH = 29;
const groups = { addr: { inet: 5, inet6: 9 }, route: { inet: 7, inet6: 11 }, neigh: 3 } as const;
type Family = 'inet' | 'inet6';

export const addrGroup = (addr: Addr): number => groups.addr[addr.family as Family];
const routeGroup = (route: Route): number => groups.route[route.family as Family];
export const neighGroup = groups.neigh;

export const bare = (prefix: string): string => prefix.split('/')[0]!;
const sameNetwork = (one: string, other: string): boolean => networkOf(one) === networkOf(other);

/** The routes that the kernel makes for an address of a link. IPv6 has none here: its addresses stand alone. */
function routesFor(space: Space, link: FakeLink, addr: Addr): Route[] {
  if (addr.family !== 'inet') return [];
  const local = bare(addr.address), other = addr.peer ?? addr.address, length = prefixOf(other).length;
  const primary = space.addrs.find((one) => one.index === link.index && !one.flags.secondary && sameNetwork(one.peer ?? one.address, other));
  const prefsrc = bare((addr.flags.secondary ? primary : undefined)?.address ?? addr.address);
  const of = (type: 'local' | 'broadcast' | 'unicast', dst: string): Route => ({
    family: 'inet', tos: 0, protocol: 'kernel', flags: {}, type, dst, prefsrc, oif: link.index,
    table: type === 'unicast' ? 'main' : 'local', scope: type === 'local' ? 'host' : 'link',
  } as Route);
  const made = [of('local', `${local}/32`)];
  if (!link.up) return made;
  if (addr.broadcast !== undefined && addr.broadcast !== '255.255.255.255') made.push(of('broadcast', `${addr.broadcast}/32`));
  if (addr.flags.secondary || (length === 32 && addr.peer === undefined)) return made;
  if (!addr.flags.noprefixroute) {
    const route = of(link.kind === undefined ? 'local' : 'unicast', networkOf(other));
    made.push({ ...route, ...(addr.metric ? { priority: addr.metric } : {}) });
  }
  if (length < 31) made.push(of('broadcast', `${lastOf(other)}/32`));
  return made;
}

function lastOf(prefix: string): string {
  const { bytes, length } = prefixOf(prefix);
  return formatAddress(bytes.map((byte, i) => byte | (0xff >> Math.max(0, Math.min(8, length - 8 * i)))));
}

const key = ({ family, dst, table, type, oif, priority, prefsrc }: Route): string => [family, dst, table, type, oif, priority ?? 0, prefsrc].join(' ');

export function addRoutes(space: Space, link: FakeLink, addr: Addr): void {
  for (const route of routesFor(space, link, addr)) {
    if (space.routes.some((one) => key(one) === key(route))) continue;
    space.routes.push(route);
    announce(space, routeGroup(route), RTM_NEWROUTE, route);
  }
}

export function dropRoutes(space: Space, drop: (route: Route) => boolean): void {
  const gone = space.routes.filter(drop);
  space.routes = space.routes.filter((route) => !gone.includes(route));
  for (const route of gone) announce(space, routeGroup(route), RTM_DELROUTE, route);
}

/** Deletes addresses; their routes go unless another address makes the same, and routes from them go, too. */
export function dropAddrs(space: Space, link: FakeLink, gone: readonly Addr[]): void {
  const made = gone.flatMap((addr) => routesFor(space, link, addr));
  space.addrs = space.addrs.filter((addr) => !gone.includes(addr));
  for (const addr of gone) announce(space, addrGroup(addr), RTM_DELADDR, addr);
  const left = space.addrs.filter(({ index }) => index === link.index).flatMap((addr) => routesFor(space, link, addr)).map(key);
  const lost = new Set(made.map(key).filter((one) => !left.includes(one)));
  dropRoutes(space, (route) => route.protocol === 'kernel' && lost.has(key(route)));
  for (const addr of gone) {
    const source = bare(addr.address);
    if (!space.addrs.some((one) => bare(one.address) === source)) dropRoutes(space, ({ prefsrc }) => prefsrc === source);
  }
}

export const leavesBy = (route: Route, index: number): boolean => route.oif === index || (route.multipath?.some(({ oif }) => oif === index) ?? false);

const localhost = ({ index, name }: FakeLink): Addr => ({
  address: '127.0.0.1/8', family: 'inet', flags: { permanent: true }, scope: 'host', index, label: name, preferredLft: 'forever', validLft: 'forever', created: 0, updated: 0,
});

export function wentUp(link: FakeLink): void {
  if (link.kind === undefined && !link.space.addrs.some(({ index, address }) => index === link.index && address === '127.0.0.1/8')) link.space.addrs.push(localhost(link));
  for (const addr of link.space.addrs) if (addr.index === link.index) addRoutes(link.space, link, addr);
}

/** Labels of IPv4 addresses follow the name of their link; behind the first they have a number. */
export function wasRenamed({ space, index, name }: FakeLink): void {
  const own = space.addrs.filter((addr) => addr.index === index && addr.family === 'inet');
  const inOrder = [...own.filter(({ flags }) => !flags.secondary), ...own.filter(({ flags }) => flags.secondary)];
  for (const [i, addr] of inOrder.entries()) {
    const suffix = i === 0 ? '' : /:.*$/.exec(addr.label ?? '')?.[0] ?? `:${i + 1}`;
    Object.assign(addr, { label: `${name.slice(0, 15 - suffix.length)}${suffix}` });
    announce(space, addrGroup(addr), RTM_NEWADDR, addr);
  }
}

/** A link that is down keeps its IPv4 addresses, and of its routes only those to them. */
export function wentDown({ space, index }: FakeLink): void {
  dropRoutes(space, (route) => leavesBy(route, index) && !(route.family === 'inet' && route.type === 'local' && route.scope === 'host'));
  space.addrs = space.addrs.filter((addr) => addr.index !== index || addr.family === 'inet');
  dropNeighs({ space, index });
}

/** IPv4 leaves a link whose MTU it cannot do with. */
export function withoutIPv4(link: FakeLink): void {
  const { space, index } = link;
  dropAddrs(space, link, space.addrs.filter((addr) => addr.index === index && addr.family === 'inet'));
  dropRoutes(space, (route) => route.family === 'inet' && leavesBy(route, index));
  dropNeighs({ space, index });
}

export function wentAway(link: FakeLink): void {
  const { space, index } = link;
  dropAddrs(space, link, space.addrs.filter((addr) => addr.index === index));
  dropRoutes(space, (route) => leavesBy(route, index));
  dropNeighs({ space, index });
}

/** Neighbours go with the address by which the link spoke to them, and with the link. */
export function dropNeighs({ space, index }: Pick<FakeLink, 'space' | 'index'>): void {
  const gone = space.neighs.filter((neigh) => neigh.index === index);
  space.neighs = space.neighs.filter((neigh) => neigh.index !== index);
  for (const neigh of gone) announce(space, neighGroup, RTM_DELNEIGH, neigh);
}
