// timeout: 180 s
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { netns, openRoute } from '../../../src/index.ts';
import { openNetfilter } from '../../../src/netfilter/index.ts';
import { as, badly, conf, lacksNat, left, linksOf, well } from '../../support/cni.ts';
import { noContainers } from '../../support/installed.ts';
import { skip } from '../../support/skip.ts';

/** Each thing that ADD makes is taken away by somebody else: CHECK says what lacks, DEL takes the rest. */
const nl = openRoute(), names = ['c1', 'c2'];

test.before(() => names.forEach((name) => netns.create(name)));
test.after(() => {
  names.forEach((name) => netns.delete(name));
  nl.close();
});
test.after.each(() => assert.equal([...left(), ...names.flatMap(linksOf)], []));

const ports = [{ hostPort: 81, containerPort: 80 }, { hostPort: 82, containerPort: 80, hostIP: '127.0.0.1', protocol: 'udp' }, { hostPort: 83, containerPort: 80, hostIP: '0.0.0.0' }];
const both = conf({ mtu: 1400, ipam: { type: 'netlink-ts', ranges: [[{ subnet: '10.88.0.0/24' }], [{ subnet: 'fd00:88::/64' }]],
  routes: [{ dst: '0.0.0.0/0' }, { dst: '::/0' }, { dst: '10.9.0.0/16', gw: '10.88.0.1', mtu: 1300, advmss: 1260, priority: 7, strange: true }, { dst: '10.10.0.0/16', scope: 253, table: 100 }] },
  runtimeConfig: { portMappings: ports, bandwidth: { ingressRate: 8_000_000, egressRate: 8_000_000 } } });

type Inside = ReturnType<typeof openRoute>;
const changes: readonly [what: string, word: RegExp, work: (inside: Inside, result: any) => Promise<unknown>][] = [
  ['the container\'s link', /has no link eth0/, (inside) => inside.link.delete('eth0')],
  ['that it is up', /eth0 is down/, (inside) => inside.link.down('eth0')],
  ['its MAC address', /has the MAC address 02:00:00:00:00:77/, (inside) => inside.link.change('eth0', { address: '02:00:00:00:00:77' })],
  ['its address', /lacks the address 10\.88\.0\.\d+\/24/, (inside, { ips }) => inside.addr.delete('eth0', ips[0].address)],
  ['its default route', /the route to 0\.0\.0\.0\/0 is gone/, (inside) => inside.route.delete({ dst: 'default', dev: 'eth0', family: 'inet' })],
  ['another route', /the route to 10\.9\.0\.0\/16 is gone/, (inside) => inside.route.delete({ dst: '10.9.0.0/16', dev: 'eth0' })],
  ['all rules', /of \d+ rules .* 0 are there/, async () => {
    using nft = openNetfilter();
    await nft.table.delete({ family: 'inet', name: 'netlink-ts-engines' });
  }],
  ['one rule', /of (\d+) rules .* \d+ are there/, async () => {
    using nft = openNetfilter();
    const [{ family, table, chain, handle }] = nft.sync.rule.list({ family: 'inet', table: 'netlink-ts-engines' }) as [any];
    await nft.rule.delete({ family, table, chain, handle });
  }],
  ['the limit of what it sends', /the bandwidth of eth0 is not limited/, (inside) => inside.qdisc.delete('eth0', { parent: 'root' })],
  ['the limit of what it receives', /the bandwidth of nt[0-9a-f]{12} is not limited/, (_, { interfaces }) => nl.qdisc.delete(interfaces[1].name, { parent: 'root' })],
];
for (const [what, word, work] of changes)
  test(`CHECK misses ${what}`, async () => {
    const prevResult = await well('ADD', both);
    using inside = openRoute({ netns: 'c1' });
    await well('CHECK', { ...both, prevResult });
    await work(inside, prevResult);
    assert.match(await badly(100, 'CHECK', { ...both, prevResult }), word);
    await well('DEL', { ...both, prevResult });
  });

test('routes as CNI 1.1.0 has them', async () => {
  await well('ADD', both);
  const shown = (...words: string[]): string => netns.spawnSync('c1', 'ip', words).stdout;
  assert.match(shown('route', 'show', '10.9.0.0/16'), /10\.9\.0\.0\/16 via 10\.88\.0\.1 dev eth0 .*metric 7 mtu 1300 advmss 1260/);
  assert.match(shown('route', 'show', 'table', '100'), /^10\.10\.0\.0\/16 dev eth0 .*scope link/);
  await well('DEL', both);
});

test('what a plugin before us has made passes through, and ours is behind it', async () => {
  const before = { interfaces: [{ name: 'up0' }], ips: [{ address: '192.0.2.7/24', interface: 0 }], routes: [{ dst: '192.0.2.0/24' }], dns: { nameservers: ['192.0.2.53'], domain: 'a' } };
  const { interfaces, ips, routes, dns } = await well('ADD', conf({ prevResult: before, dns: { domain: 'b' } }));
  assert.equal(interfaces.map(({ name }: { name: string }) => name).map((name: string) => name.replace(/^nt[0-9a-f]{12}$/, 'nt…')), ['up0', 'nt0', 'nt…', 'eth0']);
  assert.equal(ips, [{ ...before.ips[0] }, { address: ips[1].address, gateway: '10.88.0.1', interface: 3 }]);
  assert.equal([routes, dns], [[{ dst: '192.0.2.0/24' }, { dst: '0.0.0.0/0', gw: '10.88.0.1' }], { nameservers: ['192.0.2.53'], domain: 'b' }]);
  await well('DEL', conf());
});

