// timeout: 600 s
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ARP, arpSender, IPV6, ndAdvertised } from '../../../src/container/lan/frames.ts';
import { netns, openRoute } from '../../../src/index.ts';
import type { Namespace } from '../../../src/netns/index.ts';
import { openPacket } from '../../../src/packet/index.ts';
import { absent } from '../../support/installed.ts';
import { skip } from '../../support/skip.ts';
import { eventually, sh } from '../../support/witness.ts';
import { plugIn } from './lan-plug.ts';

/*
 * What docs/containers.md and docs/modes.md say of CNI's reference plugins, beside ours: each is run, and the kernel is
 * asked. Where this fails with a newer version of them, the tables are to be changed. pipework is told from its source.
 */
const reference = '/usr/lib/cni', folder = mkdtempSync(join(tmpdir(), 'others-')), nl = openRoute(), world = await plugIn(nl);
const spaces: Namespace[] = [], data = join(folder, 'networks'), counting = join(folder, 'counting'), calls = join(folder, 'calls');
const space = (): Namespace => spaces[spaces.push(netns.make()) - 1]!;
const pathOf = ({ fd }: Namespace): string => `/proc/${process.pid}/fd/${fd}`;
const ip = (ns: Namespace, line: string): string => String(netns.spawnSync(ns, 'ip', line.split(' ')).stdout);
const ping = (ns: Namespace, ...words: string[]): boolean => netns.spawnSync(ns, 'ping', ['-c1', '-W2', ...words]).status === 0;

interface Answer { readonly status: number | null; readonly signal: string | null; readonly value: any }

/** Calls a plugin as a runtime does. */
function plugin(command: 'ADD' | 'DEL', ns: Namespace, conf: { readonly type: string } & object, folders = reference): Answer {
  const { status, signal, stdout } = spawnSync(join(reference, conf.type), {
    input: JSON.stringify({ cniVersion: '1.0.0', name: 'beside', ...conf }), encoding: 'utf8',
    env: { PATH: `${counting}:${process.env['PATH']}`, CNI_COMMAND: command, CNI_CONTAINERID: `c${ns.ino}`, CNI_NETNS: pathOf(ns), CNI_IFNAME: 'eth0', CNI_PATH: folders },
  });
  return { status, signal, value: stdout === '' ? undefined : JSON.parse(stdout) };
}
const added = (ns: Namespace, conf: { readonly type: string } & object): any => {
  const { status, value } = plugin('ADD', ns, conf);
  assert.is(status, 0, JSON.stringify(value));
  return value;
};
const deleted = (ns: Namespace, conf: { readonly type: string } & object): void => assert.is(plugin('DEL', ns, conf).status, 0);
const fixed = (address: string, gateway?: string, more: object = {}) => ({ ipam: { type: 'static', addresses: [{ address, ...(gateway && { gateway }) }], ...more } });
const everywhere = { routes: [{ dst: '0.0.0.0/0' }] };
const onLan = (more: object) => ({ type: 'bridge', bridge: 'br0', ...more });
const pool = (more: object = {}) => ({ ipam: { type: 'host-local', dataDir: data, ranges: [[{ subnet: '10.77.0.0/24' }]], ...more } });
const reserved = (): string[] => (existsSync(join(data, 'beside')) ? readdirSync(join(data, 'beside')).filter((name) => /^[0-9a-f]*[.:]/.test(name)) : []);
const hasEth0 = (ns: Namespace): boolean => /eth0/.test(ip(ns, '-br link show'));

test.before(() => {
  for (const line of ['link add br0 type bridge', 'link set br0 up', 'link set em1 master br0', 'address add 192.0.2.39/24 dev br0']) sh('ip', line);
  mkdirSync(counting);
  for (const name of ['iptables', 'ip6tables']) {
    const real = spawnSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).stdout.trim();
    writeFileSync(join(counting, name), `#!/bin/sh\necho ${name} >> ${calls}\nexec ${real} "$@"\n`);
    chmodSync(join(counting, name), 0o755);
  }
});
test.after(() => {
  for (const each of [...spaces, world, nl]) each.close();
});
/** How often iptables was started by something. */
function started(work: () => void): number {
  writeFileSync(calls, '');
  work();
  return readFileSync(calls, 'utf8').split('\n').length - 1;
}

