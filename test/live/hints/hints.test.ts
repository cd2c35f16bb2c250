import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { rule } from '../../../src/netfilter/index.ts';
import { openNetfilter } from '../../../src/netfilter/open.ts';
import * as netns from '../../../src/netns/index.ts';
import { openRoute } from '../../../src/open.ts';
import { rate } from '../../../src/route/tc/units.ts';
import { skip } from '../../support/skip.ts';
import { refusal } from '../../support/witness.ts';

/** A plain user may not have actions of their own, so what there is to say to them is another thing. */
const root = process.env['NETLINK_SANDBOX'] === 'root';
const nl = openRoute();
test.after(() => nl.close());

/** Links and addresses for all tests, made once: v0 and v1 are a pair and up, br0 is a bridge and down. */
test.before(async () => {
  await nl.link.add({ name: 'v0', kind: 'veth', up: true, options: { peer: { name: 'v1', up: true } } });
  await nl.link.add({ name: 'br0', kind: 'bridge' });
  await nl.addr.add('v0', '192.0.2.1/24');
  await nl.addr.add('v0', { address: 'fc00::1/64', flags: { nodad: true } });
});

/** A call is refused with this code, and the hint says this. */
async function hinted(call: Promise<unknown>, code: string, hint: RegExp): Promise<void> {
  const error = await refusal(call);
  assert.is(error.code, code, error.message);
  assert.match(error.hint ?? 'no hint', hint, error.message);
  assert.ok(error.message.endsWith(error.hint), error.message);
}

test('a link that is there already', async () => {
  await hinted(nl.link.add({ name: 'br0', kind: 'bridge' }), 'EEXIST', /the name "br0" already.*link\.ensure/);
  assert.is((await nl.link.ensure({ name: 'br0', kind: 'bridge' })).name, 'br0');
  await hinted(nl.link.add({ name: 'x0', kind: 'veth', options: { peer: { name: 'br0' } } }), 'EEXIST', /the name "x0" or the name of the other end "br0"/);
  await hinted(nl.link.add({ name: 'x0', kind: 'ifb', index: 1 }), 'EEXIST', /the index 1/);
  await hinted(nl.link.rename('v0', 'br0'), 'EEXIST', /^The name "br0" is taken/);
  await hinted(nl.link.addAltname('v0', 'br0'), 'EEXIST', /Of \["br0"\] one is taken/);
  await nl.link.add({ name: 'vx0', kind: 'vxlan', options: { id: 5, port: 4789 } });
  await hinted(nl.link.add({ name: 'vx1', kind: 'vxlan', options: { id: 5, port: 4789 } }), 'EEXIST', /same options/);
});

test('a link that is not there', async () => {
  await hinted(nl.link.get('nope'), 'ENODEV', /no link named "nope"/);
  await hinted(nl.link.get('a name of more than fifteen bytes'), 'ENODEV', /no link named "a name of more than fifteen bytes"/);
  await hinted(nl.link.delete(999), 'ENODEV', /no link with the index 999/);
  await hinted(nl.link.up('nope'), 'ENODEV', /no link named "nope"/);
  await hinted(nl.addr.add(999, '10.0.0.1/8'), 'ENODEV', /no link with the index 999/);
  await hinted(nl.addr.add('nope', '10.0.0.1/8'), 'ENODEV', /no link named "nope"/);
  await hinted(nl.route.add({ dst: '10.2.0.0/16', dev: 999 }), 'ENODEV', /no link with the index 999/);
  await hinted(nl.route.add({ dst: '10.2.0.0/16' }), 'ENODEV', /takes dev, or a gateway/);
  await nl.route.add({ dst: '10.2.0.0/16', dev: 'v0' });
});

test('kinds that the kernel does not have name their module', async () => {
  await hinted(nl.link.add({ name: 'x0', kind: 'no-such-kind' }), 'EOPNOTSUPP', /no links of kind no-such-kind.*module rtnl-link-no-such-kind/);
  await hinted(nl.qdisc.add('v1', { kind: 'nosuch' } as never), 'ENOENT', /no qdisc nosuch.*module sch_nosuch/);
  await nl.qdisc.add('v1', { kind: 'htb', handle: '1:' });
  await hinted(nl.filter.add('v1', { kind: 'nosuch', parent: '1:' } as never), 'ENOENT', /no filter nosuch.*module cls_nosuch/);
  if (!root) return skip('a plain user in a user namespace is refused actions of their own before the kernel looks at the kind');
  await hinted(nl.action.add({ kind: 'nosuch' } as never), 'ENOENT', /no action nosuch.*module act_nosuch/);
});

