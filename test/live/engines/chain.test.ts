// timeout: 120 s
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { netns, openRoute } from '../../../src/index.ts';
import { conf, echo, lacksNat, left, linksOf, pool, reference, start, state, well } from '../../support/cni.ts';
import { noContainers } from '../../support/installed.ts';
import { makeUplink } from '../../support/lan.ts';
import { skip } from '../../support/skip.ts';

let lan: netns.Namespace, server: ReturnType<typeof netns.spawn>;
const nl = openRoute(), port = { hostPort: 8131, containerPort: 80, protocol: 'tcp' };

test.before(async () => {
  netns.create('c1');
  lan = await makeUplink();
  server = netns.spawn('c1', process.execPath, ['--import', 'tsx', echo, 'serve', '80']);
  await once(server.stdout!, 'data');
});
test.after(() => {
  server.kill();
  netns.delete('c1');
  lan.close();
  nl.close();
});

/** A reference plugin's answer. */
async function theirs(command: string, config: { type: string }): Promise<any> {
  const { code, value } = await start([join(reference, config.type)], command, config).ended;
  assert.is(code, 0, `${config.type} ${command}: ${JSON.stringify(value)}`);
  return value;
}
const page = (from: netns.Namespace | undefined, address: string): string => {
  const words = ['--import', 'tsx', echo, 'ask', address, '8131'];
  return from ? netns.spawnSync(from, process.execPath, words).stdout : execFileSync(process.execPath, words, { encoding: 'utf8' });
};
const network = (more: object): any => ({ cniVersion: '1.0.0', name: 'chained', ...more });

test('the reference bridge first, ours then: its ports are published, its bandwidth is limited, and what it said passes through', async () => {
  const bridge = network({ type: 'bridge', bridge: 'cni0', isGateway: true, ipam: { type: 'host-local', subnet: '10.92.0.0/24', dataDir: join(state, 'host-local'), routes: [{ dst: '0.0.0.0/0' }] } });
  const prevResult = await theirs('ADD', bridge);
  const ours = network({ type: 'netlink-ts-net', mode: 'ports', prevResult, runtimeConfig: { portMappings: [port],
    bandwidth: { ingressRate: 80_000_000, ingressBurst: 8_000_000, egressRate: 40_000_000, egressBurst: 8_000_000 } } });
  assert.equal(await well('ADD', ours), prevResult);
  for (const [from, address] of [[lan, '172.24.133.100'], [undefined, '127.0.0.1'], [undefined, '10.92.0.1']] as const) assert.match(page(from, address), 'hello', address);
  assert.is(execFileSync('ping', ['-c1', '-W5', '127.0.0.1'], { encoding: 'utf8' }).includes('1 received'), true);
  const shown = (text: string): string | undefined => /tbf.* rate (\S+)/.exec(text)?.[1];
  assert.is(shown(execFileSync('tc', ['qdisc', 'show', 'dev', prevResult.interfaces.find(({ name }: any) => /^veth/.test(name)).name], { encoding: 'utf8' })), '80Mbit');
  assert.is(shown(netns.spawnSync('c1', 'tc', ['qdisc', 'show', 'dev', 'eth0']).stdout), '40Mbit');
  await well('CHECK', ours);
  await theirs('CHECK', { ...bridge, prevResult });
  await well('DEL', ours);
  await well('DEL', ours);
  assert.equal(left(), []);
  assert.equal(linksOf('c1'), ['eth0']); // it is not ours
  await theirs('DEL', { ...bridge, prevResult });
  assert.equal(linksOf('c1'), []);
  assert.equal(readdirSync(join(state, 'host-local/chained')).filter((name) => name.startsWith('10.')), []);
  await nl.link.delete('cni0');
});

test('ours first, then the reference tuning, bandwidth, portmap and firewall: each takes what we answered, and CHECK and DEL go back', async () => {
  const ours = conf({ cniVersion: '1.0.0', name: 'chained', ipam: { ...pool, subnet: '10.93.0.0/24' } });
  const chain = [
    network({ type: 'tuning', sysctl: { 'net.ipv4.conf.eth0.arp_filter': '1' }, mtu: 1400 }),
    network({ type: 'bandwidth', runtimeConfig: { bandwidth: { ingressRate: 80_000_000, ingressBurst: 8_000_000 } } }),
    network({ type: 'portmap', runtimeConfig: { portMappings: [port] } }),
    network({ type: 'firewall', backend: 'iptables' }),
  ];
  const own = await well('ADD', ours), rules = nl.sync.rule.list().length;
  let prevResult = own;
  for (const one of chain) prevResult = await theirs('ADD', { ...one, prevResult });
  assert.equal(prevResult.ips, own.ips);
  assert.match(page(lan, '172.24.133.100'), 'hello');
  using inside = openRoute({ netns: 'c1' });
  assert.is(inside.sync.link.get('eth0').mtu, 1400);
  await well('CHECK', { ...ours, prevResult });
  // portmap's CHECK looks for a chain of IPv6, which its ADD makes only for an address of IPv6
  for (const one of chain.filter(({ type }) => type !== 'portmap')) await theirs('CHECK', { ...one, prevResult });
  for (const one of chain.toReversed()) await theirs('DEL', { ...one, prevResult });
  await well('DEL', { ...ours, prevResult });
  assert.equal([...left(), ...linksOf('c1')], []);
  assert.is(nl.sync.rule.list().length, rules);
});

const reason = noContainers('iptables', 'tc', 'ping', join(reference, 'bridge')) ?? await lacksNat();
if (reason === undefined) test.run();
else skip(reason);
