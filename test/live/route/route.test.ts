import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { KernelError } from '../../../src/errors.ts';
import { openRoute } from '../../../src/open.ts';
import { loadProgram } from '../../support/bpf.ts';
import { installed } from '../../support/installed.ts';
import { skip } from '../../support/skip.ts';
import { dice, eventually, refusal, sh } from '../../support/witness.ts';

const nl = openRoute();
nl.sync.link.change('lo', { up: true });
nl.sync.link.add({ name: 'v0', kind: 'veth', options: { peer: { name: 'v1' } } });
nl.sync.link.change('v0', { up: true });
nl.sync.link.change('v1', { up: true });
nl.sync.addr.add('v0', { address: '172.24.133.39/24', broadcast: 'auto' });
nl.sync.addr.add('v0', { address: 'fc00::1/64', flags: { nodad: true } });

test.before.each(async () => {
  for (const protocol of ['boot', 'static', 'bgp'] as const)
    for (const table of new Set((await nl.route.list({ protocol })).map((route) => route.table))) await nl.route.flush({ protocol, table });
});
test.after(() => nl.close());

/** Lines of `ip route`, in every table, that are not the kernel's own; times of life left out. */
function shown(family: '-4' | '-6'): string[] {
  const lines = sh('ip', `-d ${family} route show table all`).replace(/\n\s+/g, ' ').split('\n');
  return lines.filter((line) => line && !line.includes('proto kernel')).map((line) => line.replace(/expires \d+sec/, 'expires').replace(' table main', '').replace(/\s+/g, ' ').trim()).sort();
}

const everySort = [
  'add default via 172.24.133.254',
  'add 10.1.0.0/16 via 172.24.133.1 dev v0 mtu lock 1400 rtt 30ms rto_min 200ms congctl reno quickack 1 window 100 hoplimit 12 initcwnd 8 features ecn proto bgp metric 50 src 172.24.133.39 table 1000',
  'add 10.2.0.0/16 nexthop via 172.24.133.1 dev v0 weight 3 nexthop via 172.24.133.2 dev v1 onlink',
  'add blackhole 10.3.0.0/16', 'add unreachable 10.4.0.0/16 metric 7', 'add prohibit 10.5.0.0/16', 'add throw 10.6.0.0/16 table 55',
  'add 10.7.0.0/16 via inet6 fe80::1 dev v0', 'add 10.8.0.0/16 dev v1 scope link tos 0x10', 'add local 10.9.0.1 dev lo', 'add broadcast 10.9.0.255 dev v0',
  'add multicast 239.0.0.0/8 dev v0', 'add 10.8.0.0/16 dev v1 metric 4', 'append 10.8.0.0/16 dev v0 metric 4', 'add 10.10.0.0/16 dev v0 realms 3/4',
  'add 10.11.0.0/16 nexthop via 172.24.133.1 weight 200 nexthop via inet6 fe80::9 dev v0', 'add 10.12.0.0/16 via 172.24.200.1 dev v0 onlink table 4000000000',
];
const everySort6 = [
  'add fc01::/64 via fc00::2 dev v0 metric 5 pref high expires 100', 'add fc02::/64 nexthop via fc00::3 dev v0 weight 2 nexthop via fc00::4 dev v0',
  'add blackhole fc03::/64', 'add unreachable fc04::/64', 'add prohibit fc05::/64', 'add throw fc06::/64 table 66', 'add default via fc00::9',
  'add fc07::/64 dev v0 table 2000 proto static mtu 1300', 'add fc08::/64 from fc00::/64 dev v0', 'add local fc09::1 dev lo', 'add anycast fc09::2 dev v0',
];
/** Kernels differ in what they have of these. */
const encapsulated = ['-4 route add 10.30.0.0/16 encap ip id 30 dst 1.2.3.4 ttl 9 tos 8 csum dev v0', '-4 route add 10.31.0.0/16 encap ip6 id 30 dst fc00::5 hoplimit 9 dev v0',
  '-4 route add 10.32.0.0/16 encap mpls 100/200 ttl 8 via 172.24.133.1', '-6 route add fc32::/64 encap seg6 mode encap segs fc00::1,fc00::2 dev v0',
  '-6 route add fc33::/64 encap seg6 mode inline segs fc00::1,fc00::2 dev v0', '-6 route add fc34::/64 encap seg6local action End.DX4 nh4 1.2.3.4 dev v0',
  '-6 route add fc37::/64 encap seg6local action End.T table 77 dev v0', '-6 route add fc35::/64 encap rpl segs fc00::1,fc00::2 dev v0',
  '-6 route add fc36::/64 encap ioam6 trace prealloc type 0x800000 ns 1 size 12 dev v0', '-4 route add 10.33.0.0/16 dev v0 encap xfrm if_id 1',
  '-4 route add 10.34.0.0/16 nexthop encap ip id 5 dst 1.2.3.4 dev v0 nexthop encap ip id 6 dst 1.2.3.5 dev v0'];

