import type { Operation } from '../../src/conversation/operation.ts';
import { rate, size, time } from '../../src/route/tc/units.ts';
import * as action from '../../src/route/tc/action/operations.ts';
import type { ActionInput } from '../../src/route/tc/action/declaration.ts';
import * as tcClass from '../../src/route/tc/class/operations.ts';
import * as filter from '../../src/route/tc/filter/operations.ts';
import { u32Match } from '../../src/route/tc/filter/kinds/u32-match.ts';
import * as qdisc from '../../src/route/tc/qdisc/operations.ts';
import type { FilterInput, QdiscInput, TcClassInput } from '../../src/route/tc/message.ts';

/** A command of `tc` and the operation that sends the same. Link t0 has the index 7, t1 has 8. */
export interface Case {
  readonly line: string;
  readonly ours: () => Operation<unknown>;
}

const root = (line: string, options: object): Case => {
  const kind = line.split(' ')[0]!;
  return { line: `qdisc add dev t0 root handle 1: ${line}`, ours: () => qdisc.add(7, { kind, handle: '1:', ...(Object.keys(options).length > 0 ? { options } : {}) } as QdiscInput) };
};

export const qdiscCases: Case[] = [
  root('htb default 30 r2q 20 direct_qlen 500', { default: 0x30, r2q: 20, directQlen: 500 }),
  root('tbf rate 1mbit burst 16kb latency 50ms', { rate: rate('1mbit'), burst: size('16kb'), latency: time('50ms') }),
  root('tbf rate 1mbit burst 2000 limit 10000 peakrate 2mbit mtu 1500', { rate: rate('1mbit'), burst: 2000, limit: 10000, peakrate: rate('2mbit'), mtu: 1500 }),
  root('tbf rate 10gbit burst 125000000 limit 200mb', { rate: rate('10gbit'), burst: 125000000, limit: size('200mb') }),
  root('pfifo limit 10', { limit: 10 }),
  root('bfifo limit 3000', { limit: 3000 }),
  root('prio bands 4 priomap 1 2 2 2 1 2 0 0 1 1 1 1 1 1 1 3', { bands: 4, priomap: [1, 2, 2, 2, 1, 2, 0, 0, 1, 1, 1, 1, 1, 1, 1, 3] }),
  root('netem delay 100ms 10ms 25% loss 1% duplicate 2% reorder 25% 50% gap 5 corrupt 0.1% limit 200 rate 1mbit', {
    delay: time('100ms'), jitter: time('10ms'), correlation: { delay: 0.25, loss: 0, duplicate: 0 }, loss: 0.01, duplicate: 0.02,
    reorder: { probability: 0.25, correlation: 0.5 }, gap: 5, corrupt: { probability: 0.001, correlation: 0 }, limit: 200,
    rate: { rate: rate('1mbit'), packetOverhead: 0, cellSize: 0, cellOverhead: 0 },
  }),
  root('fq limit 500 flow_limit 50 quantum 3000 initial_quantum 15000 maxrate 1mbit nopacing ce_threshold 5ms horizon 2s', {
    limit: 500, flowLimit: 50, quantum: 3000, initialQuantum: 15000, maxrate: rate('1mbit'), pacing: false, ceThreshold: 5000, horizon: 2000000,
  }),
  root('fq_codel limit 1000 flows 256 quantum 1514 target 10ms interval 80ms memory_limit 16Mb ecn drop_batch 32 ce_threshold 1ms', {
    limit: 1000, flows: 256, quantum: 1514, target: 10000, interval: 80000, memoryLimit: size('16mb'), ecn: true, dropBatch: 32, ceThreshold: 1000,
  }),
  root('codel limit 100 target 4ms interval 30ms ecn', { limit: 100, target: 4000, interval: 30000, ecn: true }),
  root('sfq perturb 10 quantum 1514 limit 64', { perturb: 10, quantum: 1514, limit: 64 }),
  root('hfsc default 1', { default: 1 }),
  root('drr', {}),
  root('qfq', {}),
  root('red limit 400000 min 30000 max 90000 avpkt 1000 burst 55 ecn adaptive bandwidth 10mbit probability 0.1', {
    limit: 400000, min: 30000, max: 90000, avpkt: 1000, burst: 55, flags: { ecn: true, harddrop: false, adaptive: true, nodrop: false }, bandwidth: rate('10mbit'), probability: 0.1,
  }),
  root('ets bands 4 strict 2 quanta 3000 1500 priomap 0 1 2 3', { bands: 4, strict: 2, quanta: [3000, 1500], priomap: [0, 1, 2, 3] }),
  root('cake bandwidth 100mbit diffserv4 dual-srchost nat wash ack-filter no-split-gso rtt 50ms memlimit 1mb overhead 18 mpu 64', {
    bandwidth: rate('100mbit'), diffserv: 'diffserv4', flowmode: 'dual-srchost', nat: true, wash: true, ackFilter: 'enabled', splitGso: false, autorate: false,
    rtt: 50000, target: 2500, memlimit: size('1mb'), overhead: 18, mpu: 64,
  }),
  root('mqprio num_tc 2 map 0 0 1 1 queues 1@0 1@1 hw 0', { numTc: 2, map: [0, 0, 1, 1], count: [1, 1], offset: [0, 1], hw: 0 }),
  root('taprio num_tc 2 map 0 1 queues 1@0 1@1 base-time 1000 sched-entry S 01 300000 sched-entry S 02 400000 clockid CLOCK_TAI', {
    priomap: { numTc: 2, map: [0, 1], hw: 0, count: [1, 1], offset: [0, 1] }, baseTime: 1000n, clockid: 11,
    entries: [{ cmd: 'set_gates', gateMask: 1, interval: 300000 }, { cmd: 'set_gates', gateMask: 2, interval: 400000 }],
  }),
  root('etf clockid CLOCK_TAI delta 300000 deadline_mode skip_sock_check', { clockid: 'tai', delta: 300000, flags: { deadlineMode: true, skipSockCheck: true } }),
  root('cbs idleslope 20000 sendslope -980000 hicredit 30 locredit -1470 offload 0', { idleslope: 20000, sendslope: -980000, hicredit: 30, locredit: -1470 }),
  root('plug limit 1000', { action: 'limit', limit: 1000 }),
  root('pie limit 100 target 15ms tupdate 30ms alpha 2 beta 20 ecn', { limit: 100, target: 15000, tupdate: 30000, alpha: 2, beta: 20, ecn: true }),
  root('fq_pie limit 1000 flows 512 target 15ms ecn', { limit: 1000, flows: 512, target: 15000, ecn: true }),
  root('hhf limit 500 quantum 1500 hh_limit 100 reset_timeout 40ms admit_bytes 1500 evict_timeout 500ms non_hh_weight 3', {
    limit: 500, quantum: 1500, hhLimit: 100, resetTimeout: 40000, admitBytes: 1500, evictTimeout: 500000, nonHhWeight: 3,
  }),
  root('multiq', { bands: 0, maxBands: 0 }),
  { line: 'qdisc add dev t0 ingress', ours: () => qdisc.add(7, { kind: 'ingress' }) },
  { line: 'qdisc add dev t0 clsact', ours: () => qdisc.add(7, { kind: 'clsact' }) },
  { line: 'qdisc add dev t0 ingress_block 22 clsact', ours: () => qdisc.add(7, { kind: 'clsact', ingressBlock: 22 }) },
  { line: 'qdisc replace dev t0 parent 1:10 handle 20: pfifo limit 5', ours: () => qdisc.replace(7, { kind: 'pfifo', parent: '1:10', handle: '20:', options: { limit: 5 } }) },
  { line: 'qdisc change dev t0 root handle 1: pfifo limit 6', ours: () => qdisc.change(7, { kind: 'pfifo', handle: '1:', options: { limit: 6 } }) },
  { line: 'qdisc link dev t0 parent 1:20 handle 20:', ours: () => qdisc.link(7, { parent: '1:20', handle: '20:' } as QdiscInput) },
  { line: 'qdisc del dev t0 root', ours: () => qdisc.delete(7, { parent: 'root' }) },
  { line: 'qdisc del dev t0 clsact', ours: () => qdisc.delete(7, { parent: 'clsact', handle: 'ffff:', kind: 'clsact' }) },
];

