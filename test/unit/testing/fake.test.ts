import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openRoute, type RouteClient } from '../../../src/open.ts';
import { fakeKernel, type FakeKernelOptions } from '../../../src/testing/index.ts';
import { refusal } from '../../support/witness.ts';

function open(options: FakeKernelOptions = {}): { nl: RouteClient; kernel: ReturnType<typeof fakeKernel> } {
  const kernel = fakeKernel(options);
  return { kernel, nl: openRoute({ transport: kernel.open }) };
}

test('a bridge, a pair into another namespace, an address and its routes', async () => {
  const { kernel, nl } = open({ namespaces: ['blue'] }), blue = openRoute({ transport: kernel.in('blue') });
  await nl.link.add({ name: 'br0', kind: 'bridge', up: true });
  await nl.link.add({ name: 'v0', kind: 'veth', master: 'br0', up: true, options: { peer: { name: 'eth0', netns: 'blue' } } });
  await blue.link.up('eth0');
  assert.equal(blue.sync.link.list({ up: true }).map(({ name }) => name), ['eth0']);
  assert.is((await nl.link.get('v0')).linkNetnsid, 0);
  assert.is((await nl.link.get('br0')).flags.running, true);
  await nl.addr.add('br0', '10.0.0.1/24');
  assert.equal((await nl.route.list({ table: 'main' })).map(({ dst, prefsrc }) => [dst, prefsrc]), [['10.0.0.0/24', '10.0.0.1']]);
  assert.is((await refusal(nl.link.add({ name: 'br0', kind: 'bridge' }))).code, 'EEXIST');
  assert.is((await refusal(nl.link.change('v0', { mtu: 70_000 }))).message, 'link.change failed: EINVAL, the kernel says "mtu greater than device maximum" about mtu (IFLA_MTU)');
  await nl.link.delete('v0');
  assert.equal((await blue.link.list()).map(({ name }) => name), ['lo']);
  nl.close();
  blue.close();
  assert.is(kernel.sockets, 0);
});

test('events reach who listens, and an overrun is told', async () => {
  const { nl } = open();
  const events = nl.events(['link', 'addr'], { receiveBuffer: 4000 });
  await nl.link.add({ name: 'br0', kind: 'bridge' });
  const { value } = await events.next();
  assert.equal([value.type, value.action, value.link.name], ['link', 'new', 'br0']);
  for (let i = 0; i < 9; i++) await nl.addr.add('br0', `10.0.${i}.1/24`);
  const seen: string[] = [];
  for await (const event of events) {
    seen.push(event.type);
    if (event.type === 'overrun') break;
  }
  assert.ok(seen.includes('overrun'));
  nl.close();
});

test('who has no privilege may look and not touch', async () => {
  const { nl } = open({ privileged: false });
  assert.is((await nl.link.list()).length, 1);
  assert.is((await refusal(nl.link.up('lo'))).code, 'EPERM');
  nl.close();
});

test('dumps in many parts, answers that are late, whole requests in refusals', async () => {
  const { nl } = open({ dumpBytes: 200, late: 2, capped: false });
  for (let i = 0; i < 5; i++) await nl.link.add({ name: `br${i}`, kind: 'bridge', alias: 'a' });
  assert.is((await nl.link.list()).length, 6);
  assert.is(nl.sync.link.list().length, 6);
  assert.is((await refusal(nl.link.change('br0', { mtu: 9 }))).field, 'mtu');
  nl.close();
});

test('faults come to the requests that they are meant for', async () => {
  const { kernel, nl } = open({ faults: [{ on: 'RTM_GETLINK', interrupt: true, times: 2 }] });
  assert.is((await nl.link.list()).length, 1);
  assert.is(nl.counters.interruptions, 2);
  kernel.inject({ on: 'RTM_NEWLINK', refuse: 'EBUSY', text: 'not now', at: 'IFLA_IFNAME', missing: 18, after: 1 });
  await nl.link.add({ name: 'br0', kind: 'bridge' });
  const error = await refusal(nl.link.add({ name: 'br1', kind: 'bridge' }));
  assert.is(error.message, 'link.add failed: EBUSY, the kernel says "not now" about name (IFLA_IFNAME); IFLA_LINKINFO is missing');
  kernel.inject({ on: 'RTM_NEWLINK', lose: true });
  assert.is((await refusal(nl.link.add({ name: 'br1', kind: 'bridge' }))).code, 'ENOBUFS');
  assert.is((await nl.link.get('br1')).name, 'br1', 'it was done, only the answer was lost');
  kernel.inject({ on: ['RTM_DELLINK'], stranger: 77 });
  assert.is((await refusal(nl.link.delete('br9'))).code, 'ENODEV', 'what a stranger says does not count');
  assert.is(nl.counters.strangers, 1);
  kernel.inject({ on: 'RTM_GETLINK', silent: true });
  assert.is((await refusal(nl.with({ timeout: 5 }).link.get('br0'))).code, 'ERR_TIMEOUT');
  kernel.inject({ on: 'RTM_GETLINK', truncate: 10 });
  assert.is((await refusal(nl.link.get('br0'))).code, 'ERR_DECODE');
  const warnings: string[] = [];
  const other = openRoute({ transport: kernel.open, onWarning: (text) => warnings.push(text) });
  kernel.inject({ on: 'RTM_NEWLINK', warn: 'old-fashioned' });
  await other.link.up('br0');
  assert.equal(warnings, ['link.change: the kernel warns "old-fashioned"']);
  other.close();
  nl.close();
});

test('rules, neighbours, other names and numbers of namespaces', async () => {
  const { nl } = open({ namespaces: ['blue'] });
  await nl.rule.add({ fwmark: 7, table: 100 });
  assert.is((await nl.rule.list({ table: 100 }))[0]!.priority, 32765);
  await nl.rule.delete({ fwmark: 7 });
  assert.is((await refusal(nl.rule.delete({ fwmark: 7 }))).code, 'ENOENT');
  await nl.link.add({ name: 'br0', kind: 'bridge' });
  await nl.link.addAltname('br0', 'the-other-name');
  assert.is((await nl.link.get('the-other-name')).name, 'br0');
  await nl.neigh.add({ dst: '10.0.0.9', lladdr: '02:00:00:00:00:09', dev: 'br0' });
  assert.is((await nl.neigh.get({ dst: '10.0.0.9', dev: 'br0' })).state, 'permanent');
  assert.is(await nl.nsid.get('blue'), undefined);
  await nl.nsid.set('blue', 5);
  assert.is(await nl.nsid.get('blue'), 5);
  assert.is((await refusal(nl.nsid.get('red'))).code, 'ENOENT');
  nl.close();
});

test.run();