function makeAll(): void {
  for (const line of everySort) sh('ip', `route ${line}`);
  for (const line of everySort6) sh('ip', `-6 route ${line}`);
  for (const line of encapsulated)
    try {
      sh('ip', line);
    } catch (error) {
      if (!/not supported|not enabled|encapsulation/.test(String(error))) throw error;
      skip(`the kernel lacks "${line.slice(9)}"`);
    }
}

test('every sort of route that ip makes can be listed, deleted as listed, and made again from that', async () => {
  if (!installed('ip')) return skip('ip is not installed');
  makeAll();
  const before = [...shown('-4'), ...shown('-6')];
  const routes = (await nl.route.list()).filter((route) => route.protocol !== 'kernel');
  assert.is(routes.length, before.length);
  assert.equal(routes.filter((route) => route.unknown), []);
  for (const route of routes) await nl.route.delete(route);
  assert.equal([...shown('-4'), ...shown('-6')], []);
  assert.is(await nl.route.restore(routes), routes.length);
  assert.equal([...shown('-4'), ...shown('-6')], before);
});

test('a program that packets of a route pass', async () => {
  const fd = loadProgram('lwtOut', 0); // BPF_OK
  if (typeof fd === 'string') return skip(fd);
  try {
    await nl.route.add({ dst: '10.40.0.0/16', dev: 'v0', encapType: 'bpf', encap: { out: { fd, name: 'passes' }, headroom: 8 } });
  } catch (error) {
    if (!(error instanceof KernelError && error.code === 'EOPNOTSUPP')) throw error;
    return skip(`no programs for routes here: ${error.message}`);
  }
  const [route] = await nl.route.list({ dst: '10.40.0.0/16' });
  assert.equal([route!.encapType, route!.encap], ['bpf', { out: { name: 'passes' } }]);
  if (installed('ip')) assert.match(sh('ip', 'route show 10.40.0.0/16'), /encap bpf out passes/);
  await nl.route.delete(route!);
});

test("the kernel's own routes, in all tables, can be deleted as listed", async () => {
  sh('ip', 'link add k0 type veth peer name k1');
  for (const line of ['link set k0 addrgenmode none', 'link set k0 up', 'link set k1 up', 'address add 10.77.0.1/24 brd + dev k0', 'address add 10.78.0.1 peer 10.78.0.2/24 dev k0', 'address add fc77::1/64 dev k0 nodad']) sh('ip', line);
  const own = async () => (await nl.route.list({ dev: 'k0' })).filter((route) => route.protocol === 'kernel');
  // those of IPv6 come when the kernel has heard of the carrier
  await eventually(async () => {
    const inet6 = (await own()).filter(({ family }) => family === 'inet6');
    return ['local', 'multicast'].every((type) => inet6.some((route) => route.type === type));
  });
  const routes = await own();
  assert.ok(routes.length >= 8, String(routes.length));
  assert.ok(['local', 'broadcast', 'multicast', 'unicast'].every((type) => routes.some((route) => route.type === type)));
  for (const route of routes) await nl.route.delete(route);
  assert.equal(await nl.route.list({ dev: 'k0' }), []);
  sh('ip', 'link del k0');
});

