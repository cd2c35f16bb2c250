import type { Addr } from '../route/addr/message.ts';
import type { Link } from '../route/link/message.ts';
import type { Neigh } from '../route/neigh/message.ts';
import type { Nexthop } from '../route/nexthop/message.ts';
import type { Route } from '../route/route/message.ts';
import { isUnicast, type Rule } from '../route/rule/message.ts';

/*
 * A mirror cannot know what the kernel does not announce. These functions leave it out: counters, what is left of a
 * time, settings that change without an event, entries that the kernel makes for itself.
 */

const without = <T extends object>(item: T, keys: readonly string[]): T =>
  Object.fromEntries(Object.entries(item).filter(([key]) => !keys.includes(key))) as T;

const silentInLinks = [
  'stats', 'stats32', 'xstats', 'carrierChanges', 'carrierUpCount', 'carrierDownCount', 'promiscuity', 'allmulti',
  'qdisc', 'afSpec', 'numVf', 'vfinfoList', 'vfPorts', 'portSelf',
  // in events alone
  'event', 'newNetnsid', 'newIfindex',
];

/** What bridges and their ports find out for themselves: who is root, what was learned, how many groups there are. */
const foundOut = [
  'rootId', 'bridgeId', 'rootPort', 'rootPathCost', 'topologyChange', 'topologyChangeDetected', 'topologyChangeAck', 'configPending',
  'designatedPort', 'designatedCost', 'fdbNLearned', 'mcastQuerierState', 'mcastEhtHostsCnt', 'mcastNGroups',
];

/** Timers of bridges and their ports run all the time. */
const withoutTimers = (options: object): object =>
  Object.fromEntries(Object.entries(options).filter(([key]) => !key.endsWith('Timer') && !foundOut.includes(key)));

export function announcedLink(link: Link): Link {
  const rest = without(link, silentInLinks), { options, port } = rest;
  return {
    ...rest,
    ...(options === undefined ? {} : { options: withoutTimers(options) }),
    ...(port === undefined ? {} : { port: withoutTimers(port) }),
  } as Link;
}

/** An address whose duplicate detection has not ended comes without an event; a link without a carrier never begins it. */
export function announcedAddr(addr: Addr): Addr | undefined {
  const { tentative, optimistic, dadfailed } = addr.flags as { readonly [flag: string]: unknown };
  if (tentative && !optimistic && !dadfailed) return undefined;
  const ending = (['validLft', 'preferredLft'] as const).filter((key) => typeof addr[key] === 'number');
  return without(addr, ['updated', ...ending]);
}

/** Entries of proxies are a table of their own; those on their way and those without resolution come without an event. */
export const announcedNeigh = (neigh: Neigh): Neigh | undefined =>
  neigh.flags.proxy || neigh.state === 'none' || neigh.state === 'incomplete' || neigh.state === 'noarp'
    ? undefined : without(neigh, ['cacheinfo', 'probes']);

/** What a link itself listens to (`self`, a multicast address) is no event. */
export const announcedFdb = (entry: Neigh): Neigh | undefined =>
  entry.master === undefined && /^.[13579bdf]:/.test(entry.lladdr ?? '') ? undefined : without(entry, ['cacheinfo', 'probes']);

const watchedFamilies = ['inet', 'inet6', 'mpls'];

export const announcedRoute = (route: Route): Route | undefined =>
  route.flags.cloned || !watchedFamilies.includes(route.family as string) ? undefined : without(route, ['cacheinfo']);

export const announcedRule = (rule: Rule): Rule | undefined => (isUnicast(rule) ? rule : undefined);

export function announcedNexthop(nexthop: Nexthop): Nexthop {
  const rest = without(nexthop, ['groupStats', 'hwStats', 'hwStatsUsed']);
  return rest.resilient === undefined ? rest : { ...rest, resilient: without(rest.resilient, ['unbalancedTime']) };
}
