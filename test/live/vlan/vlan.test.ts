import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { KernelError } from '../../../src/errors.ts';
import { openRoute } from '../../../src/open.ts';
import { installed } from '../../support/installed.ts';
import { skip } from '../../support/skip.ts';
import { json, refusal, sh } from '../../support/witness.ts';

const nl = openRoute();
// counters for each port can only be had before there are ports
nl.sync.link.add({ name: 'br0', kind: 'bridge', options: { vlanStatsPerPort: true }, up: true });
nl.sync.link.add({ name: 'p0', kind: 'veth', options: { peer: { name: 'q0' } } });
nl.sync.link.change('p0', { master: 'br0', up: true });
test.after(() => nl.close());
const lacks = await nl.vlan.add('p0', 2).then(() => undefined, (error: Error) => error);

test('bad input is refused before anything is sent', async () => {
  for (const bad of [0, 4095, 1.5, -1, { from: 5, to: 4 }, { from: 5, to: 5000 }, 'x']) {
    const error = await refusal(nl.vlan.add(1, bad as never));
    assert.equal([error.code, error.field], ['ERR_ENCODE', 'vid'], JSON.stringify(bad));
  }
  assert.is((await refusal(nl.vlan.add(1, { from: 2, to: 3 }, { pvid: true }))).field, 'pvid');
});

test('VLANs of ports and bridges, made by bridge and by us, are listed alike', async () => {
  if (lacks) return skip(`no VLAN filtering here: ${lacks.message}`);
  if (!installed('bridge')) return skip('bridge is not installed');
  sh('ip', 'link set br0 type bridge vlan_filtering 1');
  await nl.vlan.add('p0', 10, { pvid: true, untagged: true });
  await nl.vlan.add('p0', { from: 20, to: 30 });
  await nl.vlan.add('br0', 40, { self: true });
  sh('bridge', 'vlan add dev p0 vid 50-60');
  sh('bridge', 'vlan add dev br0 vid 70 self untagged');
  const theirs = json('bridge', 'vlan show').flatMap((link) => link.vlans.map((vlan: any) =>
    [link.ifname, vlan.vlan, vlan.vlanEnd, (vlan.flags ?? []).includes('PVID'), (vlan.flags ?? []).includes('Egress Untagged')].join()));
  const names = new Map((await nl.link.list()).map((link) => [link.index, link.name]));
  const ours = (await nl.vlan.list()).map((vlan) => [names.get(vlan.index), vlan.vid, vlan.vidEnd, vlan.pvid ?? false, vlan.untagged ?? false].join());
  assert.equal(ours, theirs);
  assert.ok(ours.includes('p0,20,30,false,false') && ours.includes('p0,50,60,false,false') && ours.includes('br0,70,,false,true'));
  assert.is(typeof (await nl.vlan.list({ dev: 'p0', stats: true }))[0]!.stats!.rxBytes, 'bigint');
  await nl.vlan.change('p0', { from: 20, to: 30 }, { state: 'blocking' });
  assert.equal((await nl.vlan.list({ dev: 'p0' })).filter((vlan) => vlan.state === 'blocking').map((vlan) => [vlan.vid, vlan.vidEnd]), [[20, 30]]);
  await nl.vlan.delete('p0', { from: 20, to: 30 });
  await nl.vlan.delete('br0', 40, { self: true });
  assert.not((await nl.vlan.list()).some((vlan) => vlan.vid === 20 || vlan.vid === 40));
});

test('options of a VLAN on the whole bridge', async () => {
  if (lacks) return skip(`no VLAN filtering here: ${lacks.message}`);
  await nl.vlan.add('br0', 80, { self: true });
  sh('ip', 'link set br0 type bridge mcast_vlan_snooping 1');
  await nl.vlan.changeGlobals('br0', 80, { mcastSnooping: true, mcastIgmpVersion: 3, mcastQueryInterval: 100 });
  const found = (await nl.vlan.globals({ dev: 'br0' })).find((one) => one.vid === 80)!;
  assert.equal([found.mcastSnooping, found.mcastIgmpVersion, found.mcastQueryInterval], [true, 3, 100]);
});

test('tunnels and spanning trees', async () => {
  if (lacks) return skip(`no VLAN filtering here: ${lacks.message}`);
  await nl.link.add({ name: 'vx0', kind: 'vxlan', options: { collectMetadata: true, port: 4790, learning: false } });
  await nl.link.change('vx0', { master: 'br0', portKind: 'bridge', port: { vlanTunnel: true } });
  await nl.vlan.add('vx0', { from: 90, to: 92 });
  await nl.vlan.addTunnel('vx0', { from: 90, to: 92 }, 1090);
  if (installed('bridge')) assert.match(sh('bridge', 'vlan tunnelshow dev vx0'), /90-92\s+1090-1092/);
  assert.equal((await nl.vlan.tunnels({ dev: 'vx0' })).map(({ vid, id }) => [vid, id]), [[90, 1090], [92, 1092]]);
  await nl.vlan.deleteTunnel('vx0', { from: 90, to: 92 }, 1090);
  assert.equal(await nl.vlan.tunnels({ dev: 'vx0' }), []);
  for (const { index, vid, vidEnd } of await nl.vlan.list()) await nl.vlan.delete(index, { from: vid, to: vidEnd ?? vid }, { self: index === nl.sync.link.get('br0').index });
  const no = await nl.link.change('br0', { kind: 'bridge', options: { multiBoolopt: { mstEnabled: true } } }).then(() => undefined, (error: KernelError) => error);
  if (no?.code === 'EOPNOTSUPP' || no?.code === 'EINVAL') return skip(`no MST here: ${no.message}`);
  if (no) throw no;
  await nl.vlan.add('br0', 5, { self: true });
  await nl.vlan.add('p0', 5);
  await nl.vlan.changeGlobals('br0', 5, { msti: 7 });
  await nl.vlan.setMst('p0', 7, 'learning');
  assert.ok((await nl.vlan.mst({ dev: 'p0' })).some(({ msti, state }) => msti === 7 && state === 'learning'));
});

test.run();
