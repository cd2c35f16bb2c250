// timeout: 600 s
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { lan, openHost } from '../../../src/container/index.ts';
import { netns, openRoute } from '../../../src/index.ts';
import { build } from '../../support/build.ts';
import { skip } from '../../support/skip.ts';
import { eventually, json, refusal, sh } from '../../support/witness.ts';
import { plugIn } from './lan-plug.ts';
import { descriptors } from '../../support/descriptors.ts';

const host = openHost(), world = await plugIn(host.nl);
sh('ip', 'address add 192.0.2.39/24 dev em1');
sh('ip', 'address add 2001:db8::39/64 dev em1 nodad');
const bridged = await lan.bridge(host, { uplink: 'em1', bridge: 'br0' }).apply({ guard: false });
const container = netns.make(), inside = openRoute({ netns: container });
const ref = { ns: container };
const v4 = { container: ref, bridge: 'br0', address: '192.0.2.7/24', gateway: '192.0.2.254' };
const quick = { guard: false };
/** nft as it stands, without counters and handles. */
const ruleset = () => spawnSync('nft', ['-s', 'list', 'ruleset'], { encoding: 'utf8' }).stdout;
const hostLinks = () => json('ip', 'link show').map(({ ifname }) => ifname as string);
const within = () => inside.sync.link.list().map(({ name }) => name);
const ping = (from: netns.NamespaceRef, ...args: string[]) =>
  netns.spawnSync(from, 'ping', ['-c', '1', '-W', '5', ...args]).status === 0;
const links = hostLinks(), rules = ruleset();
const asBefore = () => {
  assert.equal(hostLinks(), links);
  assert.equal(within(), ['lo']);
  assert.is(ruleset(), rules);
};

test.after(async () => {
  await bridged.undo();
  inside.close();
  container.close();
  world.close();
  host.close();
});
/** A test that leaves nothing behind. (What fails in uvu's own after.each is not counted as a failure.) */
const clean = (name: string, work: () => void | Promise<void>) => test(name, async () => {
  await work();
  asBefore();
});

clean('a container is a host of the LAN, both ways, and is not one any more', async () => {
  const { result, undo } = await lan.attach(host, { ...v4, mac: '02:00:00:00:00:07', mtu: 1400 }).apply();
  assert.is(result.mac, '02:00:00:00:00:07');
  assert.equal(result.gateways, [{ address: '192.0.2.254', mac: (await world.nl.link.get('gw')).address }]);
  const link = await inside.link.get('eth1');
  assert.is(link.mtu, 1400);
  assert.is((await host.nl.link.get(result.hostLink!)).master, (await host.nl.link.get('br0')).index);
  assert.ok(ping(container, '192.0.2.254') && ping(container, '192.0.2.39') && ping(world.ns, '192.0.2.7'));
  await undo();
  assert.not(ping(world.ns, '-W', '1', '192.0.2.7'));
});

clean('the LAN learns the new MAC address by itself', async () => {
  await world.nl.neigh.replace({ dst: '192.0.2.7', dev: 'gw', lladdr: '02:00:00:00:99:99', state: 'stale' });
  const { result } = await lan.attach(host, v4).apply(quick);
  const [neigh] = await world.nl.neigh.list({ dev: 'gw', dst: '192.0.2.7' });
  assert.is(neigh!.lladdr, result.mac);
  await lan.detach(host, { container: ref }).apply(quick);
  assert.equal(await lan.detach(host, { container: ref }).plan(), [], 'there is nothing more to do');
});

clean('IPv6, with both families at once', async () => {
  const both = { container: ref, bridge: 'br0', address: ['192.0.2.7/24', '2001:db8::7/64'], gateway: ['192.0.2.254', '2001:db8::fe'] };
  const applied = await lan.attach(host, both).apply(quick);
  assert.equal(applied.result.gateways.map(({ mac }) => mac !== undefined), [true, true]);
  assert.ok(ping(container, '2001:db8::fe') && ping(world.ns, '2001:db8::7'));
  const gone = await lan.detach(host, { container: ref }).apply(quick);
  assert.not.ok(within().includes('eth1'));
  await gone.undo();
  assert.ok(ping(container, '2001:db8::fe') && ping(world.ns, '192.0.2.7'), 'the undo of a detach attaches');
  await lan.detach(host, { container: ref }).apply(quick);
  await world.nl.addr.add('gw', { address: '2001:db8::7/64', flags: { nodad: true } });
  assert.is((await refusal(lan.attach(host, both).apply(quick))).code, 'EADDRINUSE');
  await world.nl.addr.delete('gw', '2001:db8::7/64');
});

clean('an address in use is refused before anything is changed', async () => {
  const seen: number[] = [];
  const error = await refusal(lan.attach(host, { ...v4, address: '192.0.2.254/24', gateway: undefined })
    .apply({ ...quick, progress: (step, state) => void (state === 'done' && seen.push(step)) }));
  assert.is(error.code, 'ERR_ADDRESS_IN_USE');
  assert.match(error.message, (await world.nl.link.get('gw')).address!);
  assert.equal(seen, []);
  assert.is((await refusal(lan.attach(host, { ...v4, address: '192.0.2.39/24' }).apply(quick))).code, 'ERR_ADDRESS_IN_USE');
});

clean('a gateway that does not answer undoes it', async () => {
  const error = await refusal(lan.attach(host, { ...v4, gateway: '192.0.2.99' }).apply(quick));
  assert.is(error.code, 'ERR_UNREACHABLE');
  assert.match(error.message, /the gateway 192\.0\.2\.99 does not answer on eth1.*everything was undone/);
});

