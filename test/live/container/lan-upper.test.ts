// timeout: 3600 s
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { inspect, lan, openHost } from '../../../src/container/index.ts';
import { netns, openRoute } from '../../../src/index.ts';
import { skip } from '../../support/skip.ts';
import { json, refusal, sh } from '../../support/witness.ts';
import { killedBehindEach } from './killed.ts';
import { plugIn } from './lan-plug.ts';

/*
 * Containers upon a link of the LAN or a VLAN of it. The gateway is in the VLAN 10, too, as 198.51.100.254. This machine's
 * kernel may lack some of it: `npm run test:kernels -- live/container/lan-upper` boots one that has it all.
 */
const host = openHost(), world = await plugIn(host.nl), quick = { guard: false };
const containers = [netns.make(), netns.make()] as const, [one, two] = containers.map((ns) => openRoute({ netns: ns }));
const [ref, other] = [{ ns: containers[0] }, { ns: containers[1] }];
/** Why there is no link of a kind here; undefined where there is. */
async function lacks(kind: string): Promise<string | undefined> {
  try {
    await world.nl.link.add({ name: 'try', kind, link: 'gw', ...(kind === 'vlan' && { options: { id: 99 } }) } as never);
    await world.nl.link.delete('try');
    return undefined;
  } catch (error) {
    if ((error as { code?: string }).code !== 'EOPNOTSUPP') throw error;
    return `the kernel has no links of kind ${kind}`;
  }
}
const missing = { macvlan: await lacks('macvlan'), ipvlan: await lacks('ipvlan'), vlan: await lacks('vlan') };
if (missing.vlan === undefined) {
  await world.nl.link.add({ name: 'gw.10', kind: 'vlan', link: 'gw', up: true, options: { id: 10 } });
  await world.nl.addr.add('gw.10', '198.51.100.254/24');
}
const names = () => json('ip', 'link show').map(({ ifname }) => ifname as string);
const before = names();
const ping = (from: netns.NamespaceRef, ...args: string[]) =>
  netns.spawnSync(from, 'ping', ['-c', '1', '-W', '5', ...args]).status === 0;
const flat = (last: number) => ({ address: `192.0.2.${last}/24`, gateway: '192.0.2.254' });
const tagged = (last: number) => ({ address: `198.51.100.${last}/24`, gateway: '198.51.100.254', vlan: 10 });

test.after(() => {
  for (const each of [one, two, world, host, ...containers]) each!.close();
});
/** A test of what the kernel must have, which leaves nothing behind. */
const with_ = (needed: readonly (keyof typeof missing)[], name: string, work: () => Promise<void>) => test(name, async () => {
  const reason = needed.map((kind) => missing[kind]).find((text) => text !== undefined);
  if (reason !== undefined) return skip(reason);
  await work();
  assert.equal(names(), before);
  assert.equal([one, two].map((nl) => nl!.sync.link.list().map(({ name: of }) => of)), [['lo'], ['lo']]);
});

for (const kind of ['macvlan', 'ipvlan'] as const) {
  with_([kind], `${kind} upon a link of the LAN: reached both ways, and not any more`, async () => {
    assert.not(ping(world.ns, '-W', '1', '192.0.2.8'));
    const { result } = await lan.attach(host, { container: ref, parent: 'em1', kind, ...flat(8) }).apply(quick);
    const link = await one!.link.get('eth1');
    assert.equal([link.kind, link.address, result.hostLink], [kind, result.mac, undefined]);
    assert.is(result.mac === '02:00:00:00:00:e1', kind === 'ipvlan', 'an ipvlan has the MAC address of its parent');
    assert.is(result.gateways[0]!.mac, (await world.nl.link.get('gw')).address);
    assert.ok(ping(containers[0], '192.0.2.254') && ping(world.ns, '192.0.2.8'));
    await lan.attach(host, { container: other, parent: 'em1', kind, ...flat(9) }).apply(quick);
    assert.ok(ping(containers[0], '192.0.2.9') && ping(containers[1], '192.0.2.8'), 'neighbours upon one parent');
    const seen = await inspect(host, ref);
    assert.equal([seen.mode, seen.interfaces[0]!.kind, seen.interfaces[0]!.hostLink, seen.interfaces[0]!.uplinks], ['lan', kind, 'em1', ['em1']]);
    const gone = await lan.detach(host, { container: ref }).apply(quick);
    assert.not(ping(world.ns, '-W', '1', '192.0.2.8'));
    await gone.undo();
    assert.ok(ping(world.ns, '192.0.2.8'), 'the undo of a detach attaches');
    for (const container of [ref, other]) await lan.detach(host, { container }).apply(quick);
  });

  with_([kind, 'vlan'], `${kind} in a VLAN: its link comes with the first container and goes with the last`, async () => {
    assert.not(ping(world.ns, '-W', '1', '198.51.100.7'));
    await lan.attach(host, { container: ref, parent: 'em1', kind, ...tagged(7) }).apply(quick);
    const [vlan] = json('ip', 'link show dev em1.10');
    assert.equal([vlan.linkinfo.info_kind, vlan.linkinfo.info_data.id, vlan.link], ['vlan', 10, 'em1']);
    assert.ok(ping(containers[0], '198.51.100.254') && ping(world.ns, '198.51.100.7'));
    await lan.attach(host, { container: other, parent: 'em1', kind, ...tagged(8) }).apply(quick);
    assert.ok(ping(containers[1], '198.51.100.7'));
    await lan.detach(host, { container: ref }).apply(quick);
    assert.ok(names().includes('em1.10'), 'the other one is left');
    assert.ok(ping(containers[1], '198.51.100.254'));
    const gone = await lan.detach(host, { container: other }).apply(quick);
    assert.not.ok(names().includes('em1.10'));
    await gone.undo();
    assert.ok(ping(world.ns, '198.51.100.8'), 'with the undo the VLAN comes back');
    await lan.detach(host, { container: other }).apply(quick);
  });
}

