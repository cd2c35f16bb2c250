// timeout: 240 s
import { execFileSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { netns, openRoute } from '../../../src/index.ts';
import { cni } from '../../../src/engines/index.ts';
import { openNetfilter } from '../../../src/netfilter/index.ts';
import { skip } from '../../support/skip.ts';
import { descriptors } from '../../support/descriptors.ts';
import { eventually } from '../../support/witness.ts';

const echo = fileURLToPath(new URL('../netfilter/echo.ts', import.meta.url));
const state = mkdtempSync(join(tmpdir(), 'engines-')), nl = openRoute(), lan = netns.make();
const children: ChildProcess[] = [];
const path = '/usr/lib/cni';

const pool = { type: 'netlink-ts', subnet: '10.88.0.0/24' };
const conf = (more: object = {}) => ({ cniVersion: '1.1.0', name: 'web', type: 'netlink-ts-net', bridge: 'nt0', ipam: pool, ...more });

interface Answer { code: number; value: any }
async function ask(command: string, config: unknown, variables: object = {}): Promise<Answer> {
  const { exitCode, output } = await cni({
    state, input: typeof config === 'string' ? config : JSON.stringify(config),
    variables: { CNI_COMMAND: command, CNI_CONTAINERID: 'c1', CNI_NETNS: '/run/netns/c1', CNI_IFNAME: 'eth0', CNI_PATH: path, ...variables },
  });
  return { code: exitCode, value: output === '' ? undefined : JSON.parse(output) };
}
const as = (name: string) => ({ CNI_CONTAINERID: name, CNI_NETNS: `/run/netns/${name}` });
async function well(command: string, config: unknown, variables: object = {}): Promise<any> {
  const { code, value } = await ask(command, config, variables);
  assert.is(code, 0, JSON.stringify(value));
  return value;
}
async function badly(code: number, command: string, config: unknown, variables: object = {}): Promise<string> {
  const answer = await ask(command, config, variables);
  assert.is(answer.code, 1, `${command} should fail`);
  assert.is(answer.value.code, code, JSON.stringify(answer.value));
  return answer.value.msg as string;
}

/** Links, addresses, rules, reservations and records: all that ADD may leave. */
function left(): string[] {
  using nft = openNetfilter();
  const files = existsSync(state) ? (readdirSync(state, { recursive: true, encoding: 'utf8' }) as string[]) : [];
  return [
    ...nl.sync.link.list().map(({ name }) => name).filter((name) => /^nt[0-9a-f]{12}$/.test(name)),
    ...nft.sync.rule.list().filter((rule) => rule.table === 'netlink-ts-engines').map(() => 'rule'),
    ...files.filter((name) => (name.endsWith('.json') && !name.startsWith('bridges/')) || name.endsWith('.lock') || /pools\/.*\/[0-9]+\./.test(name)),
  ];
}

const http = (from: netns.Namespace | undefined, address: string, port: number): string => {
  const args = ['--import', 'tsx', echo, 'ask', address, String(port)];
  return (from ? netns.spawnSync(from, process.execPath, args).stdout : execFileSync(process.execPath, args, { encoding: 'utf8' })).trim();
};

test.before(async () => {
  for (const name of ['c1', 'c2']) netns.create(name);
  await nl.link.change('lo', { up: true });
  await nl.link.add({ name: 'em1', kind: 'veth', up: true, options: { peer: { name: 'lan0', netns: lan } } });
  await nl.addr.add('em1', '172.24.133.100/24');
  using there = openRoute({ netns: lan });
  await there.link.change('lo', { up: true });
  await there.link.change('lan0', { up: true });
  await there.addr.add('lan0', '172.24.133.254/24');
});
test.after(() => {
  for (const child of children) child.kill();
  for (const { name } of netns.list()) if (name) netns.delete(name);
  lan.close();
  nl.close();
});

test('a container behind NAT: up, reached by its published port, checked, removed, nothing left', async () => {
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

test('results in the words of each version', async () => {
  for (const cniVersion of ['0.3.1', '0.4.0', '1.0.0', '1.1.0']) {
    const result = await well('ADD', conf({ cniVersion }));
    assert.is(result.cniVersion, cniVersion);
    assert.is(result.ips[0].version, cniVersion < '1' ? '4' : undefined);
    assert.is(result.interfaces[2].mtu, cniVersion === '1.1.0' ? 1500 : undefined);
    await well('DEL', conf({ cniVersion }));
  }
  assert.equal(await well('VERSION', ''), { cniVersion: '1.1.0', supportedVersions: ['0.3.1', '0.4.0', '1.0.0', '1.1.0'] });
  await badly(1, 'CHECK', conf({ cniVersion: '0.3.1' }));
  await badly(1, 'GC', conf({ cniVersion: '1.0.0' }));
});

test('bad input is refused in the words of the specification, and nothing is made', async () => {
  await badly(6, 'ADD', '{');
  await badly(6, 'ADD', '[]');
  await badly(1, 'ADD', conf({ cniVersion: '9.9.9' }));
  await badly(1, 'ADD', { name: 'web' });
  await badly(7, 'ADD', conf({ name: '../x' }));
  await badly(2, 'ADD', conf({ mode: 'teleport' }));
  await badly(7, 'ADD', conf({ mtu: 12 }));
  await badly(7, 'ADD', conf({ mode: 'macvlan' }));
  await badly(7, 'ADD', conf({ ipam: { type: 'netlink-ts', subnet: '10.0.0.0' } }));
  await badly(7, 'ADD', conf({ ipam: { type: 'no-such-plugin' } }));
  await badly(4, 'FOO', conf());
  for (const name of ['CNI_CONTAINERID', 'CNI_NETNS', 'CNI_IFNAME', 'CNI_PATH'])
    assert.match(await badly(4, 'ADD', conf(), { [name]: '' }), name);
  await badly(4, 'ADD', conf(), { CNI_IFNAME: 'abcdefghijklmnopqrst' });
  await badly(4, 'ADD', conf(), { CNI_CONTAINERID: '-x' });
  await badly(3, 'ADD', conf(), { CNI_NETNS: '/run/netns/gone' });
  await badly(8, 'ADD', conf(), { CNI_NETNS: '/proc/self/ns/net' });
  await badly(8, 'ADD', conf(), { CNI_NETNS: '/etc/passwd' });
  assert.match(await badly(102, 'ADD', conf({ mode: 'macvlan', parent: 'em9' })), 'em9');
  assert.match(await badly(50, 'STATUS', conf({ mode: 'macvlan', parent: 'em9' })), 'em9');
  await well('STATUS', conf());
  await badly(101, 'ADD', conf({ runtimeConfig: { ips: ['10.88.0.1'] } }));
  await badly(101, 'ADD', conf({ runtimeConfig: { ips: ['10.99.0.7'] } }));
  await badly(7, 'CHECK', conf());
  await well('DEL', conf(), { CNI_NETNS: '/run/netns/gone' });
  assert.equal(left(), []);
});

test('an address in use, a port in use, a full pool', async () => {
  const wanted = conf({ runtimeConfig: { ips: ['10.88.0.77'], mac: '02:00:00:00:00:77', portMappings: [{ hostPort: 81, containerPort: 80 }] } });
  const result = await well('ADD', wanted);
  assert.is(result.ips[0].address, '10.88.0.77/24');
  assert.is(result.interfaces[2].mac, '02:00:00:00:00:77');
  assert.match(await badly(101, 'ADD', conf({ runtimeConfig: { ips: ['10.88.0.77'] } }), as('c2')), 'in use by c1');
  assert.match(await badly(102, 'ADD', conf({ runtimeConfig: { portMappings: [{ hostPort: 81, containerPort: 80 }] } }), as('c2')), 'port 81/tcp');
  await well('DEL', wanted);
  const small = conf({ name: 'small', ipam: { type: 'netlink-ts', subnet: '10.89.0.0/30' } });
  await well('ADD', small);
  assert.match(await badly(101, 'ADD', small, as('c2')), 'no free address');
  await well('DEL', small);
  assert.equal(left(), []);
});

test('what a killed ADD leaves is taken by DEL, and by GC', async () => {
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
  test(`mode ${mode}`, async () => {
    if (mode === 'host-device') await nl.link.add({ name: 'lent', kind: 'veth', options: { peer: { name: 'lent0' } } });
    const config = conf({ mode, parent: 'em1', device: 'lent', ipam: mode === 'ptp' ? pool : { type: 'netlink-ts', subnet: '172.24.133.0/24', rangeStart: '172.24.133.50', gateway: '172.24.133.254' } });
    const answer = await ask('ADD', config);
    if (/Unknown device type|EOPNOTSUPP/.test(answer.value?.msg ?? '')) return skip(`this kernel has no ${mode}`);
    assert.is(answer.code, 0, JSON.stringify(answer.value));
    if (mode === 'ptp') assert.is(netns.spawnSync('c1', 'ping', ['-c1', '-W5', '10.88.0.1']).status, 0);
    if (mode === 'macvlan') assert.is(netns.spawnSync('c1', 'ping', ['-c1', '-W5', '172.24.133.254']).status, 0);
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
});

test('addresses of the IPAM plugin host-local', async () => {
  if (!existsSync(`${path}/host-local`)) return skip('containernetworking-plugins is not installed');
  const config = conf({ ipam: { type: 'host-local', ranges: [[{ subnet: '10.90.0.0/24' }]], routes: [{ dst: '0.0.0.0/0' }], dataDir: join(state, 'host-local') } });
  const result = await well('ADD', config);
  assert.is(result.ips[0].address, '10.90.0.2/24');
  await well('CHECK', { ...config, prevResult: result });
  await well('DEL', config);
  assert.equal(readdirSync(join(state, 'host-local/web')).filter((name) => name.startsWith('10.')), []);
});

test('50 containers at once lose and double nothing', async () => {
  const names = Array.from({ length: 50 }, (_, i) => `many${i}`);
  names.forEach((name) => netns.create(name));
  const port = (name: string) => conf({ runtimeConfig: { portMappings: [{ hostPort: 10_000 + names.indexOf(name), containerPort: 80 }] } });
  const results = await Promise.all(names.map((name) => well('ADD', port(name), as(name))));
  assert.is(new Set(results.map((result) => result.ips[0].address)).size, 50);
  assert.is(left().filter((one) => /^nt/.test(one)).length, 50);
  await Promise.all(names.map((name) => well('DEL', port(name), as(name))));
  assert.equal(left(), []);
});

if (process.env.NETLINK_SANDBOX === 'root') test.run();
else skip('namespaces of containers and /proc/sys need the machine\'s root here');
