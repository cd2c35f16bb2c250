import type { ActionInput } from '../../src/route/tc/action/declaration.ts';
import { u32Match } from '../../src/route/tc/filter/kinds/u32-match.ts';
import type { FilterInput, QdiscInput, TcClassInput } from '../../src/route/tc/message.ts';
import { rate, size, time } from '../../src/route/tc/units.ts';

// What is made of each kind of traffic control, live and on tapes: on t0, which has four queues; t1 is its other end.

const of16 = (...first: number[]): number[] => [...first, ...Array<number>(16 - first.length).fill(0)];

/** Two classes of traffic on two of the queues. */
const twoClasses = { numTc: 2, map: of16(0, 1), hw: 0, count: of16(1, 1), offset: of16(0, 1) };

export const qdiscs: readonly QdiscInput[] = [
  { kind: 'htb', handle: '1:', options: { default: 0x30, r2q: 20, directQlen: 500 } },
  { kind: 'tbf', handle: '1:', options: { rate: rate('1mbit'), burst: 16000, latency: time('50ms') } },
  { kind: 'tbf', handle: '1:', options: { rate: rate('40gbit'), burst: size('1mb'), limit: size('4mb') } },
  { kind: 'pfifo', handle: '1:', options: { limit: 17 } },
  { kind: 'bfifo', handle: '1:', options: { limit: 3000 } },
  { kind: 'pfifo_head_drop', handle: '1:', options: { limit: 17 } },
  { kind: 'pfifo_fast', handle: '1:' },
  { kind: 'ingress' },
  { kind: 'clsact' },
  { kind: 'prio', handle: '1:', options: { bands: 4, priomap: [3, 2, 1, 0, 3, 2, 1, 0, 3, 2, 1, 0, 3, 2, 1, 0] } },
  { kind: 'netem', handle: '1:', options: { delay: time('100ms'), jitter: time('10ms'), loss: 0.01, limit: 500 } },
  { kind: 'fq', handle: '1:', options: { limit: 500, flowLimit: 50, quantum: 3000 } },
  { kind: 'fq_codel', handle: '1:', options: { limit: 1000, flows: 256, target: 10000, interval: 80000, ecn: true } },
  { kind: 'codel', handle: '1:', options: { limit: 100, ecn: true } },
  { kind: 'cake', handle: '1:', options: { bandwidth: rate('100mbit'), diffserv: 'diffserv4', nat: true } },
  { kind: 'sfq', handle: '1:', options: { perturb: 10, quantum: 1514, limit: 64 } },
  { kind: 'red', handle: '1:', options: { limit: 400000, min: 30000, max: 90000, avpkt: 1000, burst: 55, flags: { ecn: true } } },
  { kind: 'ets', handle: '1:', options: { bands: 4, strict: 2, quanta: [3000, 1500] } },
  { kind: 'hhf', handle: '1:', options: { limit: 500 } },
  { kind: 'pie', handle: '1:', options: { limit: 100 } },
  { kind: 'fq_pie', handle: '1:', options: { limit: 1000 } },
  { kind: 'drr', handle: '1:' },
  { kind: 'hfsc', handle: '1:', options: { default: 1 } },
  { kind: 'qfq', handle: '1:' },
  { kind: 'plug', handle: '1:', options: { action: 'limit', limit: 3000 } },
  { kind: 'etf', handle: '1:', options: { clockid: 'tai', delta: 300000, flags: { skipSockCheck: true } } },
  { kind: 'cbs', handle: '1:', options: { hicredit: 30, locredit: -1470, idleslope: 20000, sendslope: -980000 } },
  { kind: 'mq', handle: '1:' },
  { kind: 'mqprio', handle: '1:', options: twoClasses },
  { kind: 'multiq', handle: '1:', options: { bands: 4 } },
  { kind: 'taprio', handle: '1:', options: {
    priomap: twoClasses, baseTime: 1000n, clockid: 11,
    entries: [{ index: 0, cmd: 'set_gates', gateMask: 1, interval: 300000 }, { index: 1, cmd: 'set_gates', gateMask: 2, interval: 400000 }],
  } },
];