const child = (line: string, options: object): Case => {
  const kind = line.split(' ')[0]!;
  return { line: `class add dev t0 parent 1: classid 1:10 ${line}`, ours: () => tcClass.add(7, { kind, parent: '1:', handle: '1:10', options } as TcClassInput) };
};

export const classCases: Case[] = [
  child('htb rate 1mbit ceil 2mbit burst 15k cburst 16k prio 2 quantum 2000', {
    rate: rate('1mbit'), ceil: rate('2mbit'), burst: size('15k'), cburst: size('16k'), prio: 2, quantum: 2000,
  }),
  child('htb rate 100kbit', { rate: rate('100kbit') }),
  child('htb rate 50gbit burst 1250000 cburst 1250000 overhead 20 mpu 64 linklayer atm', {
    rate: rate('50gbit'), burst: 1250000, cburst: 1250000, overhead: 20, mpu: 64, linklayer: 'atm',
  }),
  child('hfsc ls m1 1mbit d 10ms m2 2mbit ul m2 5mbit', {
    ls: { m1: rate('1mbit'), d: 10000, m2: rate('2mbit') }, ul: { m1: 0, d: 0, m2: rate('5mbit') },
  }),
  child('drr quantum 1500', { quantum: 1500 }),
  child('qfq weight 10 maxpkt 2000', { weight: 10, maxpkt: 2000 }),
  child('ets quantum 3000', { quantum: 3000 }),
  { line: 'class del dev t0 classid 1:10', ours: () => tcClass.delete(7, '1:10') },
];

