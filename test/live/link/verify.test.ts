import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Connection } from '../../../src/conversation/connection.ts';
import type { Exchange } from '../../../src/conversation/operation.ts';
import { run } from '../../../src/conversation/run.ts';
import { BatchError, IgnoredError, KernelError } from '../../../src/errors.ts';
import { openRoute, routeSockets } from '../../../src/open.ts';
import type { LinkInput } from '../../../src/route/link/message.ts';
import { newLink } from '../../../src/route/link/steps.ts';
import { ignoredOfLink } from '../../../src/route/link/verify.ts';
import { routeProtocol } from '../../../src/route/protocol.ts';
import type { Owner } from '../../../src/schema/codec.ts';
import { NLM_F } from '../../../src/wire/header.ts';
import { linkCases } from '../../support/link-cases.ts';
import { skip } from '../../support/skip.ts';
import { refusal } from '../../support/witness.ts';
import { clear, listed } from './sandbox.ts';

const plain = openRoute(), nl = plain.with({ verify: true });
const connection = new Connection(routeSockets()({}), routeProtocol);
test.after(() => {
  connection.close();
  nl.close();
});
test.before.each(async () => {
  await clear(plain);
  await plain.link.add({ name: 't0', kind: 'veth', index: 7, up: true, options: { peer: { name: 't1', index: 8, up: true } } });
});

/** A call is acknowledged and fails all the same, and names these fields. */
async function ignored(call: Promise<unknown>, ...fields: string[]): Promise<IgnoredError> {
  const error = await refusal(call);
  assert.instance(error, IgnoredError, String(error.stack));
  assert.is(error.code, 'ERR_IGNORED');
  assert.equal(error.ignored.map(({ field }: { field: string }) => field), fields, error.message);
  for (const field of fields) assert.ok(error.message.includes(field));
  return error;
}

const raw = (exchange: Exchange<void>): Promise<void> => run(connection, exchange, connection.call({ verify: true }));

test('RTM_SETLINK acknowledges the options of a kind and ignores them', async () => {
  await plain.link.add({ name: 'br0', kind: 'bridge', options: { stpState: 1 } });
  const wire = { name: 'br0', kind: 'bridge', options: { stpState: 0, priority: 4096 } }, RTM_SETLINK = 19;
  const set = { ...newLink('link.change', 0, wire), type: RTM_SETLINK, verify: () => ignoredOfLink('link.change', 'br0', wire) };
  const error = await ignored(raw(set), 'options.stpState', 'options.priority');
  assert.equal(error.ignored[0], { field: 'options.stpState', wanted: 0, present: 1 });
  await nl.link.change('br0', wire as never);
  assert.is((await plain.link.get('br0') as any).options.stpState, 0);
});

test('without NLM_F_EXCL a name that is there is acknowledged, of whatever kind', async () => {
  const wire = { name: 't0', kind: 'bridge', options: { stpState: 1 } };
  const make = (flags: number) => ({ ...newLink('link.add', flags, { name: 't0', kind: 'bridge' }), verify: () => ignoredOfLink('link.add', 't0', { name: 't0', kind: 'bridge' }) });
  const error = await ignored(raw(make(NLM_F.CREATE)), 'kind');
  assert.equal(error.ignored, [{ field: 'kind', wanted: 'bridge', present: 'veth' }]);
  assert.is((await refusal(raw(make(NLM_F.CREATE | NLM_F.EXCL)))).code, 'EEXIST');
  assert.is(wire.kind, 'bridge');
});

test('a kind that is not the link\'s, and attributes that the kernel does not know', async () => {
  await plain.link.change('t0', { kind: 'bridge' });
  await ignored(nl.link.change('t0', { kind: 'bridge' }), 'kind');
  const unknown = [{ type: 999, data: Uint8Array.of(1, 2, 3, 4) }];
  await ignored(nl.link.change('t0', { mtu: 1400, unknown }), 'unknown');
  assert.is((await plain.link.get('t0')).mtu, 1400, 'what it took is done');
  await ignored(nl.link.add({ name: 'br0', kind: 'bridge', unknown }), 'unknown');
  assert.throws(() => nl.sync.link.change('t0', { kind: 'bridge' }), { code: 'ERR_IGNORED' } as never);
});

test('in a batch, too', async () => {
  const error: BatchError = await refusal(nl.batch((b) => [b.link.add({ name: 'br0', kind: 'bridge' }), b.link.change('t0', { kind: 'bridge' }), b.link.change('t0', { mtu: 1300 })]));
  assert.instance(error, BatchError);
  assert.equal(error.failures.map(({ index, error }) => [index, (error as IgnoredError).code]), [[1, 'ERR_IGNORED']]);
  assert.is((await plain.link.get('t0')).mtu, 1300);
});