test('CHECK misses the namespace', async () => {
  const prevResult = await well('ADD', conf());
  await well('GC', { ...conf({ name: 'other' }), 'cni.dev/valid-attachments': [] });
  await well('CHECK', { ...conf(), prevResult }); // another network's GC has taken nothing
  assert.match(await badly(3, 'CHECK', { ...conf(), prevResult }, { CNI_NETNS: '/run/netns/gone' }), 'CNI_NETNS');
  assert.match(await badly(8, 'CHECK', { ...conf(), prevResult }, { CNI_NETNS: '/etc/passwd' }), 'CNI_NETNS');
  await well('DEL', conf());
});

test('an attachment whose namespace was another\'s, or is none any more, is taken back on the host', async () => {
  await well('ADD', conf());
  await well('DEL', conf(), { CNI_NETNS: '/etc/passwd' });
  assert.equal([...left(), ...linksOf('c1')], []);
  await well('ADD', conf());
  await well('DEL', conf(), { CNI_NETNS: '/run/netns/c2' });
  assert.equal([...left(), ...linksOf('c1')], []);
});

test('a link that somebody has left under the name of the host\'s end gives way', async () => {
  const { interfaces } = await well('ADD', conf());
  await well('DEL', conf());
  await nl.link.add({ name: interfaces[1].name, kind: 'veth', options: { peer: { name: 'left0' } } });
  await well('ADD', conf());
  await well('DEL', conf());
});

test('a port that is published at one address may be published at another', async () => {
  const at = (hostIP?: string) => conf({ runtimeConfig: { portMappings: [{ hostPort: 81, containerPort: 80, hostIP }] } });
  await well('ADD', at('127.0.0.1'));
  await well('ADD', at('127.0.0.2'), as('c2'));
  await well('DEL', at(), as('c2'));
  assert.match(await badly(102, 'ADD', at(), as('c2')), 'port 81/tcp is published for c1');
  await well('DEL', at());
});

test('mode ptp with both families and a port: nothing but the pair, and no route of the host\'s stays', async () => {
  const config = { ...both, mode: 'ptp', mtu: undefined, ipam: { ...both.ipam, routes: [] } }, before = nl.sync.route.list().length;
  const prevResult = await well('ADD', config);
  assert.equal(netns.spawnSync('c1', 'ping', ['-c1', '-W5', '10.88.0.1']).status, 0);
  assert.equal(netns.spawnSync('c1', 'ping', ['-6', '-c1', '-W5', 'fd00:88::1']).status, 0);
  await well('CHECK', { ...config, prevResult });
  await well('DEL', config);
  assert.is(nl.sync.route.list().length, before);
});

test('mode ports without a link: no bandwidth for what is no pair, no way to an address that nobody has', async () => {
  const chained = (more: object) => conf({ mode: 'ports', prevResult: { interfaces: [], ips: [{ address: '203.0.113.7/24' }] }, ...more });
  assert.match(await badly(102, 'ADD', chained({ runtimeConfig: { bandwidth: { egressRate: 8_000_000 } } })), /eth0|no pair/);
  using inside = openRoute({ netns: 'c1' });
  await inside.link.add({ name: 'eth0', kind: 'bridge' });
  assert.match(await badly(102, 'ADD', chained({ runtimeConfig: { bandwidth: { egressRate: 8_000_000 } } })), 'eth0 is no pair of links');
  for (const end of [['DEL', chained({})], ['GC', { ...chained({ prevResult: undefined }), 'cni.dev/valid-attachments': [] }]] as const) {
    await well('ADD', chained({ runtimeConfig: { portMappings: ports } }));
    await well(end[0], end[1]);
    assert.equal(left(), []);
  }
  await inside.link.delete('eth0');
});

test('mode host-device: the link comes back under its name, without addresses, by GC too', async () => {
  await nl.link.add({ name: 'lent', kind: 'veth', options: { peer: { name: 'lent0' } } });
  const config = conf({ mode: 'host-device', device: 'lent' });
  await well('STATUS', config);
  await well('ADD', config);
  assert.match(await badly(50, 'STATUS', config), 'there is no link lent');
  await well('GC', { ...config, 'cni.dev/valid-attachments': [] });
  assert.equal(nl.sync.addr.list({ dev: 'lent', family: 'inet' }), []);
  await nl.link.delete('lent');
});

test('STATUS of a network upon an uplink or a bridge that is not there', async () => {
  assert.match(await badly(50, 'STATUS', conf({ mode: 'lan', parent: 'em9' })), 'em9');
  assert.match(await badly(50, 'STATUS', conf({ mode: 'lan', bridge: 'br9' })), 'br9');
  assert.match(await badly(102, 'ADD', conf({ mode: 'lan', bridge: 'br9' })), 'no parent is given');
});

const reason = noContainers('ping') ?? await lacksNat();
if (reason === undefined) test.run();
else skip(reason);