const at = { parent: '1:', protocol: 'ip', prio: 5 } as const;
const match = (line: string, options: object, more: object = {}): Case => {
  const kind = line.split(' ').find((word) => ['u32', 'flower', 'matchall', 'bpf', 'basic', 'fw', 'flow', 'route', 'cgroup'].includes(word))!;
  return { line: `filter add dev t0 parent 1: protocol ip prio 5 ${line}`, ours: () => filter.add(7, { kind, ...at, options, ...more } as FilterInput) };
};

export const filterCases: Case[] = [
  match('u32 match ip dst 10.0.0.0/8 match ip dport 80 0xffff match ip protocol 6 0xff classid 1:10', {
    classid: '1:10', sel: { flags: { terminal: true }, keys: [...u32Match({ dst: '10.0.0.0/8' }), ...u32Match({ dport: 80 }), ...u32Match({ protocol: 6 })] },
  }),
  match('u32 match ip6 src 2001:db8::/40 match ip tos 0x10 0xff classid 1:10', {
    classid: '1:10', sel: { flags: { terminal: true }, keys: [...u32Match({ src: '2001:db8::/40' }), ...u32Match({ tos: 0x10 })] },
  }),
  match('handle 2: u32 divisor 256', { divisor: 256 }, { handle: '2:' }),
  match('u32 ht 2:5: match ip src 10.0.0.5 classid 1:10', { hash: 0x00205000, classid: '1:10', sel: { flags: { terminal: true }, keys: u32Match({ src: '10.0.0.5' }) } }),
  match('flower skip_hw dst_mac 02:00:00:00:00:01 ip_proto tcp src_ip 10.1.0.0/16 dst_port 80 ip_tos 0x10/0xff tcp_flags 0x2/0x7 classid 1:10', {
    ethType: 'ip', flags: { skipHw: true }, ethDst: '02:00:00:00:00:01', ethDstMask: 'ff:ff:ff:ff:ff:ff', ipProto: 'tcp', ipv4Src: '10.1.0.0',
    ipv4SrcMask: '255.255.0.0', tcpDst: 80, ipTos: 0x10, ipTosMask: 0xff, tcpFlags: 2, tcpFlagsMask: 7, classid: '1:10',
  }),
  match('flower ip_flags frag/nofirstfrag enc_key_id 42 enc_dst_ip 192.0.2.1 enc_dst_port 4789 ct_state +trk+new ct_zone 5 ct_mark 0x10/0xff classid 1:10', {
    ethType: 'ip', ipFlags: { frag: true }, ipFlagsMask: { frag: true, firstfrag: true }, encKeyId: 42, encIpv4Dst: '192.0.2.1', encIpv4DstMask: '255.255.255.255',
    encUdpDstPort: 4789, flags: {}, ctState: { trk: true, new: true }, ctStateMask: { trk: true, new: true },
    ctZone: 5, ctZoneMask: 0xffff, ctMark: 0x10, ctMarkMask: 0xff, classid: '1:10',
  }),
  {
    line: 'filter add dev t0 ingress protocol 802.1Q prio 3 chain 4 flower vlan_id 100 vlan_prio 3 vlan_ethtype ipv6 ip_proto icmpv6 type 128 code 0 action drop',
    ours: () => filter.add(7, { kind: 'flower', parent: 'ingress', protocol: '802.1Q', prio: 3, chain: 4, options: {
      ethType: '802.1Q', flags: {}, vlanId: 100, vlanPrio: 3, vlanEthType: 'ipv6', ipProto: 'icmpv6', icmpv6Type: 128, icmpv6TypeMask: 0xff, icmpv6Code: 0, icmpv6CodeMask: 0xff,
      actions: [{ kind: 'gact', options: { control: 'drop' } }],
    } } as FilterInput),
  },
  {
    line: 'filter add dev t0 egress protocol mpls_uc prio 3 flower mpls_label 1000 mpls_tc 2 mpls_bos 1 mpls_ttl 64 action pass',
    ours: () => filter.add(7, { kind: 'flower', parent: 'egress', protocol: 'mpls_uc', prio: 3, options: {
      ethType: 'mpls_uc', flags: {}, mplsLabel: 1000, mplsTc: 2, mplsBos: 1, mplsTtl: 64, actions: [{ kind: 'gact', options: { control: 'pass' } }],
    } } as FilterInput),
  },
  {
    line: 'filter add dev t0 ingress protocol arp flower arp_op request arp_sip 10.0.0.0/8 arp_sha 02:00:00:00:00:01 action pass',
    ours: () => filter.add(7, { kind: 'flower', parent: 'ingress', protocol: 'arp', options: {
      ethType: 'arp', flags: {}, arpOp: 1, arpOpMask: 0xff, arpSip: '10.0.0.0', arpSipMask: '255.0.0.0', arpSha: '02:00:00:00:00:01', arpShaMask: 'ff:ff:ff:ff:ff:ff',
      actions: [{ kind: 'gact', options: { control: 'pass' } }],
    } } as FilterInput),
  },
  match('matchall skip_hw classid 1:10', { flags: { skipHw: true }, classid: '1:10' }),
  match('fw classid 1:10', { classid: '1:10' }),
  match('handle 6/0xff fw classid 1:10', { mask: 0xff, classid: '1:10' }, { handle: 6 }),
  match('flow hash keys src,dst divisor 1024 baseclass 1:1', { mode: 'hash', keys: { src: true, dst: true }, divisor: 1024, baseclass: '1:1' }),
  match('basic classid 1:10', { classid: '1:10' }),
  match('cgroup', {}),
  match('bpf bytecode 1,6~0~0~1 classid 1:10', { opsLen: 1, ops: [{ code: 6, jt: 0, jf: 0, k: 1 }], classid: '1:10' }),
  { line: 'filter add block 22 protocol all prio 1 matchall action drop', ours: () => filter.add({ block: 22 }, { kind: 'matchall', prio: 1, options: { actions: [{ kind: 'gact', options: { control: 'drop' } }] } }) },
  { line: 'filter replace dev t0 parent 1: protocol ip prio 5 handle 1 matchall classid 1:10', ours: () => filter.replace(7, { ...at, kind: 'matchall', handle: 1, options: { classid: '1:10' } }) },
  { line: 'filter del dev t0 parent 1: protocol ip prio 5 handle 800::800 u32', ours: () => filter.delete(7, { ...at, kind: 'u32', handle: '800::800' }) },
  { line: 'filter del dev t0 parent 1:', ours: () => filter.delete(7, { parent: '1:' }) },
];