test('what we make is what ip shows', async () => {
  if (!installed('ip')) return skip('ip is not installed');
  await nl.route.add({ dst: 'default', gateway: '172.24.133.254' });
  await nl.route.add({ dst: '10.1.0.0/16', gateway: '172.24.133.1', dev: 'v0', table: 1000, priority: 5, protocol: 'static', prefsrc: '172.24.133.39', metrics: { mtu: 1400, lock: { mtu: true }, rtt: 12, congctl: 'reno', quickack: true, features: { ecn: true } } });
  await nl.route.add({ dst: '10.2.0.0/16', multipath: [{ gateway: '172.24.133.1', weight: 10 }, { dev: 'v1', gateway: '172.24.133.2', flags: { onlink: true } }] });
  await nl.route.add({ dst: '10.3.0.0/16', type: 'blackhole' });
  await nl.route.add({ dst: '10.4.0.0/16', dev: 'v0' });
  await nl.route.add({ dst: '10.5.0.1', type: 'local', dev: 'lo' });
  await nl.route.add({ dst: '10.6.0.0/16', via: 'fe80::5', dev: 'v0' });
  await nl.route.append({ dst: '10.4.0.0/16', dev: 'v1' });
  await nl.route.prepend({ dst: '10.4.0.0/16', gateway: '172.24.133.9' });
  assert.equal(shown('-4'), [
    'unicast default via 172.24.133.254 dev v0 proto boot scope global',
    'unicast 10.1.0.0/16 via 172.24.133.1 dev v0 table 1000 proto static scope global src 172.24.133.39 metric 5 mtu lock 1400 rtt 12ms features ecn quickack 1 congctl reno',
    'unicast 10.2.0.0/16 proto boot scope global nexthop via 172.24.133.1 dev v0 weight 10 nexthop via 172.24.133.2 dev v1 weight 1 onlink',
    'blackhole 10.3.0.0/16 proto boot scope global', 'unicast 10.4.0.0/16 dev v0 proto boot scope link', 'unicast 10.4.0.0/16 dev v1 proto boot scope link',
    'unicast 10.4.0.0/16 via 172.24.133.9 dev v0 proto boot scope global', 'local 10.5.0.1 dev lo table local proto boot scope host',
    'unicast 10.6.0.0/16 via inet6 fe80::5 dev v0 proto boot scope global',
  ].sort());
  assert.equal((await nl.route.list({ dst: '10.4.0.0/16' })).map((route) => route.gateway ?? route.oif), ['172.24.133.9', nl.sync.link.get('v0').index, nl.sync.link.get('v1').index]);
  await nl.route.add({ dst: 'fc01::/64', gateway: 'fc00::2', priority: 7, expires: 90, pref: 'low' });
  await nl.route.add({ dst: '::/0', gateway: 'fc00::9' });
  await nl.route.add({ dst: 'fc02::/64', multipath: [{ gateway: 'fc00::3', weight: 2 }, { gateway: 'fc00::4' }] });
  await nl.route.add({ dst: 'fc03::/64', src: 'fc00::/64', dev: 'v0', metrics: { mtu: 1300, hoplimit: 9 } });
  await nl.route.add({ dst: 'fc04::/64', type: 'prohibit', table: 300 });
  assert.equal(shown('-6'), [
    'unicast default via fc00::9 dev v0 proto boot scope global metric 1024 pref medium',
    'unicast fc01::/64 via fc00::2 dev v0 proto boot scope global metric 7 expires pref low',
    'unicast fc02::/64 proto boot scope global metric 1024 pref medium nexthop via fc00::3 dev v0 weight 2 nexthop via fc00::4 dev v0 weight 1',
    'unicast fc03::/64 from fc00::/64 dev v0 proto boot scope global metric 1024 mtu 1300 hoplimit 9 pref medium',
    'prohibit fc04::/64 dev lo table 300 proto boot scope global metric 1024 pref medium',
  ].sort());
});

test('routes made at random in one batch are listed as they were made', async () => {
  const roll = dice(7), wanted: string[] = [];
  await nl.batch((b) => Array.from({ length: 500 }, (_, i) => {
    const six = roll(2) === 1, dst = six ? `fc${(i >> 8) + 16}:${(i & 0xff) + 1}::/48` : `10.${i >> 8}.${i & 0xff}.0/24`;
    const priority = 1 + roll(1000), table = 100 + roll(1000);
    const gateway = roll(2) ? (six ? 'fc00::2' : '172.24.133.2') : undefined;
    wanted.push([dst, priority, table, gateway].join());
    return b.route.add({ dst, priority, table, protocol: 'static', ...(gateway ? { gateway } : { dev: 'v0' }) });
  }));
  const found = (await nl.route.list({ protocol: 'static' })).map((r) => [r.dst, r.priority, r.table, r.gateway].join());
  assert.equal(found.sort(), wanted.sort());
});

