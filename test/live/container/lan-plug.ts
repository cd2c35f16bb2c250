import { netns, openRoute, type RouteClient } from '../../../src/index.ts';
import { json, sh } from '../../support/witness.ts';

/** The LAN: another namespace, in which `gw` is the other end of em1. */
export interface Lan {
  readonly ns: netns.Namespace;
  readonly nl: RouteClient;
  close(): void;
}

/** em1 is plugged into a LAN with a gateway, 192.0.2.254 and 2001:db8::fe. */
export async function plugIn(nl: RouteClient): Promise<Lan> {
  const ns = netns.make(), lan = openRoute({ netns: ns });
  await nl.link.change('lo', { up: true });
  await nl.link.add({ name: 'em1', kind: 'veth', address: '02:00:00:00:00:e1', options: { peer: { name: 'gw', netns: ns } } });
  await lan.link.change('lo', { up: true });
  await lan.link.change('gw', { up: true });
  await nl.link.change('em1', { up: true });
  await lan.addr.add('gw', '192.0.2.254/24');
  await lan.addr.add('gw', { address: '2001:db8::fe/64', flags: { nodad: true } });
  return {
    ns, nl: lan,
    close() {
      lan.close();
      ns.close();
    },
  };
}

/** All that em1 may have, by `ip`. */
export function furnish(): void {
  for (const line of [
    'address add 192.0.2.39/24 broadcast 192.0.2.255 dev em1 label em1',
    'address add 192.0.2.40/24 dev em1 label em1:0',
    'address add 198.51.100.1/28 dev em1 noprefixroute metric 77',
    'address add 203.0.113.1/32 peer 203.0.113.9/32 dev em1',
    'address add 10.9.0.1/16 dev em1 scope link valid_lft 86400 preferred_lft 43200',
    'address add 2001:db8::39/64 dev em1 nodad',
    'address add 2001:db8::40/64 dev em1 nodad home preferred_lft 0',
    'address add 2001:db8:9::1/64 dev em1 nodad noprefixroute valid_lft 90000 preferred_lft 80000',
    'route add default via 192.0.2.254 dev em1 metric 100 proto dhcp src 192.0.2.39',
    'route add 10.20.0.0/16 via 192.0.2.254 dev em1 mtu 1400 advmss 1360 initcwnd 20',
    'route add 10.21.0.0/16 dev em1 scope link',
    'route add 10.22.0.0/16 via 10.9.0.7 dev em1 table 100 proto static',
    'route add default via 192.0.2.254 dev em1 table 100',
    'route add 10.23.0.0/16 proto static nexthop via 192.0.2.251 dev em1 weight 2 nexthop via 192.0.2.252 dev em1 weight 3',
    'route add 10.24.0.0/16 dev em2 metric 5', 'route append 10.24.0.0/16 via 192.0.2.250 dev em1 metric 5', 'route append 10.24.0.0/16 via 192.0.2.249 dev em1 metric 5',
    'route add blackhole 10.25.0.0/16',
    'route add 10.26.0.0/16 via inet6 2001:db8::fe dev em1',
    '-6 route add default via 2001:db8::fe dev em1 metric 512',
    '-6 route add 2001:db8:20::/48 via 2001:db8::fe dev em1 mtu 1300 pref high expires 70000',
    '-6 route add 2001:db8:21::/48 nexthop via 2001:db8::fd dev em1 nexthop via 2001:db8::fc dev em1 weight 2',
    '-6 route add 2001:db8:22::/48 dev em1 table 100',
    'nexthop add id 1 via 192.0.2.248 dev em1', 'nexthop add id 2 via 192.0.2.247 dev em1 onlink', 'nexthop add id 3 dev em1',
    'nexthop add id 4 via 2001:db8::fb dev em1', 'nexthop add id 5 group 1,3/2,7', 'nexthop add id 6 blackhole',
    'route add 10.27.0.0/16 nhid 1 mtu 1450', 'route add 10.28.0.0/16 nhid 5', 'route add 10.29.0.0/16 nhid 3', '-6 route add 2001:db8:27::/48 nhid 4',
    'route add 10.24.0.0/16 nhid 1 metric 5 tos 0x08', 'route add 10.31.0.0/16 via 192.0.2.246 dev em1', 'route append 10.31.0.0/16 nhid 2',
    'neighbour add 192.0.2.77 lladdr 02:00:00:00:00:77 dev em1',
    'rule add from 192.0.2.40 table 100 priority 500', '-6 rule add iif em1 table 100 priority 600',
  ]) sh('ip', line);
}

/** What `ip -d -json` says of links, addresses, routes, rules, neighbours and nexthops; what only counts time is left out. */
export function everything(): object {
  const timeless = (value: unknown): unknown => JSON.parse(JSON.stringify(value, (key, inner: unknown) =>
    (/(^expires|_life_time)$/.test(key) && inner !== 0xffffffff && inner !== 0 ? 'some time'
    : /^(stats|stats64|used|updated)$|_timer$/.test(key) ? undefined : inner)));
  const routes = ['-4', '-6'].flatMap((family) => json('ip', `${family} route show table all`).filter(({ type }) => type !== 'multicast'));
  const lines = routes.map((route) => ({ ...route, flags: (route.flags as string[]).filter((flag) => flag !== 'linkdown') }));
  return timeless({
    links: json('ip', 'link show'), addresses: json('ip', 'address show').map(({ ifname, addr_info }) => ({ ifname, addr_info })),
    routes: lines, rules: [...json('ip', '-4 rule show'), ...json('ip', '-6 rule show')],
    neighbours: json('ip', 'neighbour show nud permanent'), nexthops: json('ip', 'nexthop show'),
  }) as object;
}
