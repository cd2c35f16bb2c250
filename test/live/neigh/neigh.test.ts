import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openRoute } from '../../../src/open.ts';
import { installed } from '../../support/installed.ts';
import { skip } from '../../support/skip.ts';
import { json, refusal, sh } from '../../support/witness.ts';

const nl = openRoute();
nl.sync.link.add({ name: 'v0', kind: 'veth', options: { peer: { name: 'v1' } } });
nl.sync.link.change('v0', { up: true });
nl.sync.link.change('v1', { up: true });
nl.sync.addr.add('v0', '10.0.0.1/24');
test.after(() => nl.close());
test.before.each(async () => {
  for (const neigh of [...await nl.neigh.list({ dev: 'v0' }), ...await nl.neigh.list({ dev: 'v0', proxy: true })]) if (!/^(ff|224|239)/.test(neigh.dst!)) await nl.neigh.delete(neigh).catch(() => {});
});

const mac = '02:00:00:00:00:07';
const plain = (dst: string): boolean => !/^(ff|22|23|10\.0\.0\.1$|10\.0\.0\.255|10\.0\.0\.0)/.test(dst);

test('what ip makes is what we list, and the other way round', async () => {
  if (!installed('ip')) return skip('ip is not installed');
  for (const line of [`10.0.0.7 lladdr ${mac} dev v0`, `10.0.0.8 lladdr ${mac} dev v0 nud reachable router`, `fc00::7 lladdr ${mac} dev v0 nud stale extern_learn`, `10.0.0.9 lladdr ${mac} dev v0 nud noarp protocol static`])
    sh('ip', `neighbour add ${line}`);
  sh('ip', 'neighbour add proxy 10.0.0.20 dev v0');
  await nl.neigh.add({ dst: '10.0.0.17', lladdr: mac, dev: 'v0' });
  await nl.neigh.add({ dst: '10.0.0.18', lladdr: mac, dev: 'v0', state: 'reachable', flags: { router: true } });
  await nl.neigh.add({ dst: 'fc00::17', lladdr: mac, dev: 'v0', state: 'stale', flags: { externLearn: true } });
  await nl.neigh.add({ dst: '10.0.0.19', lladdr: mac, dev: 'v0', state: 'noarp', protocol: 'static' });
  await nl.neigh.add({ dst: '10.0.0.21', dev: 'v0', flags: { proxy: true } });
  const theirs = json('ip', 'neighbour show nud all dev v0').map(({ dst, lladdr, state, router, extern_learn, protocol }) =>
    [dst, lladdr, state[0].toLowerCase(), router === null, extern_learn === null, protocol]).filter(([dst]) => plain(dst)).sort();
  const ours = (await nl.neigh.list({ dev: 'v0' })).map(({ dst, lladdr, state, flags, protocol }) =>
    [dst, lladdr, state, flags.router ?? false, flags.externLearn ?? false, protocol]).filter(([dst]) => plain(dst as string)).sort();
  assert.equal(ours, theirs);
  assert.is(ours.length, 8);
  const proxies = (await nl.neigh.list({ dev: 'v0', proxy: true })).map((neigh) => neigh.dst).sort();
  assert.equal(proxies, json('ip', 'neighbour show proxy dev v0').map((neigh) => neigh.dst).sort());
  assert.equal(proxies, ['10.0.0.20', '10.0.0.21']);
  await nl.neigh.delete({ dst: '10.0.0.20', dev: 'v0', flags: { proxy: true } });
  assert.is((await nl.neigh.list({ proxy: true })).length, 1);
});

test('get, replace, change, delete', async () => {
  await nl.neigh.replace({ dst: '10.0.0.7', lladdr: mac, dev: 'v0' });
  assert.is((await nl.neigh.get({ dst: '10.0.0.7', dev: 'v0' })).lladdr, mac);
  assert.is((await refusal(nl.neigh.add({ dst: '10.0.0.7', lladdr: mac, dev: 'v0' }))).code, 'EEXIST');
  await nl.neigh.change({ dst: '10.0.0.7', lladdr: '02:00:00:00:00:08', dev: 'v0', state: 'reachable' });
  const changed = await nl.neigh.get({ dst: '10.0.0.7', dev: 'v0' });
  assert.equal([changed.lladdr, changed.state], ['02:00:00:00:00:08', 'reachable']);
  assert.is((await refusal(nl.neigh.change({ dst: '10.0.0.70', lladdr: mac, dev: 'v0' }))).code, 'ENOENT');
  await nl.neigh.delete(changed);
  assert.is((await refusal(nl.neigh.get({ dst: '10.0.0.7', dev: 'v0' }))).code, 'ENOENT');
  assert.is((await refusal(nl.neigh.delete({ dst: '10.0.0.70', dev: 'v0' }))).code, 'ENOENT');
});

test('flush leaves the permanent ones, unless they are meant', async () => {
  await nl.neigh.add({ dst: '10.0.0.7', lladdr: mac, dev: 'v0' });
  await nl.neigh.add({ dst: '10.0.0.8', lladdr: mac, dev: 'v0', state: 'reachable' });
  assert.is(await nl.neigh.flush({ dev: 'v0' }), 1);
  assert.is((await nl.neigh.list({ dev: 'v0', state: 'permanent' })).length, 1);
  assert.is(await nl.neigh.flush({ dev: 'v0', state: 'permanent' }), 1);
});

test('bad input is refused before anything is sent', async () => {
  for (const [bad, field] of [
    [{ dst: '10.0.0.0/24', dev: 1 }, 'dst'], [{ dst: undefined, dev: 1 }, 'dst'], [{ dst: '10.0.0.1' }, 'dev'], [{ dst: '10.0.0.1', dev: 1, lladdr: 'zz' }, 'lladdr'],
    [{ dst: '10.0.0.1', dev: 1, state: 'asleep' }, 'state'], [{ dst: '10.0.0.1', dev: 1, family: 'inet6' }, 'family'], [{ dst: '10.0.0.1', dev: 1, flags: { bad: true } }, 'flags'],
  ] as const) {
    const error = await refusal(nl.neigh.add(bad as never));
    assert.equal([error.code, error.field], ['ERR_ENCODE', field], JSON.stringify(bad));
  }
  assert.is((await refusal(nl.neigh.add({ dst: '10.0.0.1', dev: 'nowhere' }))).code, 'ENODEV');
});

test('neighbour tables are read and set', async () => {
  const tables = await nl.neightbl.list();
  assert.ok(tables.some((table) => table.name === 'arp_cache' && table.config!.keyLen === 4));
  await nl.neightbl.set('arp_cache', { dev: 'v0', parms: { gcStale: 12000, ucastProbes: 7 } });
  const index = (await nl.link.get('v0')).index;
  const parms = (await nl.neightbl.list({ family: 'inet' })).find((table) => table.parms?.index === index)!.parms!;
  assert.equal([parms.gcStale, parms.ucastProbes], [12000, 7]);
  if (!installed('ip')) return skip('ip is not installed');
  const shown = json('ip', 'ntable show dev v0').find((table) => table.name === 'arp_cache');
  assert.equal([shown.gc_stale, shown.ucast_probes, shown.base_reachable], [12000, 7, parms.baseReachable]);
});

test.run();