test('the kernel filters by table, protocol, type, link and family', async () => {
  await nl.route.add({ dst: '10.1.0.0/16', dev: 'v0', table: 77, protocol: 'static' });
  await nl.route.add({ dst: 'fc01::/64', dev: 'v1', table: 77 });
  await nl.route.add({ dst: '10.2.0.0/16', type: 'throw', protocol: 'bgp' });
  const found = async (filter: Parameters<typeof nl.route.list>[0]) => (await nl.route.list(filter)).map((route) => route.dst);
  assert.equal(await found({ table: 77 }), ['10.1.0.0/16', 'fc01::/64']);
  assert.equal(await found({ table: 77, family: 'inet6' }), ['fc01::/64']);
  assert.equal(await found({ protocol: 'bgp' }), ['10.2.0.0/16']);
  assert.equal(await found({ type: 'throw' }), ['10.2.0.0/16']);
  assert.equal(await found({ dev: 'v1', table: 77 }), ['fc01::/64']);
  assert.equal(await found({ dst: '10.0.0.0/8' }), ['10.1.0.0/16', '10.2.0.0/16']);
  for (const family of ['inet', 'inet6', undefined] as const) assert.equal(await found({ table: 4711, family }), []);
});

test('get finds the way of a packet', async () => {
  await nl.route.add({ dst: '10.1.0.0/16', gateway: '172.24.133.1' });
  await nl.route.add({ dst: '10.2.0.0/16', type: 'unreachable' });
  await nl.route.add({ dst: '10.3.0.0/16', type: 'prohibit' });
  await nl.route.add({ dst: 'fc01::/64', gateway: 'fc00::2' });
  const index = nl.sync.link.get('v0').index;
  const way = await nl.route.get('10.1.2.3');
  assert.equal([way.gateway, way.oif, way.prefsrc, way.table], ['172.24.133.1', index, '172.24.133.39', 'main']);
  assert.is((await nl.route.get({ dst: '10.1.2.3', fibMatch: true })).dst, '10.1.0.0/16');
  assert.is((await nl.route.get({ dst: 'fc01::5', fibMatch: true })).dst, 'fc01::/64');
  assert.is((await nl.route.get({ dst: 'fc01::5', src: 'fc00::1', dev: 'v0', mark: 4, uid: 0, ipProto: 6, sport: 1024, dport: 80 })).gateway, 'fc00::2');
  assert.is((await nl.route.get({ dst: '10.1.2.3', src: '172.24.133.39', ipProto: 17, dport: 53, tos: 0x10, mark: 1 })).gateway, '172.24.133.1');
  assert.is((await nl.route.get('172.24.133.39')).type, 'local');
  assert.is((await refusal(nl.route.get('10.2.0.1'))).code, 'EHOSTUNREACH');
  assert.is((await refusal(nl.route.get('10.3.0.1'))).code, 'EACCES');
  assert.is((await refusal(nl.route.get('10.9.0.1'))).code, 'ENETUNREACH');
});

test('replace, change and delete know their keys', async () => {
  await nl.route.add({ dst: '10.1.0.0/16', gateway: '172.24.133.1' });
  await nl.route.replace({ dst: '10.1.0.0/16', gateway: '172.24.133.2' });
  await nl.route.replace({ dst: '10.1.0.0/16', gateway: '172.24.133.3', priority: 9 });
  const gateways = async () => (await nl.route.list({ dst: '10.1.0.0/16' })).map((route) => route.gateway);
  assert.equal(await gateways(), ['172.24.133.2', '172.24.133.3']);
  assert.is((await refusal(nl.route.add({ dst: '10.1.0.0/16', gateway: '172.24.133.9' }))).code, 'EEXIST');
  assert.is((await refusal(nl.route.change({ dst: '10.99.0.0/16', gateway: '172.24.133.9' }))).code, 'ENOENT');
  await nl.route.change({ dst: '10.1.0.0/16', gateway: '172.24.133.4' });
  await nl.route.delete({ dst: '10.1.0.0/16' });
  assert.equal(await gateways(), ['172.24.133.3']);
  assert.is((await refusal(nl.route.delete({ dst: '10.1.0.0/16', gateway: '172.24.133.8' }))).code, 'ESRCH');
  await nl.route.delete({ dst: '10.1.0.0/16', priority: 9 });
  assert.equal(await gateways(), []);
});

test("ensure makes, leaves alone, replaces, and never takes the kernel's own", async () => {
  const route = { dst: '10.1.0.0/16', gateway: '172.24.133.1', metrics: { mtu: 1300 } };
  const first = await nl.route.ensure(route);
  assert.equal([first.gateway, first.metrics!.mtu, first.protocol], ['172.24.133.1', 1300, 'boot']);
  const events: string[] = [];
  nl.trace = (text) => void (text.includes('RTM_NEWROUTE') && text.startsWith('>') && events.push(text));
  await nl.route.ensure(route);
  nl.trace = false;
  assert.equal(events, []);
  assert.is((await nl.route.ensure({ dst: '10.1.0.0/16', gateway: '172.24.133.2' })).gateway, '172.24.133.2');
  assert.is((await nl.route.ensure({ dst: 'default', gateway: 'fc00::9' })).dst, 'default');
  assert.is((await nl.route.ensure({ dst: 'default', gateway: 'fc00::9' })).gateway, 'fc00::9');
  assert.is((await nl.route.list({ dst: '10.1.0.0/16' })).length, 1);
  assert.is((await refusal(nl.route.ensure({ dst: '172.24.133.0/24', gateway: '172.24.133.1' }))).code, 'EEXIST');
});

