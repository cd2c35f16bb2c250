import assert from 'node:assert/strict';
import { lan, modes, type Host, type Settings } from '../../src/container/index.ts';
import type { Namespace } from '../../src/netns/index.ts';
import { netfilterSockets, openNetfilter } from '../../src/netfilter/open.ts';
import { openRoute, routeSockets } from '../../src/open.ts';
import type { OpenTransport } from '../../src/transport/transport.ts';
import type { Scenario, Scenarios } from '../scenario.ts';

/** What stands below /proc/sys goes by no socket: here it is kept in a map, on record and in replay alike. */
function settings(values: { readonly [name: string]: string }): Settings {
  const now = new Map(Object.entries(values));
  return { get: (name) => now.get(name), set: (name, value) => void now.set(name, value) };
}

/** A host whose sockets are those given; `inside` opens its one container. */
function hostOn(sockets: OpenTransport, values: { readonly [name: string]: string } = {}, inside?: () => Host): Host {
  const nl = openRoute({ transport: sockets });
  let nft: Host['nft'] | undefined;
  const close = (): void => {
    nl.close();
    nft?.close();
  };
  return {
    nl, settings: settings(values), ffi: undefined, close, [Symbol.dispose]: close,
    ns: { dev: 4, ino: inside === undefined ? 4026531841 : 4026531840, fd: 0 } as Namespace,
    open: () => inside?.() ?? assert.fail('no container'),
    get nft() {
      return (nft ??= openNetfilter({ transport: sockets }));
    },
  };
}

/** Sockets in the host's namespace, or in that of the container `box`. */
const live: Scenario['live'] = () => (options) => {
  const netns = (options as { readonly box?: true }).box ? 'box' : undefined;
  return (options.protocol === 12 ? netfilterSockets({ netns }) : routeSockets({ netns }))(options);
};
const container = (sockets: OpenTransport) => () => hostOn((options) => sockets({ ...options, box: true } as never));
const scenario = (title: string, setup: readonly string[], run: Scenario['run']): Scenario => ({ title, setup, live, run });

const uplink = [
  'ip link add em1 address 02:00:00:00:00:e1 type veth peer name gw address 02:00:00:00:00:fe', 'ip link set em1 addrgenmode none up', 'ip link set gw addrgenmode none up',
  'ip address add 192.0.2.39/24 dev em1', 'ip address add 192.0.2.40/24 dev em1', 'ip route add default via 192.0.2.254 dev em1 metric 100',
  'ip route add 10.24.0.0/16 via 192.0.2.250 dev em1', 'ip route append 10.24.0.0/16 via 192.0.2.249 dev em1', 'ip nexthop add id 1 via 192.0.2.248 dev em1',
  'ip route add 10.27.0.0/16 nhid 1', 'ip neighbour add 192.0.2.77 lladdr 02:00:00:00:00:77 dev em1',
];
const box = [
  'ip netns add box', 'ip link add br0 address 02:00:00:00:00:b0 type bridge', 'ip link set br0 addrgenmode none up', 'ip address add 192.0.2.39/24 dev br0',
];

export const scenarios: Scenarios = {
  'lan-bridge': scenario('The uplink\'s addresses and routes move to a bridge, and back', uplink, async (sockets) => {
    using host = hostOn(sockets, { 'net/ipv4/conf/em1/rp_filter': '2', 'net/ipv4/conf/default/rp_filter': '0' });
    const plan = lan.bridge(host, { uplink: 'em1', bridge: 'br0' }), commands = (await plan.plan()).map(({ command }) => command);
    assert.ok(commands.includes('ip link set dev em1 master br0') && commands.includes('sysctl -w net/ipv4/conf/br0/rp_filter=2'), commands.join('\n'));
    const { result } = await plan.apply({ guard: false });
    assert.deepEqual(result, { uplink: 'em1', bridge: 'br0', mac: '02:00:00:00:00:e1', addresses: ['192.0.2.39/24', '192.0.2.40/24'] });
    assert.equal(host.settings.get('net/ipv4/conf/br0/rp_filter'), '2');
    assert.deepEqual((await host.nl.addr.list()).map(({ label }) => label), ['br0', 'br0']);
    await lan.unbridge(host, { bridge: 'br0' }).apply({ guard: false });
    assert.deepEqual((await host.nl.addr.list()).map(({ label }) => label), ['em1', 'em1']);
  }),
  'lan-bridge-undone': scenario('A check says no: what had moved to the bridge comes back', uplink, async (sockets) => {
    using host = hostOn(sockets);
    await assert.rejects(lan.bridge(host, { uplink: 'em1', bridge: 'br0' }).apply({ guard: false, check: () => false }), { code: 'ERR_CHECK' });
    assert.deepEqual((await host.nl.link.list()).map(({ name }) => name), ['lo', 'gw', 'em1']);
    assert.equal((await host.nl.nexthop.list())[0]!.oif, 3);
  }),
  'lan-attach': scenario('What an address on the LAN will take, and what of it a chain of docker\'s would drop', [
    ...box, 'nft add table ip filter', 'nft add chain ip filter FORWARD { type filter hook forward priority 0 ; policy drop ; }',
    'nft add chain ip filter DOCKER-USER', 'nft add rule ip filter FORWARD jump DOCKER-USER'], async (sockets) => {
    using host = hostOn(sockets, { 'net/bridge/bridge-nf-call-iptables': '1' }, container(sockets));
    const options = { container: { path: 'box' }, bridge: 'br0', address: '192.0.2.7/24', gateway: '192.0.2.254' };
    await assert.rejects(lan.attach(host, options).plan(), { code: 'ERR_FORWARD_DROPPED' });
    const commands = (await lan.attach(host, { ...options, whenDropped: 'accept' }).plan()).map(({ where, command }) => `${where}: ${command}`);
    assert.ok(commands.includes('container: ip address add 192.0.2.7/24 dev eth1'), commands.join('\n'));
    assert.ok(commands.includes('container: ip route add default via 192.0.2.254 dev eth1'), commands.join('\n'));
  }),
  'bridge-mode': scenario('What a container on a bridge of its own with a published port will take', [
    'ip netns add box', 'ip link add em1 type veth peer name gw', 'ip link set em1 addrgenmode none up', 'ip address add 192.0.2.39/24 dev em1'], async (sockets) => {
    using host = hostOn(sockets, { 'net/ipv4/ip_forward': '0', 'net/ipv6/conf/all/forwarding': '0' }, container(sockets));
    const steps = await modes.bridge.attach(host, { container: { path: 'box' }, bridge: 'nl0', subnet: '172.30.0.0/16', ipv6: { subnet: 'fd30::/64' },
      publish: [{ hostPort: 8080, port: 80 }] }).plan();
    const commands = steps.map(({ where, command }) => `${where}: ${command}`);
    for (const command of ['host: sysctl -w net/ipv4/ip_forward=1', 'host: ip address add 172.30.0.1/16 dev nl0', 'container: ip address add 172.30.0.2/16 dev eth0',
      'container: ip route add default via 172.30.0.1 dev eth0']) assert.ok(commands.includes(command), `${command}\n${commands.join('\n')}`);
    await assert.rejects(modes.bridge.attach(host, { container: { path: 'box' }, bridge: 'nl1', subnet: '192.0.2.0/25' }).plan(), { code: 'ERR_SUBNET_IN_USE' });
  }),
};
