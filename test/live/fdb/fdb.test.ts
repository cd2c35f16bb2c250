import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openRoute } from '../../../src/open.ts';
import { installed } from '../../support/installed.ts';
import { skip } from '../../support/skip.ts';
import { json, refusal, sh } from '../../support/witness.ts';

const nl = openRoute();
// A bridge that knows VLANs would list each address twice, the second time in VLAN 1.
nl.sync.link.add({ name: 'br0', kind: 'bridge', up: true, options: { vlanDefaultPvid: 0 } });
for (const i of [0, 1]) {
  nl.sync.link.add({ name: `p${i}`, kind: 'veth', options: { peer: { name: `q${i}` } } });
  nl.sync.link.change(`p${i}`, { master: 'br0', up: true });
  nl.sync.link.change(`q${i}`, { up: true });
}
test.after(() => nl.close());
const names = new Map(nl.sync.link.list().map((link) => [link.index, link.name]));
const mac = (last: number): string => `02:00:00:00:00:${last.toString(16).padStart(2, '0')}`;
const stateWord: { [state: string]: string } = { permanent: 'permanent', noarp: 'static', reachable: '', stale: 'stale' };

test('what bridge makes and what we make is listed alike by both', async () => {
  if (!installed('bridge')) return skip('bridge is not installed');
  for (const line of [`${mac(1)} dev p0 master static`, `${mac(2)} dev p0 master dynamic`, `${mac(3)} dev p1 self`, `${mac(4)} dev p0 master sticky static`, `${mac(5)} dev p1 master dynamic extern_learn`])
    sh('bridge', `fdb add ${line}`);
  await nl.fdb.add({ lladdr: mac(11), dev: 'p0', state: 'noarp', flags: { master: true } });
  await nl.fdb.add({ lladdr: mac(12), dev: 'p0', state: 'reachable', flags: { master: true } });
  await nl.fdb.add({ lladdr: mac(13), dev: 'p1' });
  await nl.fdb.add({ lladdr: mac(14), dev: 'p0', state: 'noarp', flags: { master: true, sticky: true } });
  await nl.fdb.add({ lladdr: mac(15), dev: 'p1', state: 'reachable', flags: { master: true, externLearn: true } });
  const words: [string, string][] = [['self', 'self'], ['externLearn', 'extern_learn'], ['sticky', 'sticky'], ['offload', 'offload'], ['router', 'router']];
  const ours = (await nl.fdb.list()).map((entry) => ({
    mac: entry.lladdr, ifname: names.get(entry.index), ...(entry.vlan === undefined ? {} : { vlan: entry.vlan }),
    flags: words.filter(([flag]) => (entry.flags as any)[flag]).map(([, word]) => word), ...(entry.master === undefined ? {} : { master: names.get(entry.master) }), state: stateWord[String(entry.state)],
  }));
  const theirs = json('bridge', 'fdb show').map(({ mac, ifname, vlan, flags, master, state }) => ({ mac, ifname, ...(vlan === undefined ? {} : { vlan }), flags, ...(master === undefined ? {} : { master }), state }));
  assert.equal(ours, theirs);
  assert.is(ours.filter((entry) => entry.mac!.startsWith('02:00:00')).length, 10);
  for (const entry of await nl.fdb.list()) if (entry.lladdr!.startsWith('02:00:00')) await nl.fdb.delete(entry);
  assert.not.match(sh('bridge', 'fdb show'), /02:00:00/);
});

test('the kernel filters by port and bridge', async () => {
  await nl.fdb.add({ lladdr: mac(1), dev: 'p0', flags: { master: true } });
  await nl.fdb.add({ lladdr: mac(2), dev: 'p1', flags: { master: true } });
  const ours = async (filter: Parameters<typeof nl.fdb.list>[0]) => (await nl.fdb.list(filter)).map((entry) => entry.lladdr).filter((text) => text!.startsWith('02:00:00'));
  assert.equal(await ours({ dev: 'p1' }), [mac(2)]);
  assert.equal((await ours({ master: 'br0' })).sort(), [mac(1), mac(2)]);
  assert.equal(await ours({ lladdr: mac(2).toUpperCase() }), [mac(2)]);
});