test('no kind of link gives a false alarm, made by hand or from a listing', async () => {
  const lacking = new Set<string>(), wrong: string[] = [];
  const has6rd = await reports6rd();
  let made = 0;
  for (const { line, ours } of linkCases) {
    const name = ours.name!;
    try {
      if (!has6rd && (ours.options as Owner | undefined)?.['6rdPrefix'] !== undefined) {
        await ignored(nl.link.add(ours), 'options.6rdPrefix', 'options.6rdPrefixlen', 'options.6rdRelayPrefix', 'options.6rdRelayPrefixlen');
        await plain.link.delete(name);
        continue;
      }
      await nl.link.add(ours);
      made++;
      const again = (await listed(plain)).find((link) => link.name === name)!;
      await nl.link.change(name, { ...again, master: undefined, netns: undefined } as never).catch((error) => {
        if (error instanceof IgnoredError) throw error; // what a kind does not take once it is made is another matter
      });
      const peer = ours.kind === 'veth' ? { options: ours.options } : {};
      await plain.link.delete(name);
      await nl.link.add({ ...again, ...peer } as LinkInput);
      await plain.link.delete(name);
    } catch (error) {
      if (error instanceof KernelError) lacking.add(`${ours.kind} (${error.code})`);
      else wrong.push(`${line}: ${(error as Error).message} ${JSON.stringify((error as IgnoredError).ignored, (_, value) => (typeof value === 'bigint' ? `${value}n` : value))}`);
      await plain.link.delete(name).catch(() => {});
    }
  }
  assert.equal(wrong, []);
  assert.ok(made >= 5, `only ${made} links`);
  if (lacking.size > 0) skip(`this kernel refuses some of ${[...lacking].join(' ')}`);
});

/** Kernels that are built without 6rd, or without sit, know no prefixes of it: the former take them and forget them. */
async function reports6rd(): Promise<boolean> {
  const made = await plain.link.add({ name: 'k0', kind: 'sit' }).then(() => true, () => false);
  if (!made) return true;
  const { options } = await plain.link.get('k0');
  await plain.link.delete('k0');
  return (options as Owner)['6rdPrefixlen'] !== undefined;
}

test('no change of a link gives a false alarm', async () => {
  await nl.link.add({ name: 'br0', kind: 'bridge', up: true, altnames: ['the-bridge'], alias: 'a bridge' });
  await nl.link.down('t0'); // on 6.1 a veth that is up keeps its address
  await nl.link.change('t0', { master: 'br0', mtu: 1400, txqlen: 7, alias: 'x', group: 3, address: '02:AA:00:00:00:01' });
  await nl.link.change('t0', { portKind: 'bridge', port: { priority: 3, learning: false, flush: true } } as never);
  await nl.link.change('br0', { kind: 'bridge', options: { ageingTime: 60, fdbFlush: true, multiBoolopt: { noLinklocalLearn: true } } } as never);
  await nl.link.change('t0', { master: 0, alias: '', flags: { promisc: true, multicast: false } });
  await nl.link.change('t0', { afSpec: { inet6: { addrGenMode: 'none' } } } as never);
  await nl.link.rename('t0', 't9');
  await nl.link.down('t9');
  await nl.link.change(7, { name: 't0', altnames: ['other'] });
  await nl.link.change({ group: 3 }, { mtu: 1300 });
  await nl.link.add({ name: 'mv0', kind: 'macvlan', link: 't0', options: { mode: 'bridge' } });
});

test('of an address the label, the scope, the broadcast address and the length', async () => {
  await plain.addr.add('t0', { address: '192.0.2.1/24', label: 't0:a', broadcast: 'auto' });
  await ignored(nl.addr.replace('t0', { address: '192.0.2.1/24', label: 't0:b' }), 'label');
  await ignored(nl.addr.replace('t0', { address: '192.0.2.1/24', scope: 'host', broadcast: '192.0.2.7' }), 'scope', 'broadcast');
  await plain.addr.add('t0', { address: 'fc00::1/64', flags: { nodad: true } });
  await ignored(nl.addr.replace('t0', 'fc00::1/48'), 'address');
  await ignored(nl.addr.add('t0', { address: 'fc00::2/64', label: 't0:a' }), 'label');
  assert.throws(() => nl.sync.addr.replace('t0', { address: '192.0.2.1/24', label: 't0:b' }), { code: 'ERR_IGNORED' } as never);
});

