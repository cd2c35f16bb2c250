import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readConfig } from '../../../src/engines/cni/config.ts';
import { readEnvironment } from '../../../src/engines/cni/environment.ts';
import { common, negotiate, resultOf } from '../../../src/engines/cni/version.ts';
import { readSettings } from '../../../src/engines/network/settings.ts';

const read = (more: object, args: Record<string, string> = {}) => readConfig(JSON.stringify({ cniVersion: '1.1.0', name: 'web', ...more }), { args });

/** The number and the sentence of what is thrown. */
function refused(work: () => unknown): [number, string] {
  try {
    work();
  } catch (error) {
    return [(error as { number: number }).number, (error as Error).message];
  }
  throw new Error('it should have failed');
}

test('a configuration that says the least', () => {
  const { raw: _, settings: { mode }, ...config } = read({});
  assert.is(mode, 'bridge');
  assert.equal(config, { version: '1.1.0', name: 'web', ipam: undefined, ports: [], ips: [], mac: undefined, bandwidth: undefined, dns: {}, prevResult: undefined, valid: undefined });
});

test('what is null is not there, and an IPAM without a type is none', () => {
  const config = read({ runtimeConfig: null, prevResult: null, ipam: {}, dns: null, mac: '' });
  assert.equal([config.ipam, config.prevResult, config.mac, config.ports], [undefined, undefined, undefined, []]);
  assert.equal(read({ ipam: { type: '' } }).ipam, undefined);
  assert.equal(read({ runtimeConfig: { portMappings: null, ips: null } }).ips, []);
  assert.equal(read({ prevResult: {} }).prevResult, { interfaces: [], ips: [], routes: [], dns: {} });
});

test('addresses and the MAC address: the runtime goes first, args.cni next, CNI_ARGS after it, the network last', () => {
  const all = { mac: '02:00:00:00:00:04', runtimeConfig: { mac: '02:00:00:00:00:01', ips: ['10.0.0.1'] }, args: { cni: { mac: '02:00:00:00:00:02', ips: ['10.0.0.2'] } } };
  const args = { MAC: '02:00:00:00:00:03', IP: '10.0.0.3,fd00::3' };
  const said = (config: ReturnType<typeof read>) => [config.mac, ...config.ips];
  assert.equal(said(read(all, args)), ['02:00:00:00:00:01', '10.0.0.1']);
  assert.equal(said(read({ ...all, runtimeConfig: {} }, args)), ['02:00:00:00:00:02', '10.0.0.2']);
  assert.equal(said(read({ mac: all.mac }, args)), ['02:00:00:00:00:03', '10.0.0.3', 'fd00::3']);
  assert.equal(said(read({ mac: all.mac })), ['02:00:00:00:00:04']);
});

test('bandwidth is the runtime\'s, or else the network\'s', () => {
  assert.equal(read({ bandwidth: { ingressRate: 1 } }).bandwidth, { ingressRate: 1 });
  assert.equal(read({ bandwidth: { ingressRate: 1 }, runtimeConfig: { bandwidth: { egressRate: 2 } } }).bandwidth, { egressRate: 2 });
  assert.equal(read({ runtimeConfig: { bandwidth: { IngressRate: 8, IngressBurst: 4294967295, other: 1, egressRate: null } } }).bandwidth, { ingressRate: 8, ingressBurst: 4294967295 });
});

test('ports in the words of CRI and of podman', () => {
  const ports = (...portMappings: object[]) => read({ runtimeConfig: { portMappings } }).ports;
  assert.equal(ports({ HostPort: 81, ContainerPort: 80, Protocol: 'UDP', HostIP: '127.0.0.1' }), [{ hostPort: 81, containerPort: 80, protocol: 'udp', hostIP: '127.0.0.1' }]);
  assert.equal(ports({ hostPort: 81, containerPort: 80, protocol: '', hostIP: '' }), [{ hostPort: 81, containerPort: 80, protocol: 'tcp' }]);
});

test('what has another form than the specification gives it is told by its key', () => {
  for (const [more, word] of [
    [{ runtimeConfig: [] }, 'runtimeConfig'], [{ dns: 'x' }, 'dns'], [{ ipam: { subnet: '10.0.0.0/8' } }, 'ipam.type'], [{ ipam: { type: 7 } }, 'ipam.type'],
    [{ runtimeConfig: { portMappings: {} } }, 'portMappings'], [{ runtimeConfig: { portMappings: [null] } }, 'portMappings'],
    [{ runtimeConfig: { ips: '10.0.0.1' } }, 'ips'], [{ runtimeConfig: { ips: [1] } }, 'ips'], [{ 'cni.dev/valid-attachments': 1 }, 'valid-attachments'],
    [{ prevResult: { ips: 3 } }, 'ips'], [{ mac: 5 }, 'mac'], [{ runtimeConfig: { portMappings: [{ hostPort: 80, containerPort: 1.5 }] } }, 'portMappings[0]'],
    [{ name: 7 }, 'name'], [{ bandwidth: { ingressRate: '1M' } }, 'bandwidth.ingressRate'], [{ bandwidth: { egressBurst: -1 } }, 'bandwidth.egressBurst'],
  ] as const) {
    const [number, message] = refused(() => read(more));
    assert.is(number, 7, JSON.stringify(more));
    assert.ok(message.includes(word), message);
  }
});