/** Each below the qdisc of its kind. */
export const classes: readonly TcClassInput[] = [
  { kind: 'htb', parent: '1:', handle: '1:10', options: { rate: rate('1mbit'), ceil: rate('2mbit'), burst: size('15k'), cburst: size('16k'), prio: 2, quantum: 2000 } },
  { kind: 'hfsc', parent: '1:', handle: '1:10', options: { ls: { m1: rate('1mbit'), d: 10000, m2: rate('2mbit') }, ul: { m1: 0, d: 0, m2: rate('5mbit') } } },
  { kind: 'drr', parent: '1:', handle: '1:10', options: { quantum: 1500 } },
  { kind: 'qfq', parent: '1:', handle: '1:10', options: { weight: 10, maxpkt: 2000 } },
  { kind: 'ets', parent: '1:', handle: '1:3', options: { quantum: 3000 } },
];

/** The place of these filters: below an htb qdisc with a class 1:10. */
export const filterPlace = { parent: '1:', protocol: 'ip', prio: 5 } as const;

const at = filterPlace, terminal = { flags: { terminal: true } } as const;

export const filters: readonly FilterInput[] = [
  { ...at, kind: 'u32', options: { classid: '1:10', sel: { ...terminal, keys: u32Match({ dst: '10.0.0.0/8', dport: 80, protocol: 6 }) } } },
  { ...at, kind: 'bpf', options: { classid: '1:10', ops: [{ code: 6, jt: 0, jf: 0, k: 1 }] } },
  { ...at, kind: 'flower', options: { ethType: 'ip', ipProto: 'tcp', ipv4Dst: '10.0.0.0', ipv4DstMask: '255.0.0.0', tcpDst: 80, classid: '1:10' } },
  { ...at, kind: 'matchall', options: { classid: '1:10' } },
  { ...at, kind: 'fw', handle: 6, options: { classid: '1:10', mask: 0xff } },
  { ...at, kind: 'flow', handle: 1, options: { keys: { src: true, dst: true }, mode: 'hash', divisor: 16, baseclass: '1:1' } },
  { ...at, kind: 'route', handle: 0x00070005, options: { classid: '1:10', to: 5, from: 7 } },
  { ...at, kind: 'basic', options: { classid: '1:10' } },
  { ...at, kind: 'cgroup', handle: 1, options: {} },
];

export const actions: readonly ActionInput[] = [
  { kind: 'mirred', options: { action: 'egress redirect', dev: 't1' } },
  { kind: 'gact', options: { control: 'drop', random: { type: 'netrand', control: 'pass', value: 10 } } },
  { kind: 'vlan', options: { action: 'push', id: 100, protocol: '802.1ad', priority: 3 } },
  { kind: 'tunnel_key', options: { action: 'set', srcIp: '192.0.2.1', dstIp: '192.0.2.2', id: 42, dstPort: 4789 } },
  { kind: 'nat', options: { flags: { egress: true }, old: '10.0.0.0', mask: '255.0.0.0', new: '192.0.2.1' } },
  { kind: 'pedit', options: { parmsEx: { control: 'pipe', keys: [{ off: 8, mask: '00ffffff', val: '05000000', at: 0, offmask: 0, shift: 0 }] }, keysEx: [{ header: 'ip', cmd: 'set' }] } },
  { kind: 'skbedit', options: { priority: '1:10', mark: 5, mask: 0xff } },
  { kind: 'police', options: { rate: rate('1mbit'), burst: size('10k'), control: 'drop', conform: 'pipe' } },
  { kind: 'csum', options: { update: { ip4h: true, tcp: true } } },
  { kind: 'sample', options: { rate: 100, group: 5, trunc: 64 } },
  { kind: 'connmark', options: { zone: 7 } },
  { kind: 'ct', options: { action: { commit: true }, zone: 5, mark: 7, markMask: 0xff } },
  { kind: 'ctinfo', options: { zone: 0, dscpMask: 0x3f, dscpStatemask: 0, cpmarkMask: 0 } },
  { kind: 'mpls', options: { action: 'push', label: 100, tc: 2, ttl: 64, protocol: 'mpls_uc' } },
  { kind: 'skbmod', options: { flags: { dmac: true }, dmac: '02:00:00:00:00:01' } },
  { kind: 'bpf', options: { ops: [{ code: 6, jt: 0, jf: 0, k: 1 }] } },
  { kind: 'simple', options: { sdata: 'hello' } },
];