clean('macvlan upon a link of the LAN', async () => {
  await bridged.undo();
  try {
    const options = { container: ref, parent: 'em1', address: '192.0.2.8/24', gateway: '192.0.2.254' };
    const { result } = await lan.attach(host, options).apply(quick);
    assert.is((await inside.link.get('eth1')).kind, 'macvlan');
    assert.ok(result.gateways[0]!.mac !== undefined && ping(container, '192.0.2.254') && ping(world.ns, '192.0.2.8'));
    using other = netns.make();
    const error = await refusal(lan.attach(host, { ...options, container: { ns: other } }).apply(quick));
    assert.is(error.code, 'ERR_ADDRESS_IN_USE', 'another container of the same parent is asked from inside');
    await lan.detach(host, { container: ref }).apply(quick);
    for (const more of [{ kind: 'ipvlan' }, { vlan: 10 }] as const) {
      const said = await refusal(lan.attach(host, { ...options, ...more }).apply(quick).then((applied) => applied.undo().then(() => { throw new Error('supported'); })));
      if (said.code === 'EOPNOTSUPP') skip(`the kernel has no ${'kind' in more ? 'ipvlan' : 'vlan'}`);
    }
  } finally {
    const again = await lan.bridge(host, { uplink: 'em1', bridge: 'br0' }).apply(quick);
    bridged.undo = again.undo;
    links.splice(0, links.length, ...hostLinks());
  }
});

clean('a VLAN needs a bridge that filters them', async () => {
  assert.is((await refusal(lan.attach(host, { ...v4, vlan: 10 }).apply(quick))).code, 'ERR_VLAN');
});

clean('the end of a pair that lingers is waited for, one in use is not', async () => {
  const dying = netns.make();
  await lan.attach(host, { ...v4, container: { ns: dying }, hostLink: 'veth-same' }).apply(quick);
  assert.is((await refusal(lan.attach(host, { ...v4, address: '192.0.2.9/24', hostLink: 'veth-same' }).apply(quick))).code, 'EEXIST');
  dying.close();
  const { result, undo } = await lan.attach(host, { ...v4, hostLink: 'veth-same', probe: false }).apply(quick);
  assert.is(result.hostLink, 'veth-same');
  await undo();
});

clean('a chain that drops what is forwarded hides no container', async () => {
  if (netns.sysctl.get(container, 'net/bridge/bridge-nf-call-iptables') !== '1') return skip('there is no br_netfilter here');
  sh('nft', 'add table ip filter');
  spawnSync('nft', ['-f', '-'], { input: 'add chain ip filter FORWARD { type filter hook forward priority 0; policy drop; }\nadd chain ip filter DOCKER-USER\nadd rule ip filter FORWARD jump DOCKER-USER\n' });
  const dropping = ruleset();
  const raw = await lan.attach(host, { ...v4, reach: false }).apply(quick);
  assert.match(ruleset(), /iifname "br0" oifname "br0" counter accept/);
  assert.ok(ping(container, '192.0.2.254') && ping(world.ns, '192.0.2.7'));
  sh('nft', 'flush chain ip filter DOCKER-USER');
  assert.not(ping(world.ns, '-W', '1', '192.0.2.7'), 'without the rule it is unreachable');
  await raw.undo();
  await lan.attach(host, v4).apply(quick);
  await lan.detach(host, { container: ref }).apply(quick);
  assert.is(ruleset(), dropping);
  sh('nft', 'delete table ip filter');
});

clean('a process that is gone or another one is refused', async () => {
  const child = netns.spawn(container, 'sleep', ['600']);
  const started = Number(readFileSync(`/proc/${child.pid}/stat`, 'utf8').replace(/.*\) /s, '').split(' ')[19]);
  const by = (pid: number, more = {}) => lan.attach(host, { ...v4, container: { pid, ...more } });
  await (await by(child.pid!, { started }).apply(quick)).undo();
  assert.is((await refusal(by(child.pid!, { started: started + 1 }).apply(quick))).code, 'ERR_GONE');
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill();
  await ended;
  assert.is((await refusal(by(child.pid!).apply(quick))).code, 'ERR_GONE');
});

clean('killed behind any step, and everything comes back', async () => {
  const dist = build(), program = fileURLToPath(new URL('programs/killed.mjs', import.meta.url));
  const child = netns.spawn(container, 'sleep', ['600']);
  spawnSync('nft', ['-f', '-'], { input: 'table ip filter { chain FORWARD { type filter hook forward priority 0; policy drop; }; }' });
  const dropping = ruleset(), args = { ...v4, container: { pid: child.pid } };
  const { length } = await lan.attach(host, args as never).plan();
  assert.ok(length >= 8);
  for (let step = 0; step < length; step++) {
    const journal = join(tmpdir(), `attach-${step}`);
    const { signal } = spawnSync(process.execPath, [program, dist, `${step} done`, journal, 'attach', JSON.stringify(args)]);
    assert.is(signal, 'SIGKILL');
    await eventually(() => !existsSync(journal), 60_000);
    assert.equal(hostLinks(), links, `step ${step}`);
    assert.equal(within(), ['lo'], `step ${step}`);
    assert.is(ruleset(), dropping, `step ${step}`);
  }
  child.kill();
  sh('nft', 'delete table ip filter');
});

clean('100 containers come and go, and nothing is left', async () => {
  const round = async () => {
    await lan.attach(host, { ...v4, probe: { count: 1, interval: 1 } }).apply(quick);
    await lan.detach(host, { container: ref }).apply(quick);
  };
  await round();
  const before = descriptors();
  for (let i = 0; i < 100; i++) await round();
  assert.ok(descriptors() <= before + 1, `${before} descriptors before, ${descriptors()} after`);
});

test.run();
