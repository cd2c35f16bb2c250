import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { lan, type ContainerRef, type Plan } from '../../../src/container/index.ts';
import { lanCalls } from '../../../src/container/lan/calls.ts';
import { arpFrame, arpSender, ndAdvertised, ndFrame, udpFrame } from '../../../src/container/lan/frames.ts';
import { vlanCalls } from '../../../src/container/lan/vlan.ts';
import { ownerOf } from '../../../src/container/inspect/sharing.ts';
import { fakeHost, type FakeHost, type FakeHostOptions } from '../../support/fake-host.ts';
import { refusal } from '../../support/witness.ts';

/* Plans for an address on the LAN, on a kernel in memory: what is refused, and what would be done. */
const container: ContainerRef = { path: 'box' };
const told = async (plan: Plan<unknown>): Promise<string[]> => (await plan.plan()).map(({ where, command }) => `${where}: ${command}`);
const message = async (plan: Plan<unknown>): Promise<string> => (await refusal(plan.plan())).message;

/** A bridge br0 with the port em1, and a link that is no bridge. */
async function made(options: FakeHostOptions = {}, bridgeOptions: object = {}): Promise<FakeHost> {
  const host = fakeHost(options), { nl } = host;
  await nl.link.add({ name: 'br0', kind: 'bridge', address: '02:00:00:00:00:01', up: true, options: { stpState: 0, ...bridgeOptions } });
  await nl.link.add({ name: 'em1', kind: 'dummy', address: '02:00:00:00:00:01', master: 'br0', up: true });
  await nl.link.add({ name: 'd0', kind: 'dummy' });
  return host;
}
const attach = (host: FakeHost, more: object) => lan.attach(host, { container, bridge: 'br0', address: '192.0.2.7/24', hostLink: 'v7', mac: '02:00:00:00:00:07', ...more } as never);

test('what cannot be attached is refused, and the container is let go', async () => {
  const host = await made();
  await host.nl.addr.add('br0', '192.0.2.39/24');
  assert.is(await message(attach(host, { bridge: 'd0' })), 'lan.attach: d0 is no bridge');
  assert.match(await message(attach(host, { vlan: 7 })), 'lan.attach: the bridge br0 does not filter VLANs');
  assert.match(await message(attach(host, { name: 'lo' })), 'the container has an interface lo');
  assert.is(await message(attach(host, { address: ['192.0.2.7/24', '192.0.2.39/24'] })), 'lan.attach: 192.0.2.39 is an address of the host itself');
  assert.is(await message(attach(host, { gateway: ['192.0.2.1', '192.0.2.2'] })), 'lan.attach: one gateway for each family');
  assert.is(host.opened(), 1);
});

test('a default route gives way to the gateway, one far away is marked as on the link', async () => {
  const routes = [{ family: 'inet', dst: 'default', gateway: '10.0.0.1', protocol: 'static' }, { family: 'inet6', dst: 'default', gateway: 'fd00::1', priority: 1024 }];
  for (const [gateway, address, expected] of [
    ['192.0.2.254', '192.0.2.7/24', 'ip route replace default via 192.0.2.254 dev eth1'], ['198.51.100.1', '192.0.2.7/24', 'ip route replace default via 198.51.100.1 dev eth1 onlink'],
    ['2001:db8::1', '2001:db8::7/64', 'ip route replace default via 2001:db8::1 dev eth1'],
  ] as const) {
    const host = await made({ nl: { box: { route: { list: async () => routes } } } });
    assert.equal((await told(attach(host, { gateway, address }))).filter((text) => text.includes('ip route')), [`container: ${expected}`]);
  }
  assert.ok((await told(attach(await made(), { gateway: '192.0.2.254' }))).includes('container: ip route add default via 192.0.2.254 dev eth1'));
});

test('in a VLAN of a bridge the port leaves the VLAN that all ports are in', async () => {
  const steps = async (options: object) => told(attach(await made({}, options), { vlan: 7, reach: false, probe: false }));
  const all = await steps({ vlanFiltering: true, vlanDefaultPvid: 1 });
  assert.equal(all.slice(0, 5).filter((text) => !text.includes('type veth')), ['host: ip monitor link # until v7 is gone', 'host: bridge vlan delete dev v7 vid 1', 'host: bridge vlan add dev v7 vid 7 pvid untagged', 'container: ip link set dev eth1 up']);
  assert.not((await steps({ vlanFiltering: true, vlanDefaultPvid: 0 })).some((text) => /vlan delete/.test(text)));
});