/** A test of what both do; macvlan wants an uplink that is no port of a bridge. */
const both = (name: string, work: (ns: Namespace, conf: (more: object) => { readonly type: string }, type: 'bridge' | 'macvlan') => void | Promise<void>) => {
  test(`bridge: ${name}`, () => work(space(), onLan, 'bridge'));
  test(`macvlan: ${name}`, async () => {
    sh('ip', 'link set em1 nomaster');
    try {
      if (spawnSync('ip', 'link add try link em1 type macvlan'.split(' ')).status !== 0) return skip('the kernel has no macvlan');
      sh('ip', 'link delete try');
      await work(space(), (more) => ({ type: 'macvlan', master: 'em1', ...more }), 'macvlan');
    } finally {
      sh('ip', 'link set em1 master br0');
    }
  });
};

both('an IPv4 address in use is given all the same, and a gateway that is not there is not missed', (ns, conf) => {
  const wrong = conf(fixed('192.0.2.254/24', '192.0.2.99', everywhere));
  added(ns, wrong);
  assert.match(ip(ns, '-br address show dev eth0'), '192.0.2.254/24');
  assert.match(ip(ns, 'route'), 'default via 192.0.2.99');
  deleted(ns, wrong);
  assert.not(hasEth0(ns), 'DEL takes it away');
});

both('an IPv6 address in use is given all the same', async (ns, conf, type) => {
  added(ns, conf(fixed('2001:db8::fe/64')));
  const shown = () => ip(ns, '-6 address show dev eth0');
  if (type === 'macvlan') await eventually(() => /2001:db8::fe.*dadfailed/.test(shown()), 10_000);
  else {
    assert.match(shown(), /2001:db8::fe\/64 scope global\s*$/m); // in use by both
    assert.is(String(netns.spawnSync(ns, 'cat', ['/proc/sys/net/ipv6/conf/eth0/accept_dad']).stdout).trim(), '0');
  }
  deleted(ns, conf(fixed('2001:db8::fe/64')));
});

both('the LAN is told by ARP or not at all, and a second ADD fails', async (ns, conf, type) => {
  const wanted = conf({ ipam: { type: 'static', addresses: [{ address: '192.0.2.7/24' }, { address: '2001:db8::7/64' }] } });
  const { index } = await world.nl.link.get('gw'), told = { arp: 0, na: 0 };
  using arp = openPacket({ ns: world.ns, index, etherType: ARP });
  using na = openPacket({ ns: world.ns, index, etherType: IPV6 });
  arp.listen((frame) => {
    const sender = arpSender(frame);
    if (sender?.ip === '192.0.2.7' && sender.target === '192.0.2.7') told.arp++;
  });
  na.listen((frame) => {
    if (ndAdvertised(frame)?.target === '2001:db8::7') told.na++;
  });
  added(ns, wanted);
  await new Promise((resolve) => setTimeout(resolve, 1500)); // more does not come
  assert.equal(told, { arp: type === 'macvlan' ? 1 : 0, na: 0 });
  assert.ok(ping(world.ns, '192.0.2.7'));
  const twice = plugin('ADD', ns, wanted);
  assert.not.equal(twice.status, 0);
  assert.match(twice.value.msg, /eth0.*exist|exist.*eth0/);
  deleted(ns, wanted);
});

test('bridge: an address of the uplink stays where it is', () => {
  const ns = space(), conf = onLan(fixed('192.0.2.7/24'));
  sh('ip', 'address add 198.51.100.1/24 dev em1');
  added(ns, conf);
  assert.match(sh('ip', '-br address show dev em1'), '198.51.100.1/24');
  deleted(ns, conf);
  sh('ip', 'address del 198.51.100.1/24 dev em1');
});

test('bridge: a default route that was there stays, behind the new one', () => {
  const ns = space(), conf = onLan(fixed('192.0.2.7/24', '192.0.2.254', everywhere));
  for (const line of ['link add d0 type veth peer name d1', 'link set d0 up', 'link set d1 up', 'address add 10.9.9.1/24 dev d0', 'route add default via 10.9.9.2']) ip(ns, line);
  added(ns, conf);
  assert.equal(ip(ns, 'route show default').trim().split('\n').map((line) => line.trim().split(' ')[2]), ['192.0.2.254', '10.9.9.2']);
  deleted(ns, conf);
});