test('no address gives a false alarm', async () => {
  for (const address of [
    '192.0.2.1/24', { address: '192.0.2.2/24', broadcast: 'auto', label: 't0:x', metric: 5 }, { address: '192.0.2.3', peer: '192.0.2.4/32' }, { address: '127.1.2.3/8' },
    { address: '192.0.2.5/24', validLft: 100, preferredLft: 50 }, { address: '192.0.2.6/24', flags: { noprefixroute: true } }, '198.51.100.7',
    'FC00::0:1/64', { address: 'fc00::2/64', flags: { nodad: true, noprefixroute: true } }, { address: 'fc00::3/64', validLft: 100, preferredLft: 20 },
    { address: 'fc00::4/64', metric: 77 }, { address: 'fc00::5', peer: 'fc00::6' }, { address: '192.0.2.9/24', proto: 77 },
  ]) {
    await nl.addr.add('t0', address as never);
    await nl.addr.replace('t0', address as never);
  }
  const all = await plain.addr.list({ dev: 't0' });
  for (const one of all) await nl.addr.replace('t0', one);
  assert.is(all.length, 14, 'and the link-local one');
});

test('of a route what IPv4 has not, and attributes that the kernel does not know', async () => {
  await ignored(nl.route.add({ dst: '10.1.0.0/16', dev: 't0', expires: 100 }), 'expires');
  await ignored(nl.route.add({ dst: '10.2.0.0/16', dev: 't0', pref: 'high' }), 'pref');
  await ignored(nl.route.replace({ dst: '10.2.0.0/16', dev: 't0', unknown: [{ type: 99, data: Uint8Array.of(1, 2, 3, 4) }] }), 'unknown');
  assert.throws(() => nl.sync.route.replace({ dst: '10.2.0.0/16', dev: 't0', expires: 5 }), { code: 'ERR_IGNORED' } as never);
});

test('no route gives a false alarm', async () => {
  await plain.addr.add('t0', '192.0.2.1/24');
  await plain.addr.add('t0', { address: 'fc00::1/64', flags: { nodad: true } });
  await plain.nexthop.add({ id: 9, gateway: '192.0.2.9', dev: 't0' });
  const routes = [
    { dst: '10.1.0.0/16', dev: 't0' }, { dst: 'default', gateway: '192.0.2.9' }, { dst: '10.2.0.0/16', gateway: '192.0.2.9', priority: 7, table: 254, protocol: 'static', prefsrc: '192.0.2.1', metrics: { mtu: 1400 } },
    { dst: '10.3.0.0/16', type: 'blackhole' }, { dst: '10.4.0.0/16', type: 'unreachable', priority: 4, table: 1000 }, { dst: '10.5.0.0/16', nhid: 9 }, { dst: '10.6.0.0/16', gateway: '203.0.113.1', dev: 't0', flags: { onlink: true } },
    { dst: '10.7.0.0/16', multipath: [{ gateway: '192.0.2.7', weight: 1 }, { gateway: '192.0.2.8', weight: 3 }] }, { dst: '10.8.0.0/16', via: 'fe80::1', dev: 't0' }, { dst: '10.9.0.0/16', dev: 't0', tos: 8 },
    { dst: 'FC01::/64', gateway: 'fc00::9' }, { dst: 'fc02::/64', dev: 't0', priority: 77, expires: 100 }, { dst: 'fc03::/64', dev: 't0', pref: 'high' }, { dst: 'fc04::/64', type: 'unreachable' },
    { dst: 'fc05::/64', multipath: [{ gateway: 'fc00::7' }, { gateway: 'fc00::8' }] }, { dst: 'default', gateway: 'fc00::9' },
  ];
  for (const route of routes) {
    await nl.route.add(route as never);
    await nl.route.replace(route as never);
  }
  await nl.route.append({ dst: '10.1.0.0/16', gateway: '192.0.2.9' });
  await nl.route.append({ dst: 'fc01::/64', gateway: 'fc00::8' });
  await nl.route.change({ dst: '10.9.0.0/16', gateway: '192.0.2.9', tos: 8 });
});

test('operations that cannot tell go on as they did', async () => {
  await nl.qdisc.add('t0', { kind: 'htb', handle: '1:' });
  await nl.rule.add({ table: 77, priority: 5 });
  await nl.rule.delete({ table: 77, priority: 5 });
  await nl.link.delete('t0');
  assert.is(await nl.link.list().then((links) => links.some(({ name }) => name === 't0')), false);
});

test.run();