test('settings of options are text, and the words of the reference plugins are taken', () => {
  const settings = readSettings('n', { mode: 'lan', master: 'em1', bridge: '', vlan: '7', mtu: '1400', ipMasq: '1', isGateway: 'true', isDefaultGateway: 'false', hairpinMode: '0', probe: true });
  assert.equal(settings, { mode: 'lan', bridge: 'br0', parent: 'em1', device: undefined, vlan: 7, mtu: 1400, masquerade: true, gateway: true, defaultRoute: false,
    hairpin: false, probe: true, macvlanMode: 'bridge', ipvlanMode: 'l2' });
  assert.is(readSettings('n', { mtu: 0 }).mtu, undefined); // as podman says that it wants none
  assert.match(readSettings('n', {}).bridge, /^nt-[0-9a-f]{8}$/);
  for (const [given, word] of [
    [{ bridge: '..' }, 'bridge'], [{ bridge: 'a b' }, 'bridge'], [{ bridge: 'abcdefghijklmnop' }, 'bridge'], [{ bridge: 3 }, 'bridge'], [{ probe: 'maybe' }, 'probe'],
    [{ vlan: 'x' }, 'vlan'], [{ mtu: 67.5 }, 'mtu'], [{ mode: 'ptp', vlan: 3 }, 'vlan'], [{ mode: 'ipvlan' }, 'parent'], [{ mode: 'host-device' }, 'device'],
  ] as const) assert.throws(() => readSettings('n', given), new RegExp(`^${word} is `));
  assert.throws(() => readSettings('n', { macvlanMode: 'x' }), /private, vepa, bridge, passthru/);
});

test('variables of each command', () => {
  const all = { CNI_CONTAINERID: 'c', CNI_NETNS: '/n', CNI_IFNAME: 'eth0', CNI_PATH: '/a::/b', CNI_ARGS: ';A=1;B=x=y;' };
  assert.equal(readEnvironment({ CNI_COMMAND: 'ADD', ...all }), { command: 'ADD', containerId: 'c', netns: '/n', ifname: 'eth0', path: ['/a', '/b'], args: { A: '1', B: 'x=y' } });
  assert.equal(readEnvironment({ CNI_COMMAND: 'VERSION' }), { command: 'VERSION', containerId: '', netns: '', ifname: '', path: [], args: {} });
  assert.equal(readEnvironment({ CNI_COMMAND: 'GC', CNI_PATH: '/a' }).command, 'GC');
  for (const name of ['.', '..', 'a:b', 'a b'])
    assert.match(refused(() => readEnvironment({ CNI_COMMAND: 'DEL', ...all, CNI_IFNAME: name }))[1], 'CNI_IFNAME');
  assert.equal(refused(() => readEnvironment({ CNI_COMMAND: 'DEL' })), [4, 'CNI_CONTAINERID, CNI_IFNAME, CNI_PATH are missing']);
  assert.match(refused(() => readEnvironment({ CNI_COMMAND: '' }))[1], 'CNI_COMMAND is missing');
  assert.is(refused(() => readEnvironment({ CNI_COMMAND: 'ADD', ...all, CNI_ARGS: '=x' }))[0], 4);
});

test('versions: the newest that both speak, and results in the words of each', () => {
  assert.is(common(['0.2.0', '0.4.0', '1.0.0', '9.0.0']), '1.0.0');
  assert.is(common(['0.4.0', '1.0.0'], '0.4.0'), '0.4.0');
  assert.is(common(['9.0.0']), undefined);
  assert.is(negotiate('0.4.0'), '0.4.0');
  assert.is(refused(() => negotiate(''))[0], 1);
  const result = { interfaces: [{ name: 'eth0', mtu: 1500 }], ips: [{ address: 'fd00::2/64' }], routes: [{ dst: '::/0', mtu: 1400 }], dns: { domain: undefined } };
  assert.equal(resultOf(result, '0.4.0'), { cniVersion: '0.4.0', interfaces: [{ name: 'eth0' }], ips: [{ version: '6', address: 'fd00::2/64' }], routes: [{ dst: '::/0' }], dns: {} });
  assert.equal(resultOf(result, '1.1.0'), { cniVersion: '1.1.0', interfaces: [{ name: 'eth0', mtu: 1500 }], ips: [{ address: 'fd00::2/64' }], routes: [{ dst: '::/0', mtu: 1400 }], dns: {} });
});

test.run();