test('get, replace, delete, flush', async () => {
  await nl.fdb.replace({ lladdr: mac(9), dev: 'p0', state: 'noarp', flags: { master: true } });
  assert.is((await nl.fdb.get({ lladdr: mac(9), master: 'br0' })).index, nl.sync.link.get('p0').index);
  await nl.fdb.replace({ lladdr: mac(9), dev: 'p1', state: 'noarp', flags: { master: true } });
  const moved = await nl.fdb.get({ lladdr: mac(9), master: 'br0' });
  assert.is(names.get(moved.index), 'p1');
  assert.is((await refusal(nl.fdb.add({ lladdr: mac(9), dev: 'p1', flags: { master: true } }))).code, 'EEXIST');
  await nl.fdb.delete(moved);
  assert.is((await refusal(nl.fdb.get({ lladdr: mac(9), master: 'br0' }))).code, 'ENOENT');
  assert.is((await refusal(nl.fdb.delete({ lladdr: mac(9), dev: 'p1', flags: { master: true } }))).code, 'ENOENT');
  const left = async () => (await nl.fdb.list()).map((entry) => entry.lladdr!).filter((text) => text.startsWith('02:00:00')).sort();
  for (const last of [1, 2]) await nl.fdb.replace({ lladdr: mac(last), dev: `p${last - 1}`, state: 'noarp', flags: { master: true } });
  await nl.fdb.replace({ lladdr: mac(3), dev: 'p0', state: 'reachable', flags: { master: true } });
  await nl.fdb.flush('br0', { brport: 'p0', state: { noarp: false } });
  assert.equal(await left(), [mac(1), mac(2)]);
  await nl.fdb.flush('br0', { brport: 'p0' });
  assert.equal(await left(), [mac(2)]);
  await nl.fdb.flush('p1', {}, 'master');
  assert.equal(await left(), []);
});

test('a vxlan sends to many hosts', async () => {
  const error = await nl.link.add({ name: 'vx0', kind: 'vxlan' as never, options: { id: 5 } as never }).catch((error) => error);
  if (error) return skip(`no vxlan here: ${error.code}`);
  await nl.fdb.append({ lladdr: '00:00:00:00:00:00', dev: 'vx0', dst: '192.0.2.1' });
  await nl.fdb.append({ lladdr: '00:00:00:00:00:00', dev: 'vx0', dst: '192.0.2.2', port: 5000, vni: 7, via: 'q0' });
  const entries = await nl.fdb.list({ dev: 'vx0' });
  assert.equal(entries.map((entry) => [entry.dst, entry.port, entry.vni, entry.via && names.get(entry.via)]), [['192.0.2.1', undefined, undefined, undefined], ['192.0.2.2', 5000, 7, 'q0']]);
  if (!installed('bridge')) return skip('bridge is not installed');
  assert.match(sh('bridge', 'fdb show dev vx0'), /dst 192\.0\.2\.2 port 5000 vni 7 via q0 self permanent/);
  for (const entry of entries) await nl.fdb.delete(entry);
  assert.equal(await nl.fdb.list({ dev: 'vx0' }), []);
});

test('bad input is refused before anything is sent', async () => {
  for (const [bad, field] of [
    [{ lladdr: 'x', dev: 1 }, 'lladdr'], [{ dev: 1 }, 'lladdr'], [{ lladdr: mac(1) }, 'dev'], [{ lladdr: mac(1), dev: 1, vlan: 70000 }, 'vlan'], [{ lladdr: mac(1), dev: 1, dst: 'host' }, 'dst'],
  ] as const) {
    const error = await refusal(nl.fdb.add(bad as never));
    assert.equal([error.code, error.field], ['ERR_ENCODE', field], JSON.stringify(bad));
  }
});

test.run();
