import { waitForDad } from '../../route/addr/ready.ts';
import type { AddrInput } from '../../route/addr/message.ts';
import type { RouteInput } from '../../route/route/message.ts';
import type { Host } from '../host.ts';
import { present } from '../plan/basic-calls.ts';
import type { Saved } from '../plan/own-arguments.ts';
import { addrFor, inGivingOrder, keyOf, leavesBy, routeFor, type Belongings } from './belongings.ts';

/** By the clock that all processes of this machine have in common, in milliseconds. */
const now = (): number => Number(process.hrtime.bigint() / 1_000_000n);

export const save = ({ addrs, routes, nexthops, neighs }: Belongings, dev: string, index: number, other?: string): Saved => ({
  dev, other, at: now(), neighs,
  addrs: inGivingOrder(addrs).map((addr) => addrFor(addr, dev, dev)),
  groups: routes.map(({ routes: group }) => group.filter(({ protocol }) => protocol !== 'kernel')
    .map((route) => (leavesBy(route, index) ? routeFor(route, index, dev) : route))),
  nexthops: nexthops.map(({ oif: _oif, ...nexthop }) => ({ ...nexthop, dev })),
});

/** Gives a link back what it had, as far as it lacks it: done twice, it does nothing the second time. */
export async function restore(host: Host, [saved]: readonly [Saved]): Promise<void> {
  const { nl } = host, { dev, groups, nexthops, neighs } = saved;
  await withoutDad(host, dev, async () => {
    for (const addr of saved.addrs.map((addr) => aged(addr, now() - saved.at)))
      if (addr !== undefined) await nl.addr.add(dev, addr).catch(unless('EEXIST'));
  });
  for (const neigh of neighs) await nl.neigh.replace({ ...neigh, dev });
  for (const nexthop of nexthops) await nl.nexthop.replace(nexthop);
  const { index } = await nl.link.get(dev, { stats: false });
  const other = saved.other === undefined ? undefined : (await present(nl, saved.other))?.index;
  const byIndex = <T extends { dev?: unknown }>({ dev: ours, ...rest }: T) => (ours === undefined ? rest : { ...rest, oif: index });
  for (const group of groups)
    await restoreGroup(nl, group.map((route) => ({
      ...byIndex(route), ...(route.multipath && { multipath: route.multipath.map(byIndex) }),
    }) as RouteInput), other);
}

/** Routes with one key, in their order. One alone is replaced; several are made anew, unless they are there. */
async function restoreGroup(nl: Host['nl'], group: readonly RouteInput[], other: number | undefined): Promise<void> {
  const { family, table } = group[0]!;
  const now = (await nl.route.list({ family: family as 'inet', table })).filter((route) => keyOf(route) === keyOf(group[0]!));
  if (group.length === 1 && now.length <= 1) return nl.route.replace(group[0]!);
  const wanted = group.map(wayOf), there = now.filter(({ protocol }) => protocol !== 'kernel');
  if (there.map(wayOf).join('\n') === wanted.join('\n')) return;
  for (const route of there)
    if (wanted.includes(wayOf(route)) || (other !== undefined && leavesBy(route, other))) await nl.route.delete(route).catch(unless('ESRCH'));
  for (const route of group) await nl.route.append(route).catch(unless('EEXIST'));
}

/** By which routes with the same key differ. */
const wayOf = ({ oif, gateway, via, multipath, type, nhid }: RouteInput): string => JSON.stringify(nhid !== undefined ? [type, nhid] : [type, oif, gateway, via,
  multipath?.map((hop) => [hop.oif ?? hop.dev, hop.gateway, hop.weight])]);

/** What is left of the life of an address; undefined where it is over. */
function aged(addr: AddrInput, milliseconds: number): AddrInput | undefined {
  const less = (life: AddrInput['validLft']) => (typeof life === 'number' ? Math.max(0, life - Math.floor(milliseconds / 1000)) : life);
  const { validLft, preferredLft } = addr, left = less(validLft);
  return left === 0 ? undefined : { ...addr, validLft: left, preferredLft: less(preferredLft) };
}

/**
 * Addresses that were in use a moment ago, on the same network and with the same MAC address, need not be looked for on
 * other hosts: IPv6 would not use them for a second or two.
 */
async function withoutDad({ settings, nl }: Host, dev: string, work: () => Promise<void>): Promise<void> {
  const name = acceptDad(dev), before = settings.get(name);
  if (before === undefined || before === '0') return work();
  settings.set(name, '0');
  try {
    await work();
    await waitForDad(nl as never, dev).catch(() => {}); // the kernel looks at the setting in its own time
  } finally {
    settings.set(name, before);
  }
}

export const acceptDad = (dev: string): string => `net/ipv6/conf/${dev}/accept_dad`;

const unless = (code: string) => (error: unknown): void => {
  if ((error as { code?: string }).code !== code) throw error;
};
