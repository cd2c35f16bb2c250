// timeout: 240 s
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Operation } from '../../../src/conversation/operation.ts';
import { families } from '../../../src/route/families.ts';
import { routeProtocol } from '../../../src/route/protocol.ts';
import type { RouteInput } from '../../../src/route/route/message.ts';
import { NLM_F } from '../../../src/wire/header.ts';
import { absent } from '../../support/installed.ts';
import { sentBy, sentByUs, type Sent } from '../../support/sent.ts';
import { skip } from '../../support/skip.ts';
import { sh } from '../../support/witness.ts';

const { addr, addrlabel, link, mdb, neigh, neightbl, nexthop, fdb, route, rule, vlan } = families;

/** A command and the operation that sends the same. Link t0 has the index 7. */
const cases: readonly (readonly [line: string, ours: () => Operation<unknown>])[] = [
  ['ip address add 192.0.2.1/24 dev t0', () => addr.add(7, '192.0.2.1/24')],
  ['ip address add 192.0.2.1/24 broadcast 192.0.2.255 label t0:x metric 5 dev t0', () => addr.add(7, { address: '192.0.2.1/24', broadcast: '192.0.2.255', label: 't0:x', metric: 5 })],
  ['ip address add 192.0.2.1 peer 192.0.2.2/32 dev t0', () => addr.add(7, { address: '192.0.2.1', peer: '192.0.2.2/32' })],
  ['ip address add fc00::1/64 dev t0 nodad noprefixroute', () => addr.add(7, { address: 'fc00::1/64', flags: { nodad: true, noprefixroute: true } })],
  ['ip route add 198.51.100.0/24 via 192.0.2.9 dev t0', () => route.add({ dst: '198.51.100.0/24', gateway: '192.0.2.9', dev: 7 })],
  ['ip route add default via 192.0.2.9 dev t0 metric 7 table 99 proto static src 192.0.2.1 mtu 1400 advmss 1000', () =>
    route.add({ dst: 'default', gateway: '192.0.2.9', dev: 7, priority: 7, table: 99, protocol: 'static', prefsrc: '192.0.2.1', metrics: { mtu: 1400, advmss: 1000 } })],
  ['ip route add blackhole 198.51.100.0/24', () => route.add({ dst: '198.51.100.0/24', type: 'blackhole' })],
  ['ip route add unreachable 198.51.100.0/24 metric 4', () => route.add({ dst: '198.51.100.0/24', type: 'unreachable', priority: 4 })],
  ['ip -6 route add fc01::/64 via fc00::9 dev t0', () => route.add({ dst: 'fc01::/64', gateway: 'fc00::9', dev: 7 })],
  ['ip route add 198.51.100.0/24 via inet6 fe80::1 dev t0', () => route.add({ dst: '198.51.100.0/24', via: 'fe80::1', dev: 7 })],
  ['ip route add 198.51.100.0/24 nhid 9', () => route.add({ dst: '198.51.100.0/24', nhid: 9 })],
  ...([
    ['198.51.100.0/24', 'encap mpls 100/200 ttl 8 dev t0', { encapType: 'mpls', encap: { labels: [100, 200], ttl: 8 } }],
    ['198.51.100.0/24', 'encap ip id 30 dst 192.0.2.5 ttl 9 tos 8 csum dev t0', { encapType: 'ip', encap: { id: 30n, dst: '192.0.2.5', ttl: 9, tos: 8, flags: { csum: true } } }],
    ['fc01::/64', 'encap ip6 id 30 dst fc00::5 hoplimit 9 tc 8 dev t0', { encapType: 'ip6', encap: { id: 30n, dst: 'fc00::5', hoplimit: 9, tc: 8 } }],
    ['fc01::/64', 'encap seg6 mode encap segs fc00::1,fc00::2 dev t0', { encapType: 'seg6', encap: { srh: { mode: 'encap', segments: ['fc00::1', 'fc00::2'] } } }],
    ['fc01::/64', 'encap seg6local action End.DX4 nh4 192.0.2.5 dev t0', { encapType: 'seg6local', encap: { action: 'End.DX4', nh4: '192.0.2.5' } }],
    ['fc01::/64', 'encap rpl segs fc00::2,fc00::1 dev t0', { encapType: 'rpl', encap: { srh: { segments: ['fc00::1', 'fc00::2'] } } }],
    ['fc01::/64', 'encap ioam6 freq 2/5 mode encap tundst fc00::5 trace prealloc type 0x800000 ns 1 size 12 dev t0', {
      encapType: 'ioam6', encap: { freqK: 2, freqN: 5, mode: 'encap', dst: 'fc00::5', trace: { type: 0x800000, ns: 1, size: 12 } },
    }],
    ['198.51.100.0/24', 'dev t0 encap xfrm if_id 1 link_dev t0', { encapType: 'xfrm', encap: { ifId: 1, link: 7 } }],
    ['fc01::/64', 'encap ila 1:2:3:4 csum-mode no-action ident-type luid hook-type input dev t0', {
      encapType: 'ila', encap: { locator: 0x0001000200030004n, csumMode: 'no-action', identType: 'luid', hookType: 'input' },
    }],
  ] as const).map(([dst, words, encapsulated]) =>
    [`ip ${dst.includes(':') ? '-6 ' : ''}route add ${dst} ${words}`, () => route.add({ dst, dev: 7, ...encapsulated } as RouteInput)] as const),
  ['ip route delete 198.51.100.0/24', () => route.delete({ dst: '198.51.100.0/24' })],
  ['ip rule add from 10.0.0.0/8 to 198.51.100.0/24 iif t0 fwmark 0x10/0xff priority 77 table 99', () =>
    rule.add({ src: '10.0.0.0/8', dst: '198.51.100.0/24', iif: 't0', fwmark: 0x10, fwmask: 0xff, priority: 77, table: 99 })],
  ['ip rule add ipproto 6 sport 1000-2000 dport 80 uidrange 5-9 table 99', () =>
    rule.add({ family: 'inet', ipProto: 6, sport: { start: 1000, end: 2000 }, dport: { start: 80, end: 80 }, uidRange: { start: 5, end: 9 }, table: 99 })],
  ['ip neighbour add 192.0.2.7 lladdr 02:00:00:00:00:07 dev t0 nud permanent', () => neigh.add({ dev: 7, dst: '192.0.2.7', lladdr: '02:00:00:00:00:07', state: 'permanent' })],
  ['ip nexthop add id 9 via 192.0.2.9 dev t0', () => nexthop.add({ id: 9, gateway: '192.0.2.9', dev: 7 })],
  ['ip nexthop add id 9 blackhole', () => nexthop.add({ id: 9, blackhole: true })],
  // NUD_NOARP beside NUD_PERMANENT, of which drivers see the latter
  ['bridge fdb add 02:00:00:00:00:07 dev t0 self permanent dst 192.0.2.7 vni 5', () =>
    fdb.add({ dev: 7, lladdr: '02:00:00:00:00:07', flags: { self: true }, state: 0xc0, dst: '192.0.2.7', vni: 5 })],
  ['bridge vlan add dev t0 vid 5 pvid untagged', () => vlan.add(7, 5, { pvid: true, untagged: true })],
  ['bridge vlan add dev t0 vid 5-9', () => vlan.add(7, { from: 5, to: 9 })],
  ['bridge vlan delete dev t0 vid 5 self', () => vlan.delete(7, 5, { self: true })],
  ['bridge vlan add dev t0 vid 5 tunnel_info id 100', () => vlan.addTunnel(7, 5, 100)],
  ['bridge vlan set dev t0 vid 5-9 state blocking mcast_router 2', () => vlan.change(7, { from: 5, to: 9 }, { state: 'blocking', mcastRouter: 2 })],
  ['bridge vlan global set dev t0 vid 5 mcast_snooping 1 mcast_querier_interval 26000', () => vlan.changeGlobals(7, 5, { mcastSnooping: true, mcastQuerierInterval: 260 })],
  ['bridge fdb append 00:00:00:00:00:00 dev t0 dst 192.0.2.7 port 4789 via t0', () =>
    fdb.append({ dev: 7, lladdr: '00:00:00:00:00:00', state: 0xc0, dst: '192.0.2.7', port: 4789, via: 7 })],
  ['bridge fdb delete 02:00:00:00:00:07 dev t0 master vlan 5', () => fdb.delete({ dev: 7, lladdr: '02:00:00:00:00:07', flags: { master: true }, state: 0xc0, vlan: 5 })],
  ['bridge mdb add dev t0 port t1 grp 239.1.1.1 permanent vid 5', () => mdb.add({ dev: 7, port: 8, group: '239.1.1.1', state: 'permanent', vlan: 5 })],
  ['bridge mdb add dev t0 port t1 grp ff0e::1 src fc00::7 temp', () => mdb.add({ dev: 7, port: 8, group: 'ff0e::1', source: 'fc00::7' })],
  ['bridge mdb del dev t0 port t1 grp 239.1.1.1', () => mdb.delete({ dev: 7, port: 8, group: '239.1.1.1' })],
  ['ip nexthop add id 10 group 1/2,7', () => nexthop.add({ id: 10, group: [{ id: 1 }, { id: 2, weight: 7 }] })],
  ['ip nexthop add id 10 group 1,3/2,7 type resilient buckets 32 idle_timer 10 unbalanced_timer 20', () =>
    nexthop.add({ id: 10, group: [{ id: 1, weight: 3 }, { id: 2, weight: 7 }], groupType: 'resilient', resilient: { buckets: 32, idleTimer: 10, unbalancedTimer: 20 } })],
  ['ip nexthop add id 11 encap mpls 100 via 192.0.2.9 dev t0', () => nexthop.add({ id: 11, gateway: '192.0.2.9', dev: 7, encapType: 'mpls', encap: { labels: [100] } })],
  ['ip nexthop add id 12 via 192.0.2.9 fdb', () => nexthop.add({ id: 12, gateway: '192.0.2.9', fdb: true })],
  ['ip nexthop delete id 12', () => nexthop.delete({ id: 12 })],
  ['ip rule add not from 10.0.0.0/8 tos 0x10 tun_id 77 l3mdev suppress_prefixlength 0 suppress_ifgroup 5', () =>
    rule.add({ src: '10.0.0.0/8', flags: { invert: true }, tos: 0x10, tunId: 77n, l3mdev: true, suppressPrefixlength: 0, suppressIfgroup: 5 })],
  ['ip rule add goto 30 priority 20', () => rule.add({ family: 'inet', goto: 30, priority: 20 })],
  ['ip -6 rule add from fc00::/64 prohibit priority 20 protocol static', () => rule.add({ src: 'fc00::/64', action: 'prohibit', priority: 20, protocol: 'static' })],
  ['ip addrlabel add prefix 2001:db8::/32 dev t0 label 5', () => addrlabel.add({ prefix: '2001:db8::/32', dev: 7, label: 5 })],
  ['ip ntable change name arp_cache dev t0 base_reachable 20000 gc_stale 12000 ucast_probes 7 queue 5', () =>
    neightbl.set('arp_cache', { dev: 7, parms: { baseReachable: 20000, gcStale: 12000, ucastProbes: 7, queue: 5 } })],
  ['ip ntable change name ndisc_cache thresh1 200 thresh2 600 gc_int 40000', () => neightbl.set('ndisc_cache', { thresh1: 200, thresh2: 600, gcInterval: 40000 })],
  ['ip neighbour add proxy fc00::7 dev t0', () => neigh.add({ dev: 7, dst: 'fc00::7', state: 'permanent', flags: { proxy: true } })],
  ['ip route add 198.51.100.0/24 nexthop via 192.0.2.9 dev t0 weight 2 nexthop via 192.0.2.8 dev t0', () =>
    route.add({ dst: '198.51.100.0/24', multipath: [{ gateway: '192.0.2.9', dev: 7, weight: 2 }, { gateway: '192.0.2.8', dev: 7 }] })],
  ['ip route add 198.51.100.0/24 via 192.0.2.9 dev t0 realms 3/4 congctl reno rtt 5ms quickack 1 initcwnd 10 hoplimit 9', () =>
    route.add({ dst: '198.51.100.0/24', gateway: '192.0.2.9', dev: 7, flow: 0x30004, metrics: { congctl: 'reno', rtt: 5, quickack: true, initcwnd: 10, hoplimit: 9 } })],
  ['ip -f mpls route add 100 as 200/300 via inet 192.0.2.9 dev t0 ttl-propagate enabled', () => route.add({ family: 'mpls', dst: '100', newdst: [200, 300], via: '192.0.2.9', dev: 7, ttlPropagate: true })],
  ['ip link set dev t0 vf 5 mac 02:00:00:00:00:07', () => link.change(7, { vfinfoList: [{ mac: { vf: 5, mac: '02:00:00:00:00:07' } }] })],
  ['ip link set dev t0 vf 5 vlan 100 qos 3 proto 802.1ad', () => link.change(7, { vfinfoList: [{ vlanList: [{ vf: 5, vlan: 100, qos: 3, vlanProto: '802.1ad' }] }] })],
  ['ip link set dev t0 vf 5 spoofchk on trust off query_rss on state enable', () => link.change(7, { vfinfoList: [
    { spoofchk: { vf: 5, setting: true }, trust: { vf: 5, setting: false }, rssQueryEn: { vf: 5, setting: true }, linkState: { vf: 5, linkState: 'enable' } },
  ] })],
];

/** Without NLM_F_ECHO: it tells the id of a nexthop that the kernel has numbered. */
const said = ({ cName, flags, value }: Sent) => structuredClone({ cName, flags: flags & ~NLM_F.ECHO, value });

const reason = absent('ip', 'bridge', 'strace');
if (reason !== undefined) skip(reason);
else {
  test.before(() => {
    sh('ip', 'link add t0 index 7 type veth peer name t1 index 8');
    sh('ip', 'address add 192.0.2.100/24 dev t0');
    for (const name of ['t0', 't1']) sh('ip', `link set ${name} up`);
  });
  for (const [line, ours] of cases)
    test(line, () => {
      const [program, ...words] = line.split(' ');
      const theirs = sentBy(routeProtocol, program!, ...words).findLast(({ cName }) => !cName.startsWith('RTM_GET'));
      assert.ok(theirs, `${line} sends nothing`);
      assert.equal(said(sentByUs(routeProtocol, ours())), said(theirs!), line);
    });
  test.run();
}