test('what a kind or a device does not do', async () => {
  await hinted(nl.link.delete('lo'), 'EOPNOTSUPP', /not made by netlink/);
  await hinted(nl.link.change('v0', { kind: 'bridge', options: { stpState: 1 } }), 'EOPNOTSUPP', /not of kind bridge/);
  await hinted(nl.link.change('v0', { portKind: 'bridge', port: { priority: 3 } }), 'EOPNOTSUPP', /no port of a bridge/);
});

test('a device that is busy', async () => {
  await nl.link.add({ name: 'mv0', kind: 'macvlan', link: 'v1' });
  await hinted(nl.link.change('v1', { master: 'br0' }), 'EBUSY', /port of one other link or has macvlan/);
  await nl.link.delete('mv0');
  await nl.link.change('v1', { master: 'br0' });
  await hinted(nl.link.add({ name: 'mv0', kind: 'macvlan', link: 'v1' }), 'EBUSY', /port of one other link or has macvlan/);
  await nl.link.change('v1', { master: 0 });
});

test('addresses', async () => {
  await hinted(nl.addr.add('v0', '192.0.2.1/24'), 'EEXIST', /addr\.replace.*addr\.ensure/);
  await hinted(nl.addr.add('v0', 'fc00::1/64'), 'EEXIST', /addr\.replace.*addr\.ensure/);
  await nl.addr.replace('v0', '192.0.2.1/24');
  await nl.addr.ensure('v0', '192.0.2.1/24');
  for (const gone of ['192.0.2.9/24', 'fc00::9/64']) await hinted(nl.addr.delete('v0', gone), 'EADDRNOTAVAIL', /no such address.*addr\.list/);
  await hinted(nl.addr.delete('v0', '192.0.2.9'), 'EADDRNOTAVAIL', /no address 192\.0\.2\.9/);
  const here = '/proc/self/ns/net', setting = 'net/ipv6/conf/v1/disable_ipv6';
  netns.sysctl.set(here, setting, 1);
  await hinted(nl.addr.add('v1', 'fc01::1/64'), 'EACCES', /disable_ipv6/);
  netns.sysctl.set(here, setting, 0);
  await nl.addr.add('v1', 'fc01::1/64');
});

test('a gateway that is not on a link', async () => {
  for (const [dst, gateway, code, own] of [['10.0.0.0/8', '198.51.100.1', 'ENETUNREACH', '198.51.100.7/24'], ['fc05::/64', 'fc77::1', 'EHOSTUNREACH', 'fc77::7/64']] as const) {
    await hinted(nl.route.add({ dst, gateway }), code, /is on no network of a link here.*addr\.add.*dev and flags: \{ onlink: true \}/);
    await hinted(nl.route.add({ dst, gateway, dev: 'v0' }), code, /is on no network of that link/);
    await nl.route.add({ dst, gateway, dev: 'v0', flags: { onlink: true } });
    await nl.route.delete({ dst, gateway });
    await nl.addr.add('v0', { address: own, flags: { nodad: true } });
    await nl.route.add({ dst, gateway });
  }
  await hinted(nl.nexthop.add({ id: 2, gateway: '203.0.113.1', dev: 'v0' }), 'ENETUNREACH', /is on no network/);
  await nl.nexthop.add({ id: 2, gateway: '203.0.113.1', dev: 'v0', flags: { onlink: true } });
  await hinted(nl.route.add({ dst: '10.9.0.0/16', gateway: '192.0.2.1', dev: 'v0', flags: { onlink: true } }), 'EINVAL', /address of another host/);
  await hinted(nl.route.add({ dst: 'fc09::/64', gateway: 'fc00::1', dev: 'v0' }), 'EINVAL', /address of another host/);
  await hinted(nl.route.add({ dst: 'fc09::/64', gateway: 'fe80::1' }), 'EINVAL', /by dev which link/);
  await nl.route.add({ dst: 'fc09::/64', gateway: 'fe80::1', dev: 'v0' });
});

