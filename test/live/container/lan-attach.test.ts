// timeout: 3600 s
import { spawnSync, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { lan, openHost } from '../../../src/container/index.ts';
import { netns, openRoute } from '../../../src/index.ts';
import { skip } from '../../support/skip.ts';
import { eventually, json, refusal, sh } from '../../support/witness.ts';
import { killedBehindEach } from './killed.ts';
import { plugIn } from './lan-plug.ts';
import { descriptors } from '../../support/descriptors.ts';

const host = openHost(), world = await plugIn(host.nl);
sh('ip', 'address add 192.0.2.39/24 dev em1');
sh('ip', 'address add 2001:db8::39/64 dev em1 nodad');
const bridged = await lan.bridge(host, { uplink: 'em1', bridge: 'br0' }).apply({ guard: false });
const container = netns.make(), inside = openRoute({ netns: container });
const ref = { ns: container };
const v4 = { container: ref, bridge: 'br0', address: '192.0.2.7/24', gateway: '192.0.2.254' };
const both = { ...v4, address: ['192.0.2.7/24', '2001:db8::7/64'], gateway: ['192.0.2.254', '2001:db8::fe'] };
const quick = { guard: false };
/** Processes in the container. */
const sleepers: ChildProcess[] = [], sleeper = () => sleepers[sleepers.push(netns.spawn(container, 'sleep', ['infinity'])) - 1]!;
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
  for (const child of sleepers) child.kill();
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

clean('a default route that is there gives way, and comes back', async () => {
  await inside.link.add({ name: 'd0', kind: 'veth', up: true, options: { peer: { name: 'd1', up: true } } } as never);
  await inside.addr.add('d0', '198.51.100.1/24');
  await inside.route.add({ dst: 'default', gateway: '198.51.100.254' });
  const ways = () => String(netns.spawnSync(container, 'ip', ['route', 'show', 'default']).stdout).trim(), before = ways();
  const { undo } = await lan.attach(host, v4).apply(quick);
  assert.is(ways(), 'default via 192.0.2.254 dev eth1');
  assert.ok(ping(container, '192.0.2.254'));
  await undo();
  assert.is(ways(), before);
  await inside.link.delete('d0');
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

/** Rules of somebody else, which are as they were at the end of a test. */
const amid = (name: string, rules: string, work: () => Promise<void>) => clean(name, async () => {
  if (!/^table bridge/.test(rules) && netns.sysctl.get(container, 'net/bridge/bridge-nf-call-iptables') !== '1') return skip('there is no br_netfilter here');
  const { status, stderr } = spawnSync('nft', ['-f', '-'], { input: rules, encoding: 'utf8' });
  if (/Operation not supported/.test(stderr)) return skip(`the kernel has no tables of that family: ${rules.trim().split(' ', 2).join(' ')}`);
  assert.is(status, 0, stderr);
  const dropping = ruleset();
  await work();
  assert.is(ruleset(), dropping);
  sh('nft', 'flush ruleset');
});

amid('a chain that drops what goes from port to port hides no container', `
table ip filter { chain DOCKER-USER { }; chain FORWARD { type filter hook forward priority 0; policy drop; jump DOCKER-USER; }; }`, async () => {
  const dropping = ruleset(), error = await refusal(lan.attach(host, v4).apply(quick));
  assert.is(error.code, 'ERR_FORWARD_DROPPED');
  assert.match(error.message, 'dropped by the policy of the chain ip filter FORWARD. Missing: nft \'insert rule ip filter DOCKER-USER iifname "br0" oifname "br0" accept\'.');
  assert.equal([ruleset(), within()], [dropping, ['lo']]);
  const accepted = await lan.attach(host, { ...v4, whenDropped: 'accept' }).apply(quick);
  assert.match(ruleset(), /DOCKER-USER \{\s+iifname "br0" oifname "br0" counter accept/);
  assert.ok(ping(container, '192.0.2.254') && ping(world.ns, '192.0.2.7'));
  sh('nft', 'flush chain ip filter DOCKER-USER');
  assert.not(ping(world.ns, '-W', '1', '192.0.2.7'), 'without the rule it is unreachable');
  await accepted.undo();
  await lan.attach(host, { ...v4, whenDropped: 'accept' }).apply(quick);
  await lan.detach(host, { container: ref }).apply(quick);
});

amid('a chain of the bridge family that drops frames', 'table bridge wall { chain f { type filter hook forward priority 0; meta ibrname "br0" drop; }; }', async () => {
  const error = await refusal(lan.attach(host, v4).apply(quick));
  assert.match(error.message, /the rule with handle \d+ of the chain bridge wall f\. Missing: nft 'insert rule bridge wall f meta ibrname "br0" accept'/);
  await lan.attach(host, { ...v4, whenDropped: 'accept' }).apply(quick);
  assert.ok(ping(container, '192.0.2.254') && ping(world.ns, '192.0.2.7'));
  await lan.detach(host, { container: ref }).apply(quick);
});

amid('a policy that drops all frames', 'table bridge wall { chain f { type filter hook forward priority 0; policy drop; }; }', async () => {
  const dropping = ruleset(), { code, message } = await refusal(lan.attach(host, v4).apply(quick));
  assert.is(code, 'ERR_FORWARD_DROPPED');
  assert.match(message, 'dropped by the policy of the chain bridge wall f. Missing: nft \'insert rule bridge wall f meta ibrname "br0" accept\'.');
  await lan.attach(host, { ...v4, whenDropped: 'ignore', reach: false }).apply(quick);
  assert.not(ping(world.ns, '-W', '1', '192.0.2.7'), 'it is silent, indeed');
  await lan.detach(host, { container: ref }).apply(quick);
  // what it takes to accept them not every kernel has: CONFIG_NFT_BRIDGE_META
  const possible = spawnSync('nft', ['--file', '-'], { input: 'add table bridge try; add chain bridge try c; add rule bridge try c meta ibrname br0 accept; delete table bridge try' }).status === 0;
  const accepted = lan.attach(host, { ...v4, whenDropped: 'accept' }).apply(quick);
  if (possible) {
    await accepted;
    assert.ok(ping(container, '192.0.2.254') && ping(world.ns, '192.0.2.7'));
    await lan.detach(host, { container: ref }).apply(quick);
  } else {
    assert.match((await refusal(accepted)).message, /EOPNOTSUPP.*everything was undone/s);
    assert.equal([ruleset(), within()], [dropping, ['lo']]);
  }
});

for (const shown of ['1', '0']) amid(`frames of IP are dropped, ARP is not: bridge-nf-call-iptables ${shown}`, 'table bridge wall { chain f { type filter hook forward priority 0; ether type ip drop; }; }', async () => {
  const name = 'net/bridge/bridge-nf-call-iptables', before = host.settings.get(name);
  if (before !== undefined) host.settings.set(name, shown);
  const { code, message } = await refusal(lan.attach(host, v4).apply(quick));
  assert.is(code, 'ERR_FORWARD_DROPPED');
  assert.match(message, /what 192\.0\.2\.7 sends to 192\.0\.2\.254 is dropped .*These chains may drop it: bridge wall f/);
  await lan.attach(host, { ...v4, address: '2001:db8::7/64', gateway: '2001:db8::fe' }).apply(quick);
  assert.ok(ping(container, '2001:db8::fe'), 'IPv6 gets through');
  await lan.detach(host, { container: ref }).apply(quick);
  if (before !== undefined) host.settings.set(name, before);
});

clean('rules of ebtables', async () => {
  const ebtables = (line: string) => spawnSync('ebtables', line.split(' '), { encoding: 'utf8' });
  const { status, stderr, error: absent } = ebtables('-A FORWARD -p IPv4 -j DROP');
  if (status !== 0) return skip(`no rules of ebtables here: ${absent?.message ?? stderr.trim()}`);
  const error = await refusal(lan.attach(host, v4).apply(quick));
  assert.is(error.code, 'ERR_FORWARD_DROPPED');
  ebtables('-F FORWARD');
  await (await lan.attach(host, v4).apply(quick)).undo();
  spawnSync('nft', ['delete', 'table', 'bridge', 'filter']);
});

clean('the gateway may be the host itself', async () => {
  const { result, undo } = await lan.attach(host, { ...v4, gateway: '192.0.2.39' }).apply(quick);
  assert.is(result.gateways[0]!.mac, '02:00:00:00:00:e1');
  assert.ok(ping(container, '192.0.2.39'));
  await undo();
});

amid('a rule of which only a trial can tell that it drops', 'table ip wall { chain f { type filter hook forward priority 0; ip saddr 192.0.2.0/28 drop; }; }', async () => {
  const { code, message } = await refusal(lan.attach(host, v4).apply(quick));
  assert.is(code, 'ERR_FORWARD_DROPPED');
  assert.match(message, /what 192\.0\.2\.7 sends to 192\.0\.2\.254 is dropped .*These chains may drop it: ip wall f/);
  await lan.attach(host, { ...v4, address: '192.0.2.77/24' }).apply(quick);
  assert.ok(ping(container, '192.0.2.254'));
  await lan.detach(host, { container: ref }).apply(quick);
  await lan.attach(host, { ...v4, whenDropped: 'ignore' }).apply(quick);
  assert.not(ping(world.ns, '-W', '1', '192.0.2.7'));
  await lan.detach(host, { container: ref }).apply(quick);
});

clean('a process that is gone or another one is refused', async () => {
  const child = sleeper();
  const started = Number(readFileSync(`/proc/${child.pid}/stat`, 'utf8').replace(/.*\) /s, '').split(' ')[19]);
  const by = (pid: number, more = {}) => lan.attach(host, { ...v4, container: { pid, ...more } });
  await (await by(child.pid!, { started }).apply(quick)).undo();
  assert.is((await refusal(by(child.pid!, { started: started + 1 }).apply(quick))).code, 'ERR_GONE');
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill();
  await ended;
  assert.is((await refusal(by(child.pid!).apply(quick))).code, 'ERR_GONE');
});

clean('attached, then detached, killed behind any step: everything comes back', async () => {
  const child = sleeper();
  spawnSync('nft', ['-f', '-'], { input: 'table ip filter { chain FORWARD { type filter hook forward priority 0; policy drop; }; }' });
  const dropping = ruleset(), mac = '02:00:00:00:00:07';
  const args = { ...both, mac, whenDropped: 'accept', container: { pid: child.pid } };
  assert.ok(await killedBehindEach('lan.attach', args, (step) => {
    assert.equal(hostLinks(), links, `step ${step}`);
    assert.equal(within(), ['lo'], `step ${step}`);
    assert.is(ruleset(), dropping, `step ${step}`);
  }) >= 8);
  const whole = () => ({
    links: hostLinks().sort(), rules: ruleset(), mac: inside.sync.link.get('eth1').address,
    inside: ['address show dev eth1 scope global', 'route', '-6 route show default'].map((line) => String(netns.spawnSync(container, 'ip', line.split(' ')).stdout).replaceAll(/^\d+: |@if\d+/g, '')),
  });
  const attached = whole();
  assert.ok(await killedBehindEach('lan.detach', { container: args.container }, (step) => assert.equal(whole(), attached, `step ${step}`)) >= 1);
  sh('nft', 'delete table ip filter');
});

clean('100 containers are attached at once and detached: no link, rule, descriptor or namespace is left', async () => {
  const known = () => host.nl.nsid.list().then((list) => list.length), numbers = await known(), opened = descriptors();
  const spaces = Array.from({ length: 100 }, () => netns.make());
  for (let i = 0; i < 100; i += 10) await Promise.all(spaces.slice(i, i + 10).map((ns, j) =>
    lan.attach(host, { ...v4, container: { ns }, address: `192.0.2.${100 + i + j}/24`, probe: { count: 1, interval: 1 } }).apply(quick)));
  assert.is(json('ip', 'link show master br0').length, 101, 'the uplink and 100 containers');
  assert.ok(ping(world.ns, '192.0.2.100') && ping(world.ns, '192.0.2.199') && ping(spaces[0]!, '192.0.2.199'));
  for (const ns of spaces) await lan.detach(host, { container: { ns } }).apply(quick);
  for (const ns of spaces) ns.close();
  asBefore();
  assert.ok(descriptors() <= opened + 1, `${opened} descriptors before, ${descriptors()} after`);
  // the host's number for a namespace goes when the kernel has taken the namespace down
  await eventually(async () => await known() === numbers, 60_000);
});

test.run();