test('upon an uplink, and upon a VLAN of it', async () => {
  const steps = (host: FakeHost, more: object) => told(lan.attach(host, { container, parent: 'em1', address: '192.0.2.7/24', mac: '02:00:00:00:00:07', probe: { count: 1 }, ...more }));
  const host = await made(), add = /link add .*/;
  const commands = async (more: object) => (await steps(host, more)).map((text) => add.exec(text)?.[0] ?? (/arping -D|netns set|nsid/.test(text) ? text : undefined)).filter((text) => text !== undefined);
  assert.equal(await commands({}), ['host: arping -D -c 1 -I em1 192.0.2.7', 'link add link em1 name eth1 netns container address 02:00:00:00:00:07 type macvlan mode bridge', 'container: arping -D -c 1 -I eth1 192.0.2.7']);
  assert.equal(await commands({ kind: 'ipvlan' }), ['host: arping -D -c 1 -I em1 192.0.2.7', 'link add link em1 name eth1 netns container type ipvlan mode l2']);
  const within = await commands({ vlan: 7 });
  assert.ok(within.includes('link add link em1 name em1.7 up alias netlink-ts type vlan id 7') || assert.unreachable(within.join('\n')));
  assert.ok(within.includes('link add link em1.7 name eth1 netns container address 02:00:00:00:00:07 type macvlan mode bridge'));
  await host.nl.link.add({ name: 'em1.7', kind: 'dummy' });
  assert.not((await commands({ vlan: 7 })).some((text) => text.includes('type vlan')), 'it is there');
});

test('a detach would bring the interface back as it was, whatever its kind', async () => {
  const link = (kind: string, options: object) => ({ index: 9, name: 'eth1', kind, mtu: 1500, address: '02:00:00:00:00:07', link: 3, flags: {}, options });
  for (const [kind, mode] of [['ipvlan', 'l2'], ['macvlan', 'bridge'], ['ipoib', undefined]] as const) {
    const added: unknown[] = [], onHost: { add?: (wanted: unknown) => Promise<void> } = {}, upper = { get: async () => link(kind, { mode }), delete: async () => {}, change: async () => {} };
    const host = await made({ nl: { box: { link: upper, addr: { list: async () => [] } }, '': { link: onHost as never } } });
    onHost.add = async (wanted) => void added.push(wanted);
    const applied = await lan.detach(host, { container }).apply({ guard: false });
    await applied.undo();
    const [{ netns: _, ...wanted }] = added as [{ netns: unknown }];
    assert.equal(wanted, { name: 'eth1', mtu: 1500, link: 'em1', kind, ...(kind === 'ipvlan' ? {} : { address: '02:00:00:00:00:07' }), ...(mode && { options: { mode } }) }, kind);
  }
  assert.equal(await told(lan.detach(await made(), { container })), [], 'there is none');
});

test('a detach that fails to look lets the container go', async () => {
  const host = await made({ nl: { box: { link: { get: async () => { throw new RangeError('so'); } } } } });
  assert.is(await message(lan.detach(host, { container })), 'so');
  assert.is(host.opened(), 1);
});

test('a port that was in VLANs is put into them again', async () => {
  const seen: unknown[] = [], host = await made({ nl: { '': { vlan: {
    list: async () => [{ vid: 7, pvid: true, untagged: true }, { vid: 10, vidEnd: 12 }],
    add: async (...args) => void seen.push(['add', ...args]), delete: async (...args) => void seen.push(['delete', ...args]),
  } } } }, { vlanFiltering: true, vlanDefaultPvid: 1 });
  await host.nl.link.add({ name: 'v7', kind: 'veth', master: 'br0', options: { peer: { name: 'eth1', netns: 'box' } } });
  const applied = await lan.detach(host, { container }).apply({ guard: false });
  await applied.undo();
  assert.equal(seen, [['delete', 'v7', 1], ['add', 'v7', 7, { pvid: true, untagged: true }], ['add', 'v7', { from: 10, to: 12 }, {}]]);
});