with_(['macvlan', 'vlan'], 'a VLAN that was there, or that others use, stays', async () => {
  sh('ip', 'link add link em1 name em1.10 up type vlan id 10');
  await lan.attach(host, { container: ref, parent: 'em1', ...tagged(7) }).apply(quick);
  await lan.detach(host, { container: ref }).apply(quick);
  assert.ok(names().includes('em1.10'));
  sh('ip', 'link delete em1.10');
  await lan.attach(host, { container: ref, parent: 'em1', ...tagged(7) }).apply(quick);
  sh('ip', 'address add 198.51.100.39/24 dev em1.10');
  await lan.detach(host, { container: ref }).apply(quick);
  assert.ok(names().includes('em1.10'));
  sh('ip', 'link delete em1.10');
});

with_(['macvlan', 'vlan'], 'the undo of an attach leaves a VLAN that somebody else came to', async () => {
  const first = await lan.attach(host, { container: ref, parent: 'em1', ...tagged(7) }).apply(quick);
  await lan.attach(host, { container: other, parent: 'em1', ...tagged(8) }).apply(quick);
  await first.undo();
  assert.equal(one!.sync.link.list().map(({ name }) => name), ['lo']);
  assert.ok(ping(containers[1], '198.51.100.254'));
  await lan.detach(host, { container: other }).apply(quick);
});

with_(['macvlan'], 'macvlan: attached, then detached, killed behind each step', () => killed({ parent: 'em1', ...flat(8) }));
with_(['ipvlan', 'vlan'], 'ipvlan in a VLAN: attached, then detached, killed behind each step', () => killed({ parent: 'em1', kind: 'ipvlan', ...tagged(7) }));

/** Killed behind each step, a plan leaves everything as it was: links here, what is in the container, and who is reached. */
async function killed(where: Omit<lan.AttachOptions, 'container'> & { readonly gateway: string }): Promise<void> {
  const container = { path: `/proc/${process.pid}/fd/${containers[0].fd}` };
  const inside = (line: string) => String(netns.spawnSync(containers[0], 'ip', line.split(' ')).stdout).replaceAll(/^\d+: |@\S+/gm, '');
  const all = () => ({ links: names().sort(), vlans: json('ip', 'link show type vlan').map(({ ifname, ifalias, address, linkinfo }) => [ifname, ifalias, address, linkinfo.info_data.id]),
    addresses: inside('-o -4 address show'), inside: inside('-br link show'), routes: inside('route show') });
  const bare = all(), mac = '02:00:00:00:00:07';
  assert.ok(await killedBehindEach('lan.attach', { container, mac, ...where }, (step) => assert.equal(all(), bare, `step ${step}`)) >= 6);
  const whole = all();
  assert.ok(ping(containers[0], where.gateway));
  assert.ok(await killedBehindEach('lan.detach', { container }, (step) => {
    assert.equal(all(), whole, `step ${step}`);
    assert.ok(ping(containers[0], where.gateway), `step ${step}`);
  }) >= 1);
  assert.equal(all(), bare);
}

with_(['macvlan', 'vlan'], 'in a VLAN without the gateway nothing is left', async () => {
  const error = await refusal(lan.attach(host, { container: ref, parent: 'em1', ...tagged(7), vlan: 11 }).apply(quick));
  assert.is(error.code, 'ERR_UNREACHABLE');
});

with_(['vlan'], 'a bridge that filters VLANs: the port is in one, and in no other', async () => {
  await lan.bridge(host, { uplink: 'em1', bridge: 'br0' }).apply(quick);
  try {
    sh('ip', 'link set br0 type bridge vlan_filtering 1');
    sh('bridge', 'vlan add dev em1 vid 10');
    const { result } = await lan.attach(host, { container: ref, bridge: 'br0', ...tagged(7) }).apply(quick);
    const [port] = JSON.parse(sh('bridge', `-json vlan show dev ${result.hostLink}`));
    assert.equal(port.vlans, [{ vlan: 10, flags: ['PVID', 'Egress Untagged'] }]);
    assert.ok(ping(containers[0], '198.51.100.254') && ping(world.ns, '198.51.100.7'));
    await one!.addr.add('eth1', '192.0.2.7/24');
    assert.not(ping(containers[0], '-W', '1', '192.0.2.254'), 'who is in no VLAN is not reached');
    await lan.detach(host, { container: ref }).apply(quick);
    await killed({ bridge: 'br0', ...tagged(7) });
  } finally {
    await lan.unbridge(host, { bridge: 'br0' }).apply(quick);
  }
});

test.run();