const does = (line: string, kind: string, options: object): Case =>
  ({ line: `actions add action ${line}`, ours: () => action.add({ kind, options } as ActionInput) });

export const actionCases: Case[] = [
  does('drop', 'gact', { control: 'drop' }),
  does('pass random netrand drop 10 index 5', 'gact', { control: 'pass', random: { type: 'netrand', value: 10, control: 'drop' }, index: 5 }),
  does('goto chain 7', 'gact', { control: 'goto chain 7' }),
  does('jump 2', 'gact', { control: 'jump 2' }),
  does('mirred egress redirect dev t1', 'mirred', { action: 'egress redirect', ifindex: 8 }),
  does('mirred ingress mirror dev t1', 'mirred', { action: 'ingress mirror', ifindex: 8 }),
  does('vlan push id 100 protocol 802.1ad priority 3', 'vlan', { action: 'push', id: 100, protocol: '802.1ad', priority: 3 }),
  does('vlan pop', 'vlan', { action: 'pop' }),
  does('tunnel_key set src_ip 192.0.2.1 dst_ip 192.0.2.2 id 42 dst_port 4789 tos 4 ttl 64 csum', 'tunnel_key', {
    action: 'set', srcIp: '192.0.2.1', dstIp: '192.0.2.2', id: 42, dstPort: 4789, tos: 4, ttl: 64, nocsum: false,
  }),
  does('tunnel_key unset', 'tunnel_key', { action: 'unset', nocsum: false }),
  does('nat egress 10.0.0.0/8 192.0.2.1', 'nat', { flags: { egress: true }, old: '10.0.0.0', mask: '255.0.0.0', new: '192.0.2.1' }),
  does('pedit ex munge ip ttl set 5 pipe', 'pedit', {
    parmsEx: { control: 'pipe', flags: 0, keys: [{ off: 8, mask: '00ffffff', val: '05000000', at: 0, offmask: 0, shift: 0 }] }, keysEx: [{ header: 'ip', cmd: 'set' }],
  }),
  does('skbedit priority 1:10 mark 5/0xff queue_mapping 3', 'skbedit', { priority: '1:10', mark: 5, mask: 0xff, queueMapping: 3 }),
  does('police rate 1mbit burst 10k conform-exceed drop/pipe', 'police', { rate: rate('1mbit'), burst: size('10k'), control: 'drop', conform: 'pipe' }),
  does('police rate 1mbit burst 10k mtu 1500 peakrate 2mbit drop', 'police', { rate: rate('1mbit'), burst: size('10k'), mtu: 1500, peakrate: rate('2mbit'), control: 'drop' }),
  does('police pkts_rate 1000 pkts_burst 100 drop', 'police', { pktRate: 1000, pktBurst: 100, control: 'drop' }),
  does('csum ip4h and tcp', 'csum', { update: { ip4h: true, tcp: true } }),
  does('sample rate 100 group 5 trunc 64', 'sample', { rate: 100, group: 5, trunc: 64 }),
  does('connmark zone 7', 'connmark', { zone: 7 }),
  does('ct commit zone 5 mark 7/0xff nat src addr 10.0.0.1-10.0.0.9 port 1000-2000', 'ct', {
    action: { commit: true, nat: true, src: true }, zone: 5, mark: 7, markMask: 0xff, natIpv4Min: '10.0.0.1', natIpv4Max: '10.0.0.9', natPortMin: 1000, natPortMax: 2000,
  }),
  does('mpls push label 100 tc 2 ttl 64', 'mpls', { action: 'push', label: 100, tc: 2, ttl: 64 }),
  does('mpls pop protocol ip', 'mpls', { action: 'pop', protocol: 'ip' }),
  does('skbmod set dmac 02:00:00:00:00:01', 'skbmod', { flags: { dmac: true }, dmac: '02:00:00:00:00:01' }),
  does('simple sdata hello', 'simple', { sdata: 'hello' }),
  does('ctinfo dscp 0x3f cpmark', 'ctinfo', { zone: 0, dscpMask: 0x3f, cpmarkMask: 0xffffffff }),
  { line: 'actions del action mirred index 5', ours: () => action.delete({ kind: 'mirred', index: 5 }) },
  { line: 'actions flush action mirred', ours: () => action.flush('mirred') },
];
