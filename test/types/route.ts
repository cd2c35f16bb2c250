/** Types of addresses, routes, neighbours, rules, nexthops and events: see support.ts for the pattern. */
import { openRoute, waitForDad, type Addr, type AddrInput, type Route, type RouteEvent, type StreamEvent } from 'netlink-ts';
import { same } from './support.ts';

export async function check(nl: ReturnType<typeof openRoute>, addr: Addr, route: Route): Promise<void> {
  same<typeof addr.address, string>(true);
  same<NonNullable<typeof addr.validLft>, number | 'forever'>(true);
  same<typeof route.dst, string>(true);
  same<NonNullable<typeof route.priority>, number>(true);

  // what is listed can be given back
  for (const listed of await nl.addr.list({ dev: 'eth0' })) await nl.addr.add('eth0', listed);
  for (const listed of await nl.route.list()) await nl.route.delete(listed);
  for (const listed of await nl.neigh.list()) await nl.neigh.replace(listed);
  for (const listed of await nl.fdb.list()) await nl.fdb.append(listed);
  for (const listed of await nl.rule.list()) await nl.rule.delete(listed);
  for (const listed of await nl.nexthop.list()) same<typeof listed.id, number>(true), await nl.nexthop.replace(listed);
  const input: AddrInput = addr;
  nl.sync.addr.ensure(7, { ...input, broadcast: 'auto' }).flags.permanent;
  await waitForDad(nl, 'eth0', { timeout: 500 });

  // some fields, columns, chunks
  same<Awaited<ReturnType<typeof nl.route.select<'dst' | 'oif'>>>, Pick<Route, 'dst' | 'oif'>[]>(true);
  const columns = nl.sync.route.columns(['dst', 'oif', 'table'], { family: 'inet' });
  same<typeof columns.oif, Float64Array>(true);
  same<typeof columns.dst, string[]>(true);
  same<typeof columns.table, Route['table'][]>(true);
  for await (const chunk of nl.addr.stream({ dev: 'eth0' })) same<typeof chunk, Addr[]>(true);
  for (const chunk of nl.sync.route.stream()) same<typeof chunk, Route[]>(true);
  // @ts-expect-error: no such field
  await nl.route.select(['dest']);

  // the encapsulation decides its shape
  if (route.encapType === 'mpls') same<NonNullable<typeof route.encap>['labels'], number[] | undefined>(true);
  if (route.encapType === 'ip') route.encap?.id?.toString(16);
  // @ts-expect-error: not before the type is known
  route.encap?.labels;
  await nl.route.add({ dst: 'default', gateway: '192.0.2.1', dev: 'eth0', table: 'main' });
  await nl.route.add({ dst: '10.0.0.0/8', table: 1000, multipath: [{ dev: 'eth0', gateway: '192.0.2.1', weight: 2 }, { via: 'fe80::1', dev: 'eth1' }] });
  await nl.route.add({ dst: '10.0.0.0/8', dev: 'eth0', encapType: 'mpls', encap: { labels: [100, 200], ttl: 5 } });
  // @ts-expect-error: of another encapsulation
  await nl.route.add({ dst: '10.0.0.0/8', encapType: 'ip', encap: { labels: [100] } });
  // @ts-expect-error: no such table
  await nl.route.add({ dst: '10.0.0.0/8', table: 'mine' });
  // @ts-expect-error: ip's word for it is metric, the kernel's priority
  await nl.route.add({ dst: '10.0.0.0/8', metric: 5 });
  // @ts-expect-error: a string
  await nl.addr.add('eth0', { address: 5 });
  // @ts-expect-error: no such state
  await nl.neigh.add({ dst: '10.0.0.1', dev: 'eth0', state: 'asleep' });
  // @ts-expect-error: no such scope
  await nl.addr.list({ scope: 'everywhere' });
  await nl.rule.add({ src: '10.0.0.0/8', table: 100, sport: 80, dport: { start: 1, end: 9 } });
  const [index, routes, [made]] = await nl.batch((b) => [b.nexthop.add({ dev: 'eth0' }), b.route.list(), [b.addr.ensure('eth0', '10.0.0.1/8')]] as const);
  same<typeof index, number>(true);
  same<typeof routes, Route[]>(true);
  same<typeof made, Addr>(true);

  for await (const event of nl.events(['link', 'addr'])) {
    same<typeof event, RouteEvent<'link' | 'addr'> | StreamEvent>(true);
    if (event.type === 'addr') same<typeof event.addr, Addr>(true);
    if (event.type === 'link' && event.action === 'del') event.link.name.toUpperCase();
    if (event.type === 'undecodable') event.bytes.length;
    // @ts-expect-error: routes were not asked for
    if (event.type === 'route') event.route.dst;
  }
  same<ReturnType<typeof nl.with>, typeof nl>(true);
  same<(typeof nl)['sync']['supports'], ReturnType<typeof nl.with>['sync']['supports']>(true);
  const mirror = await nl.with({ timeout: 500 }).with({ gentle: true }).watch({ links: true });
  mirror.links.get(1)?.name;
  // @ts-expect-error: no such sort
  nl.events(['lnik']);
}