test('save and restore survive the links', async () => {
  if (!installed('ip')) return skip('ip is not installed');
  sh('ip', 'link add s0 type veth peer name s1');
  const up = () => ['link set s0 up', 'link set s1 up', 'address add 10.88.0.1/24 dev s0', 'address add fc88::1/64 dev s0 nodad'].forEach((line) => sh('ip', line));
  up();
  await nl.route.add({ dst: '10.89.0.0/16', gateway: '10.88.0.2', metrics: { mtu: 1300 } });
  await nl.route.add({ dst: '10.90.0.0/16', gateway: '10.89.0.1', dev: 's0', flags: { onlink: true } });
  await nl.route.add({ dst: '10.91.0.0/16', multipath: [{ dev: 's0', gateway: '10.88.0.3' }, { dev: 's0', gateway: '10.88.0.4', weight: 3 }] });
  await nl.route.add({ dst: 'fc89::/64', gateway: 'fc88::2', dev: 's0' });
  const saved = JSON.parse(JSON.stringify(await nl.route.save({ dev: 's0' })));
  const before = [...shown('-4'), ...shown('-6')];
  sh('ip', 'link del s0');
  sh('ip', 'link add s0 type veth peer name s1');
  up();
  assert.is.not(before.join(), [...shown('-4'), ...shown('-6')].join());
  await nl.route.restore(saved);
  assert.equal([...shown('-4'), ...shown('-6')], before);
  sh('ip', 'link del s0');
});

test('bad input is refused before anything is sent', async () => {
  const sent: string[] = [];
  nl.trace = (text) => void sent.push(text);
  for (const [bad, field] of [
    [{ dst: '10.0.0.0/33' }, 'dst'], [{ dst: '10.0.0.1/8' }, 'dst'], [{ dst: 'somewhere' }, 'dst'], [{ dst: '10.0.0.0/8', gateway: 'fc00::1' }, 'gateway'],
    [{ dst: 'fc00::/64', gateway: '10.0.0.1' }, 'gateway'], [{ dst: '10.0.0.0/8', gateway: 'x' }, 'gateway'], [{ dst: '10.0.0.0/8', gateway: '10.0.0.1/8' }, 'gateway'],
    [{ dst: '10.0.0.0/8', prefsrc: 'fc00::1' }, 'prefsrc'], [{ dst: '10.0.0.0/8', priority: -1 }, 'priority'], [{ dst: '10.0.0.0/8', table: 2 ** 32 }, 'table'],
    [{ dst: '10.0.0.0/8', table: 'mine' }, 'table'], [{ dst: '10.0.0.0/8', type: 'teleport' }, 'type'], [{ dst: '10.0.0.0/8', metrics: { mtu: 1.5 } }, 'metrics.mtu'],
    [{ dst: '10.0.0.0/8', metrics: { mut: 5 } }, 'metrics'], [{ dst: '10.0.0.0/8', multipath: [{ gateway: '10.0.0.1' }, { gateway: 'fc00::1' }] }, 'multipath[1].gateway'],
    [{ dst: '10.0.0.0/8', multipath: [{ gateway: '10.0.0.1', weight: 257 }] }, 'multipath[0].weight'], [{ dst: '10.0.0.0/8', via: 'nobody' }, 'via'],
    [{ dst: '10.0.0.0/8', encapType: 'mpls', encap: { labels: [1 << 20] } }, 'encap.labels'], [{ dst: '10.0.0.0/8', metric: 5 }, ''], [null, 'route'],
    [{ dst: '10.0.0.0/8', oif: 1, family: 'packet' }, 'family'],
  ] as const) {
    const error = await refusal(nl.route.add(bad as never));
    assert.equal([error.code, error.field], ['ERR_ENCODE', field], JSON.stringify(bad));
  }
  assert.equal(sent, []);
  nl.trace = false;
  const error = await refusal(nl.route.add({ dst: '10.0.0.0/8', dev: 'nowhere' }));
  assert.is(error.code, 'ENODEV');
  assert.match(error.message, /There is no link named "nowhere"/);
});

test.run();
