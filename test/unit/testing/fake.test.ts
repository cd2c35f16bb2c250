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

test('EEXIST: a link, an address, a route that are there already', async () => {
  const { nl } = open();
  await nl.link.add({ name: 'br0', kind: 'bridge', up: true });
  await nl.addr.add('br0', '10.0.0.1/24');
  await nl.route.add({ dst: '10.5.0.0/16', gateway: '10.0.0.9' });
  for (const again of [() => nl.link.add({ name: 'br0', kind: 'bridge' }), () => nl.addr.add('br0', '10.0.0.1/24'), () => nl.route.add({ dst: '10.5.0.0/16', gateway: '10.0.0.9' })])
    assert.is((await refusal(again())).code, 'EEXIST');
  nl.close();
});

test('ENODEV: a link that is not there, by name, by index, for an address', async () => {
  const { nl } = open();
  for (const call of [() => nl.link.get('br0'), () => nl.link.get(7), () => nl.link.delete('br0'), () => nl.addr.add(7, '10.0.0.1/24'), () => nl.route.add({ dst: '10.5.0.0/16', dev: 7 })])
    assert.is((await refusal(call())).code, 'ENODEV');
  nl.close();
});

test('ESRCH: a route to delete that is not there, and one of another metric', async () => {
  const { nl } = open();
  assert.is((await refusal(nl.route.delete({ dst: '10.5.0.0/16' }))).code, 'ESRCH');
  await nl.link.add({ name: 'br0', kind: 'bridge', up: true });
  await nl.route.add({ dst: '10.5.0.0/16', dev: 'br0', priority: 100 });
  assert.is((await refusal(nl.route.delete({ dst: '10.5.0.0/16', priority: 200 }))).code, 'ESRCH');
  await nl.route.delete({ dst: '10.5.0.0/16' });
  nl.close();
});

test('EBUSY: an index that another link has, for the other end of a pair; of a pair, both are made or none', async () => {
  const { nl } = open();
  const pair = (index: number, other: number) => nl.link.add({ name: 'v0', kind: 'veth', index, options: { peer: { name: 'v1', index: other } } });
  assert.is((await refusal(pair(9, 1))).code, 'EBUSY');
  assert.is((await nl.link.list()).length, 1);
  await pair(9, 10);
  assert.equal((await nl.link.list()).map(({ index, name }) => [index, name]), [[1, 'lo'], [10, 'v1'], [9, 'v0']]);
  nl.close();
});

test('a dump comes in many parts', async () => {
  const { nl } = open({ dumpBytes: 200 });
  for (let i = 0; i < 5; i++) await nl.link.add({ name: `br${i}`, kind: 'bridge', alias: 'a' });
  assert.equal((await nl.link.list()).map(({ name }) => name), ['lo', 'br0', 'br1', 'br2', 'br3', 'br4']);
  assert.is(nl.sync.link.list().length, 6);
  nl.close();
});

test('answers that are late come to those who asked, in turn and all at once', async () => {
  const { nl, kernel } = open({ late: 2 });
  await nl.link.add({ name: 'br0', kind: 'bridge' });
  assert.is(nl.sync.link.get('br0').index, 2);
  kernel.inject({ on: 'RTM_GETLINK', late: 30 }); // overtaken by the next
  const [first, second] = await Promise.all([nl.link.get('br0'), nl.link.get('lo')]);
  assert.equal([first.name, second.name], ['br0', 'lo']);
  nl.close();
});

test('an answer that is too late is nobody else\'s', async () => {
  const { nl, kernel } = open();
  kernel.inject({ on: 'RTM_GETLINK', late: 20 });
  assert.is((await refusal(nl.with({ timeout: 5 }).link.get(1))).code, 'ERR_TIMEOUT');
  assert.is((await refusal(nl.link.get('br0'))).code, 'ENODEV');
  await new Promise((resolve) => setTimeout(resolve, 30));
  assert.is((await refusal(nl.link.get('br0'))).code, 'ENODEV');
  nl.close();
});

test('whole requests in refusals, and headers alone: the field is found in both', async () => {
  for (const capped of [false, true]) {
    const { nl } = open({ capped });
    await nl.link.add({ name: 'br0', kind: 'bridge' });
    assert.is((await refusal(nl.link.change('br0', { mtu: 9 }))).field, 'mtu');
    nl.close();
  }
});