/** A link of the kind vlan, which the kernel in memory has not, and who uses it. */
function vlans({ vlan = {}, addrs = [], users = {}, nsids = [5] }: {
  vlan?: object; addrs?: readonly object[]; users?: { readonly [nsid: string]: readonly object[] | string }; nsids?: readonly number[];
}) {
  const link = { index: 9, name: 'em1.7', kind: 'vlan', alias: 'netlink-ts', mtu: 1500, address: '02:00:00:00:00:01', link: 3, options: { id: 7 }, flags: {}, ...vlan };
  const deleted: unknown[] = [];
  const operations = {
    link: {
      get: async (name: unknown) => (name === 3 ? { name: 'em1' } : name === 'em1.7' ? link : Promise.reject(Object.assign(new Error('no'), { code: 'ENODEV' }))),
      list: async ({ nsid }: { nsid?: number } = {}) => {
        const there = users[String(nsid)] ?? [];
        if (typeof there === 'string') throw Object.assign(new Error(there), { code: there });
        return nsid === undefined ? [link, ...there] : there;
      },
      delete: async ({ name }: { name: string }) => void deleted.push(name),
    },
    addr: { list: async () => addrs },
    nsid: { list: async () => nsids.map((nsid) => ({ nsid })), get: async () => 5 },
  };
  return { operations, link, deleted };
}
const macvlan = (name: string, more: object = {}) => ({ index: 2, name, kind: 'macvlan', link: 9, linkNetnsid: 0, ...more });

test('the link of a VLAN goes with its last user, if it is ours', async () => {
  const release = async (of: Parameters<typeof vlans>[0], address = '02:00:00:00:00:01'): Promise<boolean> => {
    const { operations, deleted } = vlans(of), host = await made({ nl: { '': operations } });
    await vlanCalls['vlan.release'].run(host, ['em1.7', address]);
    return deleted.length > 0;
  };
  assert.ok(await release({}));
  assert.ok(await release({ addrs: [{ scope: 'link' }], users: { 5: [macvlan('eth1', { link: 8 })] } }), 'what is upon another link');
  assert.ok(await release({ users: { 5: 'EINVAL' } }), 'a namespace that is gone uses nothing');
  assert.ok(await release({ users: { 5: 'ENOENT' } }));
  for (const of of [
    { vlan: { alias: 'theirs' } }, { vlan: { kind: 'dummy' } }, { vlan: { master: 4 } }, { addrs: [{ scope: 'universe' }] },
    { users: { 5: [macvlan('eth1')] } }, { users: { undefined: [macvlan('mv0', { linkNetnsid: undefined })] } },
  ]) assert.not(await release(of), JSON.stringify(of));
  assert.not(await release({}, '02:00:00:00:00:02'), 'another of that name');
  assert.is((await refusal(release({ users: { 5: 'EPERM' } }))).code, 'EPERM');
  await vlanCalls['vlan.release'].run(await made(), ['em1.7', '02:00:00:00:00:01']); // it is gone
});

test('a detach takes the link of a VLAN along where the container is its last user', async () => {
  const box = { link: { get: async () => macvlan('eth1', { flags: {}, options: { mode: 'bridge' }, mtu: 1500, address: '02:00:00:00:00:07' }) }, addr: { list: async () => [] } };
  const steps = async (users: { readonly [nsid: string]: readonly object[] }) => told(lan.detach(await made({ nl: { '': vlans({ users }).operations, box } }), { container }));
  assert.equal(await steps({ 5: [macvlan('eth1')] }), ['container: ip link delete dev eth1', 'host: ip link delete dev em1.7']);
  assert.equal(await steps({ 5: [macvlan('eth1'), macvlan('eth2')] }), ['container: ip link delete dev eth1']);
});

test('a bridge is not made of what is one, nor taken from what is none', async () => {
  const host = await made();
  assert.is(await message(lan.unbridge(host, { bridge: 'd0' })), 'lan.unbridge: d0 is no bridge');
  assert.is(await message(lan.unbridge(host, { bridge: 'br0', uplink: 'em9' })), 'lan.unbridge: br0 has no port em9');
  await host.nl.link.add({ name: 'br1', kind: 'bridge' });
  assert.is(await message(lan.unbridge(host, { bridge: 'br1' })), 'lan.unbridge: br1 has no port');
  assert.match(await message(lan.bridge(host, { uplink: 'd0', bridge: 'br1' })), 'br1 is there already');
  assert.match(await message(lan.bridge(host, { uplink: 'em1', bridge: 'br2' })), 'em1 is a port of another link');
  await host.nl.link.change('d0', { master: 'br0' });
  assert.is(await message(lan.unbridge(host, { bridge: 'br0', uplink: 'em1' })), 'lan.unbridge: br0 has other ports: d0');
});

