// timeout: 600 s
import { execFileSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { netns, openRoute } from '../../../src/index.ts';
import { as, ask, badly, conf, echo, lacksNat, left, pool, reference, state, well } from '../../support/cni.ts';
import { noContainers } from '../../support/installed.ts';
import { makeUplink } from '../../support/lan.ts';
import { skip } from '../../support/skip.ts';
import { descriptors } from '../../support/descriptors.ts';
import { eventually } from '../../support/witness.ts';

const nl = openRoute(), children: ChildProcess[] = [];
let lan: netns.Namespace;

const http = (from: netns.Namespace | undefined, address: string, port: number): string => {
  const args = ['--import', 'tsx', echo, 'ask', address, String(port)];
  return (from ? netns.spawnSync(from, process.execPath, args).stdout : execFileSync(process.execPath, args, { encoding: 'utf8' })).trim();
};

test.before(async () => {
  for (const name of ['c1', 'c2']) netns.create(name);
  lan = await makeUplink();
});
test.after(() => {
  for (const child of children) child.kill();
  for (const { name } of netns.list()) if (name) netns.delete(name);
  lan.close();
  nl.close();
});

const behindNat = (name: string, work: () => Promise<unknown>) => test(name, async () => {
  const lacks = await lacksNat();
  if (lacks) skip(lacks);
  else await work();
});

behindNat('a container behind NAT: up, reached by its published port, checked, removed, nothing left', async () => {
  const before = descriptors(), config = conf({ runtimeConfig: { portMappings: [{ HostPort: 8111, ContainerPort: 80, Protocol: 'tcp', HostIP: '' }], bandwidth: { ingressRate: 80_000_000, ingressBurst: 8_000_000, egressRate: 80_000_000, egressBurst: 8_000_000 } } });
  const result = await well('ADD', config);
  assert.equal(result.ips, [{ interface: 2, address: '10.88.0.2/24', gateway: '10.88.0.1' }]);
  assert.equal(result.interfaces.map((one: any) => [one.name, one.sandbox]), [['nt0', undefined], [result.interfaces[1].name, undefined], ['eth0', '/run/netns/c1']]);
  assert.equal(result.routes, [{ dst: '0.0.0.0/0', gw: '10.88.0.1' }]);
  const shown = JSON.parse(netns.spawnSync('c1', 'ip', ['-json', 'route']).stdout);
  assert.ok(shown.some((route: any) => route.dst === 'default' && route.gateway === '10.88.0.1'));
  assert.match(netns.spawnSync('c1', 'tc', ['qdisc', 'show', 'dev', 'eth0']).stdout, 'tbf');

  const child = netns.spawn('c1', process.execPath, ['--import', 'tsx', echo, 'serve', '80']);
  children.push(child);
  await once(child.stdout!, 'data');
  assert.match(http(lan, '172.24.133.100', 8111), 'hello');
  assert.match(http(undefined, '10.88.0.2', 80), 'hello');
  assert.match(http(undefined, '127.0.0.1', 8111), 'hello');
  assert.match(http(netns.open('c1'), '10.88.0.1', 8111), 'hello');
  assert.match(http(lan, '172.24.133.100', 8112), 'no:');

  await well('CHECK', { ...config, prevResult: result });
  assert.match(await badly(4, 'ADD', config), 'CNI_IFNAME');
  await well('CHECK', { ...config, prevResult: result }); // a second ADD has harmed nothing
  using inside = openRoute({ netns: 'c1' });
  await inside.addr.delete('eth0', '10.88.0.2/24');
  assert.match(await badly(100, 'CHECK', { ...config, prevResult: result }), 'lacks the address');
  inside.close();
  child.kill();
  await once(child, 'close'); // its pipes are descriptors, too
  await well('DEL', { ...config, prevResult: result });
  await well('DEL', config, { CNI_NETNS: '' });
  assert.equal(left(), []);
  await eventually(() => descriptors() <= before + 1); // one that the test itself has opened
});

behindNat('results in the words of each version', async () => {
  for (const cniVersion of ['0.3.1', '0.4.0', '1.0.0', '1.1.0']) {
    const result = await well('ADD', conf({ cniVersion }));
    assert.is(result.cniVersion, cniVersion);
    assert.is(result.ips[0].version, cniVersion < '1' ? '4' : undefined);
    assert.is(result.interfaces[2].mtu, cniVersion === '1.1.0' ? 1500 : undefined);
    const chained = conf({ cniVersion, mode: 'ports', prevResult: result, name: 'more', runtimeConfig: { portMappings: [{ hostPort: 81, containerPort: 80 }] } });
    assert.equal(await well('ADD', chained), result);
    if (cniVersion !== '0.3.1') for (const one of [conf({ cniVersion, prevResult: result }), chained]) await well('CHECK', one);
    await well('DEL', chained);
    await well('DEL', conf({ cniVersion, prevResult: result }));
    assert.equal(left(), []);
  }
  assert.equal(await well('VERSION', ''), { cniVersion: '1.1.0', supportedVersions: ['0.3.1', '0.4.0', '1.0.0', '1.1.0'] });
  await badly(1, 'CHECK', conf({ cniVersion: '0.3.1' }));
  await badly(1, 'GC', conf({ cniVersion: '1.0.0' }));
});

behindNat('what nobody calls DEL for is taken by GC', async () => {
  const config = conf({ runtimeConfig: { portMappings: [{ hostPort: 81, containerPort: 80 }] } });
  const kept = await well('ADD', config, as('c2'));
  await well('ADD', conf());
  netns.delete('c1'); // and nobody calls DEL
  await well('GC', { ...conf(), 'cni.dev/valid-attachments': [{ containerID: 'c2', ifname: 'eth0' }] });
  assert.is(left().filter((one) => one.endsWith('.json')).length, 1);
  await well('CHECK', { ...config, prevResult: kept }, as('c2'));
  await well('GC', { ...conf(), 'cni.dev/valid-attachments': [] });
  assert.equal(left(), []);
  netns.create('c1');
});

for (const mode of ['ptp', 'macvlan', 'host-device', 'ipvlan']) {
  (mode === 'ptp' ? behindNat : test)(`mode ${mode}`, async () => {
    if (mode === 'host-device') await nl.link.add({ name: 'lent', kind: 'veth', options: { peer: { name: 'lent0' } } });
    const config = conf({ mode, parent: 'em1', device: 'lent', ipam: mode === 'ptp' ? pool : { type: 'netlink-ts', subnet: '172.24.133.0/24', rangeStart: '172.24.133.50', gateway: '172.24.133.254' } });
    const answer = await ask('ADD', config);
    if (/Unknown device type/.test(answer.value?.msg ?? '')) return skip(`this kernel has no ${mode}`);
    assert.is(answer.code, 0, JSON.stringify(answer.value));
    if (mode === 'ptp') assert.is(netns.spawnSync('c1', 'ping', ['-c1', '-W5', '10.88.0.1']).status, 0);
    if (mode.endsWith('vlan')) assert.is(netns.spawnSync('c1', 'ping', ['-c1', '-W5', '172.24.133.254']).status, 0);
    await well('CHECK', { ...config, prevResult: answer.value });
    await well('DEL', config);
    if (mode === 'host-device') await nl.link.delete('lent');
    assert.equal(left(), []);
  });
}

test('mode lan: the uplink\'s address moves to a bridge, the container gets one of the LAN, and the LAN is asked and told', async () => {
  await nl.route.add({ dst: 'default', gateway: '172.24.133.254' });
  const config = (ip: string, more: object = {}) => conf({ mode: 'lan', bridge: 'br0', parent: 'em1', ipam: { type: 'netlink-ts', subnet: '172.24.133.0/24', gateway: '172.24.133.1' }, runtimeConfig: { ips: [ip] }, ...more });
  assert.match(await badly(102, 'ADD', config('172.24.133.253', { parent: 'em9' })), 'em9: there is no such link');
  assert.match(await badly(101, 'ADD', config('172.24.133.254')), /in use on the network of eth0, by [0-9a-f:]{17}/);
  assert.match(await badly(101, 'ADD', config('172.24.133.100')), /in use on the network of eth0|address of the host itself/);
  assert.equal(left(), []);
  using there = openRoute({ netns: lan });
  await there.neigh.add({ dev: 'lan0', dst: '172.24.133.253', lladdr: '02:00:00:00:00:99', state: 'stale' });
  const result = await well('ADD', config('172.24.133.253'));
  assert.is(result.ips[0].address, '172.24.133.253/24');
  await eventually(async () => (await there.neigh.list({ dev: 'lan0' })).some(({ dst, lladdr }) => dst === '172.24.133.253' && lladdr === result.interfaces.at(-1).mac));
  assert.is(netns.spawnSync(lan, 'ping', ['-c1', '-W5', '172.24.133.253']).status, 0);
  assert.is(netns.spawnSync(lan, 'ping', ['-c1', '-W5', '172.24.133.100']).status, 0); // the host is where it was
  const shown = (...words: string[]): string => execFileSync('ip', words, { encoding: 'utf8' });
  assert.match(shown('-4', '-o', 'addr', 'show', 'dev', 'br0'), '172.24.133.100/24');
  assert.is(shown('-4', '-o', 'addr', 'show', 'dev', 'em1'), '');
  assert.match(shown('route', 'show', 'default'), 'dev br0');
  await well('CHECK', { ...config('172.24.133.253'), prevResult: result });
  await well('DEL', config('172.24.133.253'));
  assert.match(await badly(102, 'ADD', config('172.24.133.253', { parent: 'lo' })), 'lo is no port of it');
  assert.equal(left(), []);
  await well('ADD', config('172.24.133.253'));
  const gc = (...valid: object[]) => well('GC', { ...config('172.24.133.253'), 'cni.dev/valid-attachments': valid });
  await gc({ containerID: 'c1', ifname: 'eth0' });
  assert.match(shown('route', 'show', 'default'), 'dev br0');
  await gc();
  assert.match(shown('route', 'show', 'default'), 'dev em1');
  assert.match(shown('-4', '-o', 'addr', 'show', 'dev', 'em1'), '172.24.133.100/24');
  assert.not.ok(nl.sync.link.list().some(({ name }) => name === 'br0'));
  assert.equal(left(), []);
});

test('mode lan with IPv6 alone: the kernel asks who has the address, and the LAN is told', async () => {
  const config = conf({ mode: 'lan', bridge: 'br0', parent: 'em1', ipam: undefined, addresses: ['fd00:33::7/64'], gatewayAddress: 'fd00:33::1' });
  using there = openRoute({ netns: lan });
  await there.neigh.add({ dev: 'lan0', dst: 'fd00:33::7', lladdr: '02:00:00:00:00:99', state: 'stale' });
  const { ips, routes, interfaces } = await well('ADD', config);
  assert.equal([ips, routes], [[{ address: 'fd00:33::7/64', gateway: 'fd00:33::1', interface: 2 }], [{ dst: '::/0', gw: 'fd00:33::1' }]]);
  await eventually(async () => (await there.neigh.list({ dev: 'lan0' })).some(({ dst, lladdr }) => dst === 'fd00:33::7' && lladdr === interfaces.at(-1).mac));
  await well('DEL', config);
  await well('GC', { ...config, 'cni.dev/valid-attachments': [] });
  assert.equal(left(), []);
});

behindNat('IPv6 beside IPv4: addresses, routes, published ports, a ping to the gateway', async () => {
  const config = conf({ bridge: 'nt6', ipam: { type: 'netlink-ts', ranges: [[{ subnet: '10.91.0.0/24' }], [{ subnet: 'fd00:91::/64' }]] },
    runtimeConfig: { portMappings: [{ hostPort: 8116, containerPort: 80 }] } });
  const result = await well('ADD', config);
  assert.equal(result.ips.map(({ address }: any) => address), ['10.91.0.2/24', 'fd00:91::2/64']);
  assert.equal(result.routes, [{ dst: '0.0.0.0/0', gw: '10.91.0.1' }, { dst: '::/0', gw: 'fd00:91::1' }]);
  assert.is(netns.spawnSync('c1', 'ping', ['-6', '-c1', '-W5', 'fd00:91::1']).status, 0);
  const child = netns.spawn('c1', process.execPath, ['--import', 'tsx', echo, 'serve', '80']);
  children.push(child);
  await once(child.stdout!, 'data');
  assert.match(http(undefined, 'fd00:91::1', 8116), 'hello');
  child.kill();
  await well('CHECK', { ...config, prevResult: result });
  await well('DEL', config);
  assert.equal(left(), []);
});

behindNat('egress is limited at the container\'s end, ingress at the host\'s', async () => {
  const config = conf({ runtimeConfig: { bandwidth: { ingressRate: 8_000_000, ingressBurst: 800_000, egressRate: 16_000_000, egressBurst: 800_000 } } });
  const { interfaces } = await well('ADD', config);
  const rate = (text: string): string | undefined => /rate (\S+)/.exec(text)?.[1];
  assert.is(rate(execFileSync('tc', ['qdisc', 'show', 'dev', interfaces[1].name], { encoding: 'utf8' })), '8Mbit');
  assert.is(rate(netns.spawnSync('c1', 'tc', ['qdisc', 'show', 'dev', 'eth0']).stdout), '16Mbit');
  await well('DEL', config);
  assert.equal(left(), []);
});

test('a VLAN of a bridge that filters; one that does not is refused', async () => {
  await nl.link.add({ name: 'brv', kind: 'bridge', up: true });
  const config = conf({ mode: 'lan', bridge: 'brv', vlan: 7, probe: false });
  assert.match(await badly(102, 'ADD', config), 'does not filter VLANs');
  const lacks = await nl.link.change('brv', { kind: 'bridge', options: { vlanFiltering: true } }).then(() => false, ({ code }) => code === 'EOPNOTSUPP');
  if (lacks) {
    await nl.link.delete('brv');
    return skip('this kernel filters no VLANs');
  }
  const { interfaces } = await well('ADD', config);
  const [shown] = JSON.parse(execFileSync('bridge', ['-json', 'vlan', 'show', 'dev', interfaces[1].name], { encoding: 'utf8' }));
  assert.equal(shown.vlans, [{ vlan: 7, flags: ['PVID', 'Egress Untagged'] }]);
  await well('DEL', config);
  await nl.link.delete('brv');
  assert.equal(left(), []);
});

behindNat('addresses of the IPAM plugin host-local, which GC gives back, too', async () => {
  if (!existsSync(`${reference}/host-local`)) return skip('containernetworking-plugins is not installed');
  const config = conf({ ipam: { type: 'host-local', ranges: [[{ subnet: '10.90.0.0/24' }]], routes: [{ dst: '0.0.0.0/0' }], dataDir: join(state, 'host-local') } });
  const held = (): string[] => readdirSync(join(state, 'host-local/web')).filter((name) => name.startsWith('10.'));
  const result = await well('ADD', config);
  assert.is(result.ips[0].address, '10.90.0.2/24');
  await well('CHECK', { ...config, prevResult: result });
  await well('DEL', config);
  assert.equal(held(), []);
  assert.match(await badly(102, 'ADD', { ...config, mode: 'macvlan', parent: 'em9' }), 'em9'); // what it gave goes back
  assert.equal(held(), []);
  await well('ADD', config);
  const kept = await well('ADD', config, as('c2'));
  await well('GC', { ...config, 'cni.dev/valid-attachments': [{ containerID: 'c2', ifname: 'eth0' }] });
  assert.equal(held(), [kept.ips[0].address.replace('/24', '')]);
  await well('DEL', config, as('c2'));
  assert.equal([...held(), ...left()], []);
});

const reason = noContainers();
if (reason === undefined) test.run();
else skip(reason);