test('other routes that cannot be', async () => {
  for (const dst of ['10.12.0.0/16', 'fc12::/64']) await hinted(nl.route.add({ dst, dev: 'br0' }), 'ENETDOWN', /link\.up/);
  await nl.link.up('br0');
  for (const dst of ['10.12.0.0/16', 'fc12::/64']) await nl.route.add({ dst, dev: 'br0' });
  await hinted(nl.route.add({ dst: '10.12.0.0/16', dev: 'v0' }), 'EEXIST', /route\.replace.*route\.append.*route\.ensure/);
  await nl.route.replace({ dst: '10.12.0.0/16', dev: 'v0' });
  await nl.route.append({ dst: '10.12.0.0/16', dev: 'br0' });
  await nl.route.ensure({ dst: '10.12.0.0/16', dev: 'v0' });
  for (const [dst, prefsrc] of [['10.13.0.0/16', '203.0.113.9'], ['fc13::/64', 'fc99::1']] as const) {
    await hinted(nl.route.add({ dst, dev: 'v0', prefsrc }), 'EINVAL', /no address ".*addr\.add/);
    await nl.addr.add('v0', { address: prefsrc, flags: { nodad: true } });
    await nl.route.add({ dst, dev: 'v0', prefsrc });
  }
  await hinted(nl.route.add({ dst: '10.14.0.0/16', nhid: 77 }), 'EINVAL', /no nexthop 77/);
  for (const dst of ['10.99.0.0/16', 'fc98::/64']) {
    await hinted(nl.route.delete({ dst }), 'ESRCH', /No route has all of this.*route\.list/);
    await hinted(nl.route.change({ dst, dev: 'v0' }), 'ENOENT', /route\.replace/);
    await nl.route.replace({ dst, dev: 'v0' });
    await nl.route.delete({ dst });
  }
  for (const dst of ['198.18.0.77', '2001:db8::77']) await hinted(nl.route.get(dst), 'ENETUNREACH', /No route leads to.*default/);
  await nl.route.add({ dst: 'default', gateway: '192.0.2.7' });
  assert.is((await nl.route.get('198.18.0.77')).gateway, '192.0.2.7');
});

test('rules, neighbours, nexthops: there already, or not there', async () => {
  await nl.rule.add({ table: 100, priority: 5 });
  await hinted(nl.rule.add({ table: 100, priority: 5 }), 'EEXIST', /rule\.ensure/);
  await nl.rule.ensure({ table: 100, priority: 5 });
  await hinted(nl.rule.delete({ table: 99 }), 'ENOENT', /No rule has all of this.*rule\.list/);
  const neigh = { dst: '192.0.2.5', dev: 'v0', lladdr: '02:00:00:00:00:05' };
  for (const call of [nl.neigh.delete(neigh), nl.neigh.change(neigh), nl.neigh.get(neigh)]) await hinted(call, 'ENOENT', /neigh\.list/);
  await nl.neigh.add(neigh);
  await hinted(nl.neigh.add(neigh), 'EEXIST', /"replace"/);
  await nl.neigh.replace(neigh);
  const entry = { lladdr: '02:00:00:00:00:78', dev: 'br0' };
  await hinted(nl.fdb.delete(entry), 'ENOENT', /fdb\.list/);
  await nl.fdb.add(entry);
  await hinted(nl.fdb.add(entry), 'EEXIST', /"replace"/);
  await nl.fdb.replace(entry);
  await hinted(nl.nexthop.delete(99), 'ENOENT', /nexthop\.list/);
  await nl.nexthop.add({ id: 1, gateway: '192.0.2.7', dev: 'v0' });
  await hinted(nl.nexthop.add({ id: 1, gateway: '192.0.2.7', dev: 'v0' }), 'EEXIST', /"replace"/);
  await nl.nexthop.replace({ id: 1, gateway: '192.0.2.7', dev: 'v0' });
  await nl.nsid.set({ pid: process.pid }, 5);
  await hinted(nl.nsid.set({ pid: process.pid }, 6), 'EEXIST', /nsid\.get/);
  assert.is(await nl.nsid.get({ pid: process.pid }), 5);
});

test('qdiscs, classes and filters', async () => {
  await hinted(nl.qdisc.delete('v0', { parent: 'root' }), 'ENOENT', /cannot be deleted/);
  await nl.qdisc.add('v0', { kind: 'htb', handle: '1:' });
  await hinted(nl.qdisc.add('v0', { kind: 'htb', handle: '1:' }), 'EEXIST', /qdisc\.replace/);
  for (const handle of ['2:', '1:']) await nl.qdisc.replace('v0', { kind: 'htb', handle });
  await hinted(nl.qdisc.add('v0', { kind: 'pfifo', parent: '7:1' }), 'ENOENT', /no qdisc or class 7:1/);
  const top = { kind: 'htb', parent: '1:', handle: '1:1', options: { rate: rate('1mbit') } } as const;
  await hinted(nl.class.delete('v0', '1:99'), 'ENOENT', /class\.list/);
  await hinted(nl.class.add('v0', { ...top, parent: '9:', handle: '9:1' }), 'ENOENT', /no qdisc or class 9:/);
  await nl.class.add('v0', top);
  await hinted(nl.class.add('v0', top), 'EEXIST', /"replace"/);
  await nl.class.replace('v0', top);
  await nl.class.add('v0', { ...top, parent: '1:1', handle: '1:2' });
  await hinted(nl.class.delete('v0', '1:1'), 'EBUSY', /classes below it/);
  await nl.class.delete('v0', '1:2');
  await nl.class.delete('v0', '1:1');
  await hinted(nl.filter.delete('v0', { parent: '1:', prio: 5, kind: 'u32' }), 'ENOENT', /filter\.list/);
  await hinted(nl.filter.add('v0', { kind: 'u32', parent: '9:' }), 'EINVAL', /no qdisc 9:/);
});

test('an action that a filter uses, and actions of their own for a plain user', async () => {
  const mirred = { kind: 'mirred', options: { action: 'egress redirect', ifindex: 1, index: 5 } } as const;
  if (!root) {
    for (const call of [nl.action.add(mirred), nl.action.delete({ kind: 'mirred', index: 5 })])
      await hinted(call, 'EPERM', /CAP_NET_ADMIN in the initial user namespace; this process has it in another user namespace only/);
  } else {
    await nl.action.add(mirred);
    await hinted(nl.action.add(mirred), 'EEXIST', /"replace"/);
    await nl.action.replace(mirred);
    await hinted(nl.action.get({ kind: 'mirred', index: 99 }), 'ENOENT', /action\.list/);
  }
  await nl.filter.add('v0', { kind: 'u32', parent: '1:', protocol: 'all', prio: 7, options: { classid: '1:5', sel: { keys: [] }, actions: [{ ...mirred, options: { ...mirred.options, index: root ? 5 : 6 } }] } } as never);
  if (!root) return;
  await hinted(nl.action.delete({ kind: 'mirred', index: 5 }), 'EPERM', /A filter uses it/);
  await nl.filter.delete('v0', { parent: '1:' });
});

test('nf_tables', async () => {
  using nft = openNetfilter();
  await nft.table.add({ family: 'ip', name: 't' });
  await hinted(nft.table.create({ family: 'ip', name: 't' }), 'EEXIST', /table\.add/);
  await nft.chain.add({ family: 'ip', table: 't', name: 'c' });
  await nft.chain.add({ family: 'ip', table: 't', name: 'd' });
  await nft.rule.add({ family: 'ip', table: 't', chain: 'c', expressions: rule().jump('d') });
  const chain = { family: 'ip', table: 't', name: 'd' } as const, used = await refusal(nft.chain.delete(chain));
  assert.is((used.cause ?? used).code, 'EBUSY', used.message);
  assert.match((used.cause ?? used).hint, /A rule uses it/);
  await nft.rule.flush({ family: 'ip', table: 't', chain: 'c' });
  await nft.chain.delete(chain);
  await nft.table.delete({ family: 'ip', name: 't' });
});

test.run();