test('a dump during which its table changed is asked for again, up to five times', async () => {
  const { kernel, nl } = open({ faults: [{ on: 'RTM_GETLINK', interrupt: true, times: 2 }] });
  assert.is((await nl.link.list()).length, 1);
  assert.is(nl.counters.interruptions, 2);
  kernel.inject({ on: 'RTM_GETLINK', interrupt: true, times: Infinity });
  const error = await refusal(nl.link.list());
  assert.is(error.code, 'ERR_DUMP_INTERRUPTED');
  assert.is(error.partial.length, 1);
  nl.close();
});

test('words, a place and a missing attribute come with a refusal, to the request that is meant', async () => {
  const { nl } = open({ faults: [{ on: 'RTM_NEWLINK', refuse: 'EBUSY', text: 'not now', at: 'IFLA_IFNAME', missing: 18, after: 1 }] });
  await nl.link.add({ name: 'br0', kind: 'bridge' });
  const error = await refusal(nl.link.add({ name: 'br1', kind: 'bridge' }));
  assert.is(error.message, 'link.add failed: EBUSY, the kernel says "not now" about name (IFLA_IFNAME); IFLA_LINKINFO is missing');
  await nl.link.add({ name: 'br1', kind: 'bridge' });
  nl.close();
});

test('words with an acknowledgement are a warning', async () => {
  const warnings: string[] = [], kernel = fakeKernel(), nl = openRoute({ transport: kernel.open, onWarning: (text) => warnings.push(text) });
  kernel.inject({ on: 'RTM_NEWLINK', warn: 'old-fashioned' });
  await nl.link.up('lo');
  assert.equal(warnings, ['link.change: the kernel warns "old-fashioned"']);
  assert.is((await nl.link.get('lo')).flags.up, true);
  nl.close();
});

test('ENOBUFS: what was asked is done, only the answer was lost', async () => {
  const { kernel, nl } = open();
  kernel.inject({ on: 'RTM_NEWLINK', lose: true });
  assert.is((await refusal(nl.link.add({ name: 'br1', kind: 'bridge' }))).code, 'ENOBUFS');
  assert.is((await nl.link.get('br1')).name, 'br1');
  nl.close();
});

test('what a stranger says does not count', async () => {
  const { kernel, nl } = open();
  kernel.inject({ on: ['RTM_DELLINK'], stranger: 77 });
  assert.is((await refusal(nl.link.delete('br9'))).code, 'ENODEV');
  assert.is(nl.counters.strangers, 1);
  nl.close();
});

test('no answer at all, and one that ends too early', async () => {
  const { kernel, nl } = open();
  kernel.inject({ on: 'RTM_GETLINK', silent: true });
  assert.is((await refusal(nl.with({ timeout: 5 }).link.get('lo'))).code, 'ERR_TIMEOUT');
  kernel.inject({ on: 'RTM_GETLINK', truncate: 10 });
  assert.is((await refusal(nl.link.get('lo'))).code, 'ERR_DECODE');
  assert.is((await nl.link.get('lo')).index, 1);
  nl.close();
});

test('labels follow the name of their link, and a default route leads to gateways, too', async () => {
  const { nl } = open();
  await nl.link.add({ name: 'br0', kind: 'bridge', up: true });
  for (const address of ['10.0.0.1/24', '10.0.0.2/24', '10.0.1.1/24']) await nl.addr.add('br0', address);
  await nl.link.rename('br0', 'br1');
  assert.equal((await nl.addr.list({ dev: 'br1' })).map(({ address, label }) => [address, label]),
    [['10.0.0.1/24', 'br1'], ['10.0.0.2/24', 'br1:3'], ['10.0.1.1/24', 'br1:2']]);
  assert.is((await refusal(nl.route.add({ dst: '10.6.0.0/16', gateway: '192.0.2.1' }))).code, 'ENETUNREACH');
  await nl.route.add({ dst: 'default', dev: 'br1' });
  await nl.route.add({ dst: '10.6.0.0/16', gateway: '192.0.2.1' });
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
