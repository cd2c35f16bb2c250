// timeout: 400 s
import { type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { netavark } from '../../../src/engines/index.ts';
import { netns, openRoute } from '../../../src/index.ts';
import { lacksNat } from '../../support/cni.ts';
import { noContainers } from '../../support/installed.ts';
import { gatewayAddress, hostAddress, makeLan, type Lan } from '../../support/lan.ts';
import { makePlugin, startsNothing, type Plugin } from '../../support/plugin.ts';
import { remains } from '../../support/remains.ts';
import { greeting, makeRootfs, server } from '../../support/rootfs.ts';
import { skip } from '../../support/skip.ts';

/** Calls and their fields are as netavark 1.17 and podman 5.8 made them. */
const id = 'ad53c406e3c55e196bc6d8f84e90f28d7df5bc90cccdd1609f19aa19e388ff7b';
const folder = mkdtempSync(join(tmpdir(), 'netavark-')), root = join(folder, 'root');
let lan: Lan, plugin: Plugin, web: ChildProcess;

const asked = (more: object = {}) => ({
  name: 'web', id, driver: 'netlink-ts', created: '0001-01-01T00:00:00Z', subnets: [{ subnet: '10.66.0.0/24' }],
  ipv6_enabled: false, internal: false, dns_enabled: true, options: {}, ...more,
});

/** A network as podman has it after `create`, and hands it to `setup` by way of netavark. */
const network = async (more: object = {}): Promise<any> => {
  const { name, driver, subnets, ...rest } = await well(['create'], asked(more));
  return { name, driver, id, internal: false, ipv6_enabled: false, network_interface: null, options: null, ipam_options: null, routes: null,
    network_dns_servers: null, ...rest, subnets: subnets?.map((one: object) => ({ gateway: null, lease_range: null, ...one })) ?? null };
};
const container = (of: object, name: string, more: object = {}, ports: object[] | null = null) => ({
  container_id: name.repeat(64).slice(0, 64), container_name: name, port_mappings: ports, network: of,
  network_options: { aliases: [name], interface_name: 'eth0', static_ips: null, static_mac: null, options: null, ...more },
});
const path = (name: string) => `/run/netns/${name}`;

const ask = (words: string[], input: unknown) =>
  netavark({ words, input: typeof input === 'string' ? input : JSON.stringify(input), state: plugin.state, version: '1.2.3' });
async function well(words: string[], input: unknown): Promise<any> {
  const { exitCode, output } = await ask(words, input);
  assert.is(exitCode, 0, output);
  return output === '' ? undefined : JSON.parse(output);
}
async function badly(words: string[], input: unknown): Promise<string> {
  const { exitCode, output } = await ask(words, input);
  assert.is(exitCode, 1, output);
  return JSON.parse(output).error;
}

/** The program itself, as netavark starts it. */
function program(words: string[], input: unknown): any {
  const { code, stdout, stderr } = plugin.run(words, input);
  assert.is(code, 0, stdout + stderr);
  return stdout === '' ? undefined : JSON.parse(stdout);
}

test.before(async () => {
  lan = await makeLan();
  plugin = makePlugin(folder, 'netlink-ts');
  makeRootfs(root);
  for (const name of ['a', 'b']) netns.create(name);
  web = netns.spawn('a', join(root, 'bin/busybox'), server.map((word) => (word === '/www' ? join(root, 'www') : word)));
});
test.after(async () => {
  if (web?.kill()) await once(web, 'exit');
  for (const name of ['a', 'b']) netns.delete(name);
  lan?.close();
});

test('info', () => {
  const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'));
  assert.equal(program(['info'], ''), { version, api_version: '1.0.0' });
});

test('create checks a network, and says more of it', async () => {
  const made = await well(['create'], asked());
  assert.equal(made, { ...asked(), dns_enabled: false, network_interface: made.network_interface, subnets: [{ subnet: '10.66.0.0/24', gateway: '10.66.0.1' }] });
  assert.match(made.network_interface, /^nt-/);
  assert.is((await well(['create'], asked({ options: { parent: 'em1' } }))).network_interface, 'br0');
  assert.is((await well(['create'], asked({ options: { mode: 'macvlan', parent: 'em1' } }))).network_interface, 'em1');
  assert.is((await well(['create'], asked({ network_interface: 'nt7' }))).network_interface, 'nt7');
  assert.equal((await well(['create'], asked({ internal: true }))).subnets, [{ subnet: '10.66.0.0/24' }]);
  assert.match(await badly(['create'], asked({ options: { parnet: 'em1' } })), 'there is no option parnet');
  assert.match(await badly(['create'], asked({ options: { mode: 'teleport' } })), 'teleport');
  assert.match(await badly(['create'], asked({ options: { mode: 'ports' } })), 'mode ports');
  assert.match(await badly(['create'], asked({ subnets: null })), '--subnet');
  assert.match(await badly(['create'], asked({ subnets: [{ subnet: '10.66.0.0' }] })), '10.66.0.0');
  assert.match(await badly(['create'], '{'), 'no JSON');
  assert.match(await badly(['create'], {}), 'lacks name, driver');
});

test('setup and teardown of a network behind NAT: reached by address and by published port, nothing left', async () => {
  const before = remains({ folders: [plugin.state] }), net = await network();
  assert.equal(program(['create'], asked()).subnets, [{ subnet: '10.66.0.0/24', gateway: '10.66.0.1' }]);
  const call = container(net, 'a', { static_ips: ['10.66.0.9'], static_mac: '02:00:00:00:00:09' },
    [{ container_port: 80, host_ip: '', host_port: 8111, protocol: 'tcp', range: 1 }, { container_port: 90, host_ip: '', host_port: 8190, protocol: 'tcp,udp', range: 3 }]);
  assert.equal(program(['setup', path('a')], call), {
    dns_search_domains: [], dns_server_ips: [],
    interfaces: { eth0: { mac_address: '02:00:00:00:00:09', subnets: [{ ipnet: '10.66.0.9/24', gateway: '10.66.0.1' }] } },
  });
  assert.match(lan.page(`http://${hostAddress}:8111/`), greeting);
  assert.match(lan.page('http://10.66.0.9/', netns.current()), greeting);
  assert.match(await badly(['setup', path('a')], call), 'eth0');
  assert.match(await badly(['setup', path('b')], container(net, 'b', { static_ips: ['10.66.0.9'] })), 'in use');
  assert.match(await badly(['setup', path('b')], container(net, 'b', {}, [{ container_port: 1, host_ip: '', host_port: 8192, protocol: 'udp', range: 1 }])), '8192');
  const second = await well(['setup', path('b')], container(net, 'b')); // podman has named no address: ours is given
  assert.match(second.interfaces.eth0.subnets[0].ipnet, /^10\.66\.0\.\d+\/24$/);
  await well(['teardown', path('b')], container(net, 'b'));
  assert.is(program(['teardown', path('a')], call), undefined);
  await well(['teardown', path('a')], call);
  await well(['teardown', path('gone')], container(net, 'c'));
  assert.equal(remains({ folders: [plugin.state] }), before);
});

test('an internal network has no way out; routes come besides the default one', async () => {
  const shown = () => {
    using inside = openRoute({ netns: 'b' });
    return inside.sync.route.list({ family: 'inet', table: 'main' }).map(({ dst, gateway }) => [dst ?? 'default', gateway]);
  };
  const before = remains({ folders: [plugin.state] });
  const inner = container(await network({ internal: true }), 'b');
  await well(['setup', path('b')], inner);
  assert.equal(shown(), [['10.66.0.0/24', undefined]]);
  await well(['teardown', path('b')], inner);
  const routed = container(await network({ routes: [{ destination: '10.1.0.0/16', gateway: '10.66.0.7', metric: 100 }] }), 'b');
  await well(['setup', path('b')], routed);
  assert.equal(shown().sort(), [['10.1.0.0/16', '10.66.0.7'], ['10.66.0.0/24', undefined], ['default', '10.66.0.1']]);
  await well(['teardown', path('b')], routed);
  assert.equal(remains({ folders: [plugin.state] }), before);
});

test('in two networks a container\'s port is published once', async () => {
  const before = remains({ folders: [plugin.state] }), ports = [{ container_port: 80, host_ip: '', host_port: 8111, protocol: 'tcp', range: 1 }];
  const one = container(await network(), 'a', {}, [...ports, { container_port: 80, host_port: 8181, host_ip: '127.0.0.1', protocol: null, range: null }]);
  const two = container(await network({ name: 'other', subnets: [{ subnet: '10.67.0.0/24' }] }), 'a', { interface_name: 'eth1' }, ports);
  for (const call of [one, two]) await well(['setup', path('a')], call);
  assert.match(lan.page(`http://${hostAddress}:8111/`), greeting);
  assert.match(lan.page('http://127.0.0.1:8181/', netns.current()), greeting);
  for (const call of [one, two]) await well(['teardown', path('a')], call);
  assert.equal(remains({ folders: [plugin.state] }), before);
});

test('what it is asked badly is refused in netavark\'s words', async () => {
  const before = remains({ folders: [plugin.state] }), net = await network();
  assert.match(await badly(['setup'], container(net, 'a')), 'path');
  assert.match(await badly(['setup', path('gone')], container(net, 'a')), 'gone');
  assert.match(await badly(['setup', path('a')], '['), 'no JSON');
  assert.match(await badly(['setup', path('a')], { network: net }), 'lacks container_id, network_options');
  assert.match(await badly(['setup', path('a')], container(net, 'a', { static_ips: ['10.99.0.7'] })), '10.99.0.7');
  assert.match(await badly(['setup', path('a')], container(net, 'a', { static_mac: 'x' })), 'mac');
  assert.match(await badly(['setup', path('a')], container({ ...net, options: { mode: 'macvlan', parent: 'em9' } }, 'a')), 'em9');
  assert.equal(remains({ folders: [plugin.state] }), before);
});

test('an address of the LAN upon a bridge, reached from there', async () => {
  const net = await network({ subnets: [{ subnet: '172.24.133.0/24', gateway: gatewayAddress }], options: { parent: 'em1' } });
  const call = container(net, 'a', { static_ips: ['172.24.133.253'] });
  const before = remains({ folders: [plugin.state] });
  program(['setup', path('a')], call);
  assert.match(lan.page('http://172.24.133.253/'), greeting);
  program(['teardown', path('a')], call);
  assert.equal(remains({ folders: [plugin.state] }), before);
});

test('no program but ours was started', () => startsNothing(plugin, 6));

const reason = noContainers('busybox') ?? await lacksNat();
if (reason === undefined) test.run();
else skip(reason);