test('without IPv6 in the kernel nothing is said about it; with it, settings and addresses of both move', async () => {
  const bridge = async (of: FakeHost) => (await told(lan.bridge(of, { uplink: 'd0', bridge: 'br1' }))).filter((text) => /sysctl|addrgenmode|until no/.test(text));
  const plain = await made();
  assert.equal(await bridge(plain), []);
  const back = await told(lan.unbridge(plain, { bridge: 'br0' }));
  assert.equal([back[0], back.at(-1)], ['host: ip link set dev em1 nomaster', 'host: ip link delete dev br0']);
  const six = await made({ sysctl: { 'net/ipv4/conf/d0/rp_filter': '2', 'net/ipv4/conf/default/rp_filter': '0', 'net/ipv6/conf/d0/forwarding': '1', 'net/ipv6/conf/default/forwarding': '1' } });
  await six.nl.addr.add('d0', 'fd00::1/64');
  assert.equal(await bridge(six), ['host: sysctl -w net/ipv4/conf/br1/rp_filter=2', 'host: sysctl -w net/ipv6/conf/br1/accept_dad=0', 'host: ip monitor address # until no address of br1 is tentative', 'host: sysctl -w net/ipv6/conf/br1/accept_dad=1']);
});

test('the old end of a pair is awaited, what is in use is not', async () => {
  const context = (host: FakeHost, more: object = {}) => ({ timeout: 60, places: { host }, ...more });
  const wait = async (host: FakeHost, name: string, more: object = {}) => lanCalls['link.waitGone'].run(host, [name], context(host, more) as never);
  const orphan = { link: { peerOf: async () => { throw new Error('it is in a namespace that ends'); } } };
  const host = await made({ nl: { '': orphan } });
  await host.nl.link.add({ name: 'v0', kind: 'veth', options: { peer: { name: 'eth0', netns: 'box' } } });
  await wait(host, 'nobody');
  assert.match((await refusal(wait(host, 'd0'))).message, 'd0 is in use');
  const late = await refusal(wait(host, 'v0'));
  assert.equal([late.code, late.message.includes('v0 is still there after 60 ms')], ['EEXIST', true]);
  assert.is((await refusal(wait(host, 'v0', { timeout: 60_000, signal: AbortSignal.timeout(20) }))).code, 'ABORT_ERR');
  const gone = wait(host, 'v0', { timeout: 60_000 });
  setTimeout(() => void host.nl.link.delete('v0'), 20);
  await gone;
  const living = await made();
  await living.nl.link.add({ name: 'v0', kind: 'veth', options: { peer: { name: 'v1' } } });
  assert.match((await refusal(wait(living, 'v0'))).message, 'v0 is in use');
  const announced = refusal(Promise.resolve(lanCalls['lan.announce'].run(living, ['v0', '192.0.2.7'], context(living) as never)));
  assert.equal((({ code, message: said }) => [code, said])(await announced), ['ERR_UNREACHABLE', 'v0 has no carrier']);
});

test('frames of others say nothing', () => {
  const arp = arpFrame({ operation: 'reply', mac: '02:00:00:00:00:01', ip: '192.0.2.1', target: '192.0.2.2' });
  assert.equal(arpSender(arp), { mac: '02:00:00:00:00:01', ip: '192.0.2.1', target: '192.0.2.2' });
  const asked = { mac: '02:00:00:00:00:01', ip: 'fd00::1', to: 'ff02::1', toMac: '33:33:00:00:00:01', target: 'fd00::1' };
  const advertisement = ndFrame({ type: 'advertisement', ...asked });
  assert.equal(ndAdvertised(advertisement), { target: 'fd00::1', mac: '02:00:00:00:00:01' });
  for (const frame of [arp.subarray(0, 41), advertisement, new Uint8Array(42)]) assert.is(arpSender(frame), undefined);
  for (const frame of [arp, advertisement.subarray(0, 77), ndFrame({ type: 'solicitation', ...asked }), new Uint8Array(78)]) assert.is(ndAdvertised(frame), undefined);
});

test('a sum of zero is sent as its complement: zero would say that there is none', () => {
  const sums = new Set<number>();
  for (let port = 1; port <= 65535; port += 1) {
    const frame = udpFrame({ mac: '02:00:00:00:00:01', toMac: '02:00:00:00:00:02', from: '192.0.2.1', to: '192.0.2.2', port });
    sums.add((frame[40]! << 8) | frame[41]!);
    if (sums.has(0xffff)) break;
  }
  assert.equal([sums.has(0xffff), sums.has(0)], [true, false]);
});

test('a process that is not there shares nobody\'s network', () => {
  assert.is(ownerOf(0x3fffffff, -1), undefined);
});

test.run();
