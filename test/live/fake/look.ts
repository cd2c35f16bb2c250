import type { RouteClient } from '../../../src/open.ts';
import { listed } from '../link/sandbox.ts';

/**
 * What two kernels must agree on, in words that do not depend on the order in which indexes were given: of links what was
 * chosen and what follows from it, of IPv4 the addresses, routes, rules and neighbours. Carriers come and go in the real
 * kernel's own time, and addresses that it takes by chance are left out.
 */
export async function look(nl: RouteClient): Promise<object> {
  const links = await listed(nl), byIndex = new Map(links.map(({ index, name }) => [index, name]));
  const named = (index: number | undefined): string | undefined => (index ? byIndex.get(index) ?? `link ${index}` : undefined);
  const chosen = (address: string | undefined): string => (/^(02:00:00:00:00:0\d|(00:){5}00)$/.test(address ?? '') ? address! : 'by chance');
  const spelt = (items: readonly object[]): string[] => items.map((item) => JSON.stringify(item)).sort();
  return {
    links: spelt(links.map(({ name, kind, mtu, address, flags, master, group, alias, txqlen, altnames, portKind, linkNetnsid, options }) => ({
      name, kind, mtu, address: chosen(address), up: flags.up ?? false, master: named(master), group, alias, txqlen, altnames: altnames?.toSorted(), portKind,
      abroad: kind === 'veth' && linkNetnsid !== undefined,
      ...(kind === 'bridge' ? { stp: (options as { stpState?: number }).stpState, delay: (options as { forwardDelay?: number }).forwardDelay } : {}),
    }))),
    addrs: spelt((await nl.addr.list({ family: 'inet' })).map(({ address, peer, index, flags, scope, broadcast, label }) =>
      ({ dev: named(index), address, peer, secondary: flags.secondary ?? false, permanent: flags.permanent, scope, broadcast, label }))),
    routes: spelt((await nl.route.list({ family: 'inet' })).map(({ dst, table, type, scope, protocol, gateway, oif, priority, prefsrc }) =>
      ({ dst, table, type, scope, protocol, gateway, dev: named(oif), priority, prefsrc }))),
    rules: (await nl.rule.list({ family: 'inet' })).map(({ priority, table, src, fwmark, action }) => JSON.stringify({ priority, table, src, fwmark, action })),
    neighs: spelt((await nl.neigh.list({ family: 'inet', state: 'permanent' })).map(({ dst, lladdr, index }) => ({ dst, lladdr, dev: named(index) }))),
  };
}

/** Takes away all that moves have made. */
export async function clean(nl: RouteClient): Promise<void> {
  for (const link of await listed(nl)) if (link.kind !== undefined) await nl.link.delete(link).catch(() => {});
  await nl.link.change('lo', { up: false, group: 0, mtu: 65536, txqlen: 1000, alias: '' });
  const lo = await nl.link.get('lo');
  if (lo.altnames) await nl.link.deleteAltname('lo', ...lo.altnames);
  await nl.addr.flush('lo');
  for (const family of ['inet'] as const) for (const route of await nl.route.list({ family })) await nl.route.delete(route).catch(() => {});
  await nl.rule.flush({ family: 'inet' });
}
