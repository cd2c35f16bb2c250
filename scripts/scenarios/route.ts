import assert from 'node:assert/strict';
import type { Route } from '../../src/route/route/message.ts';
import { refused, scenario, upPairWithAddresses, v0, type Scenarios } from '../scenario.ts';

const told = ({ dst, gateway, priority }: Route): string =>
  `${dst}${gateway === undefined ? '' : ` via ${gateway}`}${priority === undefined ? '' : ` metric ${priority}`}`;
const have = (...words: string[]): string[] => [...upPairWithAddresses, ...words.map((word) => `ip ${word.includes('::') ? '-6 ' : ''}route add ${word}`)];

export const scenarios: Scenarios = {
  'list-empty': scenario('A namespace whose links are down has no routes', [], async (nl) => assert.deepEqual(await nl.route.list(), [])),
  'list-many': scenario('Routes of both families, the kernel\'s own among them',
    have('default via 172.24.133.254', '10.1.0.0/16 via 172.24.133.1 metric 50 mtu 1400', 'blackhole 10.3.0.0/16', 'fc01::/64 via fc00::1'), async (nl) => {
      const routes = await nl.route.list({ table: 'main' });
      assert.deepEqual(routes.filter(({ protocol }) => protocol === 'boot').map(told),
        ['default via 172.24.133.254', '10.1.0.0/16 via 172.24.133.1 metric 50', '10.3.0.0/16', 'fc01::/64 via fc00::1 metric 1024']);
    }),
  'list-table': scenario('The kernel lists one table, and a table that is not there is empty', have('10.1.0.0/16 via 172.24.133.1 table 1000'), async (nl) => {
    assert.deepEqual((await nl.route.list({ table: 1000 })).map(told), ['10.1.0.0/16 via 172.24.133.1']);
    assert.deepEqual(await nl.route.list({ table: 1001 }), []);
  }),
  'list-protocol': scenario('The kernel lists the routes of one protocol', have('10.1.0.0/16 via 172.24.133.1 proto static', '10.2.0.0/16 via 172.24.133.1'), async (nl) => {
    assert.deepEqual((await nl.route.list({ protocol: 'static' })).map(told), ['10.1.0.0/16 via 172.24.133.1']);
  }),
  'list-dev': scenario('The kernel lists the routes by one link', have('10.1.0.0/16 dev v1'), async (nl) => {
    assert.deepEqual((await nl.route.list({ dev: 'v1', family: 'inet' })).map(told), ['10.1.0.0/16']);
  }),
  'list-gone': scenario('The routes by a link that is not there', [], (nl) => refused(nl.route.list({ dev: 'nope' }), 'ENODEV')),
  'add-default': scenario('route add default gw 172.24.133.254', upPairWithAddresses, async (nl) => {
    await nl.route.add({ gateway: '172.24.133.254' });
    assert.deepEqual((await nl.route.list({ dst: 'default', table: 'main', family: 'inet' })).map(told), ['default via 172.24.133.254']);
  }),
  'add-ipv6': scenario('A route and a default route of IPv6', upPairWithAddresses, async (nl) => {
    await nl.route.add({ dst: 'fc01::/64', gateway: 'fc00::1', dev: v0 });
    await nl.route.add({ family: 'inet6', gateway: 'fc00::fe', pref: 'high' });
    assert.deepEqual((await nl.route.list({ family: 'inet6', protocol: 'boot' })).map(told), ['fc01::/64 via fc00::1 metric 1024', 'default via fc00::fe metric 1024']);
  }),
  'add-onlink': scenario('A gateway that no route leads to, on the link all the same', upPairWithAddresses, (nl) =>
    nl.route.add({ dst: '10.1.0.0/16', gateway: '192.0.2.1', dev: v0, flags: { onlink: true } })),
  'add-multipath': scenario('A route by two ways, one of them taken three times as often', upPairWithAddresses, async (nl) => {
    await nl.route.add({ dst: '10.1.0.0/16', multipath: [{ gateway: '172.24.133.1', weight: 3 }, { gateway: '172.24.133.2', dev: v0, weight: 1 }] });
    const [route] = await nl.route.list({ dst: '10.1.0.0/16', family: 'inet' });
    assert.deepEqual(route!.multipath!.map(({ gateway, weight }) => [gateway, weight]), [['172.24.133.1', 3], ['172.24.133.2', 1]]);
  }),
  'add-metrics': scenario('A route with metrics, source address, scope, protocol, priority and table', upPairWithAddresses, async (nl) => {
    await nl.route.add({
      dst: '10.1.0.0/16', dev: v0, scope: 'link', prefsrc: '172.24.133.39', protocol: 'bgp', priority: 50, table: 1000, tos: 0x10,
      metrics: { mtu: 1400, lock: { mtu: true }, initcwnd: 8, congctl: 'reno' },
    });
    const [route] = await nl.route.list({ table: 1000 });
    assert.deepEqual([route!.metrics?.mtu, route!.prefsrc, route!.protocol, route!.tos], [1400, '172.24.133.39', 'bgp', 0x10]);
  }),
  'add-types': scenario('Routes that lead nowhere', upPairWithAddresses, async (nl) => {
    for (const [i, type] of (['blackhole', 'unreachable', 'prohibit', 'throw'] as const).entries()) await nl.route.add({ dst: `10.${i}.0.0/16`, type });
    assert.deepEqual((await nl.route.list({ protocol: 'boot', family: 'inet' })).map(({ type }) => type), ['blackhole', 'unreachable', 'prohibit', 'throw']);
  }),
  'add-exists': scenario('A route with the same destination and metric', have('10.1.0.0/16 via 172.24.133.1'), (nl) =>
    refused(nl.route.add({ dst: '10.1.0.0/16', gateway: '172.24.133.2' }), 'EEXIST')),
  'add-unreachable': scenario('A gateway that is on no link', upPairWithAddresses, (nl) =>
    refused(nl.route.add({ dst: '10.1.0.0/16', gateway: '192.0.2.1' }), 'ENETUNREACH')),
  'add-down': scenario('A route by a link that is down', [], (nl) => refused(nl.route.add({ dst: '10.1.0.0/16', dev: 'lo' }), 'ENETDOWN')),
  'add-bad': scenario('What is wrong with a route is said before anything is sent', [], async (nl) => {
    await refused(nl.route.add({ dst: '10.1.0.1/16', dev: 1 }), 'ERR_ENCODE');
    await refused(nl.route.add({ dst: '10.1.0.0/16', gateway: 'fc00::g' }), 'ERR_ENCODE');
    await refused(nl.route.add({ dst: '10.1.0.0/16', priority: -1, dev: 1 }), 'ERR_ENCODE');
    assert.deepEqual(await nl.route.list(), []);
  }),
  'append': scenario('A second route with the same destination and metric, behind the first', have('10.1.0.0/16 dev v0'), async (nl) => {
    await nl.route.append({ dst: '10.1.0.0/16', gateway: '172.24.133.2' });
    assert.deepEqual((await nl.route.list({ dst: '10.1.0.0/16', family: 'inet' })).map(told), ['10.1.0.0/16', '10.1.0.0/16 via 172.24.133.2']);
  }),
  'replace': scenario('A route in place of another, and one more with another metric', have('10.1.0.0/16 via 172.24.133.1'), async (nl) => {
    await nl.route.replace({ dst: '10.1.0.0/16', gateway: '172.24.133.2' });
    await nl.route.replace({ dst: '10.1.0.0/16', gateway: '172.24.133.3', priority: 9 });
    assert.deepEqual((await nl.route.list({ dst: '10.1.0.0/16', family: 'inet' })).map(told), ['10.1.0.0/16 via 172.24.133.2', '10.1.0.0/16 via 172.24.133.3 metric 9']);
  }),
  'change': scenario('A route is changed, and one that is not there cannot be', have('10.1.0.0/16 via 172.24.133.1'), async (nl) => {
    await nl.route.change({ dst: '10.1.0.0/16', gateway: '172.24.133.2' });
    await refused(nl.route.change({ dst: '10.2.0.0/16', gateway: '172.24.133.2' }), 'ENOENT');
  }),
  'delete': scenario('A route is deleted as it was listed, then it is not there', have('10.1.0.0/16 via 172.24.133.1 metric 50 mtu 1400'), async (nl) => {
    const [route] = await nl.route.list({ dst: '10.1.0.0/16', family: 'inet' });
    await nl.route.delete(route!);
    await refused(nl.route.delete(route!), 'ESRCH');
  }),
  'delete-scope': scenario('A route is not found by another scope', have('10.1.0.0/16 dev v0'), async (nl) => {
    await refused(nl.route.delete({ dst: '10.1.0.0/16', scope: 'host' }), 'ESRCH');
    await nl.route.delete({ dst: '10.1.0.0/16' });
  }),
  'get': scenario('Which way a packet takes, to the link, by the gateway and nowhere', have('default via 172.24.133.254', 'unreachable 10.4.0.0/16'), async (nl) => {
    assert.equal((await nl.route.get('172.24.133.7')).gateway, undefined);
    assert.equal((await nl.route.get('192.0.2.1')).gateway, '172.24.133.254');
    await refused(nl.route.get('10.4.0.1'), 'EHOSTUNREACH');
  }),
  'get-unreachable': scenario('A packet for which there is no way', [], (nl) => refused(nl.route.get('192.0.2.1'), 'ENETUNREACH')),
  'ensure': scenario('A route is made sure of: first it was not there, then it was', upPairWithAddresses, async (nl) => {
    const wanted = { dst: '10.1.0.0/16', gateway: '172.24.133.1' };
    assert.equal((await nl.route.ensure(wanted)).gateway, '172.24.133.1');
    assert.equal((await nl.route.ensure(wanted)).gateway, '172.24.133.1');
  }),
  'ensure-own': scenario('A route that would take the place of the kernel\'s own', upPairWithAddresses, (nl) =>
    refused(nl.route.ensure({ dst: '172.24.133.0/24', gateway: '172.24.133.1' }), 'EEXIST')),
  'flush': scenario('The routes of one protocol are deleted', have('10.1.0.0/16 via 172.24.133.1 proto static', '10.2.0.0/16 via 172.24.133.1 proto static', '10.3.0.0/16 dev v0'), async (nl) => {
    assert.equal(await nl.route.flush({ protocol: 'static' }), 2);
  }),
  'save-restore': scenario('Routes that went with their link come back', have('default via 172.24.133.254', '10.1.0.0/16 via 172.24.133.1 metric 5'), async (nl) => {
    const saved = await nl.route.save({ family: 'inet', protocol: 'boot' });
    await nl.route.flush({ family: 'inet', protocol: 'boot' });
    assert.equal(await nl.route.restore(saved), 2);
  }),
  'mpls': {
    ...scenario('Routes of MPLS: swapped, and popped', [...upPairWithAddresses, 'sysctl -qw net.mpls.platform_labels=1000', 'sysctl -qw net.mpls.conf.v0.input=1'], async (nl) => {
      await nl.route.add({ dst: '100', newdst: [200, 300], via: '172.24.133.1', dev: v0 });
      await nl.route.add({ dst: '101', via: '172.24.133.1', dev: v0, ttlPropagate: false });
      await refused(nl.route.add({ dst: '2000', via: '172.24.133.1', dev: v0 }), 'EINVAL');
      assert.deepEqual((await nl.route.list({ family: 'mpls' })).map(({ dst, newdst, via }) => [dst, newdst, via]), [['100', [200, 300], '172.24.133.1'], ['101', undefined, '172.24.133.1']]);
      assert.equal((await nl.route.get({ dst: '100' })).oif, v0);
      await nl.route.delete({ dst: '100' });
    }),
    kernel: '6.1',
  },
};