test('bridge: rules that drop all it sends are no hindrance', () => {
  const ns = space(), conf = { type: 'bridge', bridge: 'cni0', isGateway: true, ...pool(everywhere) };
  sh('nft', 'add table ip wall');
  sh('nft', 'add chain ip wall f { type filter hook forward priority 0; policy drop; }');
  added(ns, conf);
  assert.ok(ping(ns, '10.77.0.1'));
  assert.not(ping(ns, '192.0.2.254'));
  deleted(ns, conf);
  sh('nft', 'delete table ip wall');
});

test('bridge: what a failed ADD made stays until DEL, the address is given back', () => {
  const ns = space(), conf = { type: 'bridge', bridge: 'cni0', isGateway: true, ...pool({ routes: [{ dst: '10.5.0.0/16', gw: '203.0.113.9' }] }) };
  const { status, value } = plugin('ADD', ns, conf);
  assert.not.equal(status, 0);
  assert.match(value.msg, /unreachable/);
  assert.equal([hasEth0(ns), reserved()], [true, []]);
  deleted(ns, conf);
  assert.not(hasEth0(ns));
});

test('bridge: killed half way, what it made stays until DEL', () => {
  const ns = space(), own = join(folder, 'plugins'), conf = { type: 'bridge', bridge: 'cni0', isGateway: true, ipam: { type: 'killing' } };
  mkdirSync(own);
  writeFileSync(join(own, 'killing'), '#!/bin/sh\n[ "$CNI_COMMAND" = ADD ] && kill -9 $PPID\nexit 0\n'); // asked when the pair is made
  chmodSync(join(own, 'killing'), 0o755);
  assert.is(plugin('ADD', ns, conf, `${reference}:${own}`).signal, 'SIGKILL');
  assert.ok(hasEth0(ns));
  assert.is(plugin('DEL', ns, conf, `${reference}:${own}`).status, 0);
  assert.not(hasEth0(ns));
});

test('bridge and portmap: programs they start, and what is left when the last container is gone', () => {
  const ns = space(), first = { type: 'bridge', bridge: 'cni1', isGateway: true, ipMasq: true, ipam: { type: 'host-local', dataDir: data, ranges: [[{ subnet: '10.78.0.0/24' }], [{ subnet: 'fd78::/64' }]] } };
  sh('sysctl', '-qw net.ipv4.ip_forward=0');
  let prevResult: unknown;
  const forBridge = started(() => { prevResult = added(ns, first); });
  assert.equal(reserved().length, 2, 'a file for each address');
  const ports = { type: 'portmap', prevResult, runtimeConfig: { portMappings: [
    { hostPort: 8080, containerPort: 80, protocol: 'tcp' }, { hostPort: 5353, containerPort: 53, protocol: 'udp' }, { hostPort: 8443, containerPort: 443, protocol: 'tcp' },
  ] } };
  const forPorts = started(() => added(ns, ports));
  const chains = () => sh('nft', 'list chains').match(/chain CNI-HOSTPORT-\w+/g) ?? [];
  console.log(`iptables and ip6tables were started ${forBridge} times by bridge, ${forPorts} times by portmap`);
  assert.equal([forBridge, forBridge + forPorts], [18, 94]);
  assert.ok(chains().length > 0);
  deleted(ns, ports);
  deleted(ns, first);
  assert.equal(reserved(), []);
  assert.ok(chains().length > 0, 'chains stay');
  assert.match(sh('ip', '-br link show type bridge'), 'cni1');
  assert.is(readFileSync('/proc/sys/net/ipv4/ip_forward', 'utf8').trim(), '1');
});

const reason = absent('nft', 'iptables', 'ip6tables', 'ip', 'ping', ...['bridge', 'macvlan', 'static', 'host-local', 'portmap'].map((name) => join(reference, name)));
if (reason === undefined) test.run();
else skip(reason);
