import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { build } from '../../../src/netfilter/builder/builder.ts';
import { rule, type Chain, type Expression, type Netfilter, type Rule, type RuleBuilder } from '../../../src/netfilter/index.ts';
import { dropsOf, readForwarding } from '../../../src/container/forward/drops.ts';
import type { Packet } from '../../../src/container/forward/packet.ts';
import { walk } from '../../../src/container/forward/walk.ts';
import { udpFrame } from '../../../src/container/lan/frames.ts';
import { refusal } from '../../support/witness.ts';

/* Where a packet ends that goes through somebody else's chains, told from their rules alone. */
const place = { family: 'ip', table: 'filter' } as const;
const forward = (policy: 'accept' | 'drop') => ({ ...place, name: 'FORWARD', type: 'filter', hook: 'forward', policy }) as unknown as Chain;
const from: Packet = { what: 'from nl0', family: 'ip', iifname: 'nl0', oifname: 'em1', state: 'new' };
const answer: Packet = { what: 'to nl0', family: 'ip', iifname: 'em1', oifname: 'nl0', state: 'established' };
const made = (builders: { readonly [chain: string]: readonly (RuleBuilder | readonly Expression[])[] }): Rule[] =>
  Object.entries(builders).flatMap(([chain, all]) => all.map((one) => ({
    ...place, chain, expressions: Array.isArray(one) ? one : build(one as RuleBuilder, place).expressions,
  }) as unknown as Rule));
/** `accept`, `drop`, or both where that depends on more. */
const ends = (policy: 'accept' | 'drop', rules: Parameters<typeof made>[0], packet = from): string =>
  [...new Set(walk(forward(policy), made(rules), packet).map(({ verdict }) => verdict))].sort().join(' or ');

test('a chain without rules does what its policy says', () => {
  assert.is(ends('accept', {}), 'accept');
  assert.is(ends('drop', {}), 'drop');
});

test('rules about other links are none of its business', () => {
  const rules = { FORWARD: [rule().iifname('docker0').drop(), rule().oifname.not('em1').drop(), rule().iifname('nl1').accept()] };
  assert.is(ends('accept', rules), 'accept');
  assert.is(ends('accept', { FORWARD: [rule().iifname('nl0').counter().drop()] }), 'drop');
  assert.is(ends('drop', { FORWARD: [rule().iifname('nl0').oifname('em1').accept()] }), 'accept');
  assert.is(ends('drop', { FORWARD: [rule().iifname('nl*').accept()] }), 'accept', 'a name that ends with anything');
});

test('the first rule counts, whatever stands behind it', () => {
  assert.is(ends('accept', { FORWARD: [rule().drop(), rule().iifname('nl0').accept()] }), 'drop');
  assert.is(ends('drop', { FORWARD: [rule().counter(), rule().accept(), rule().drop()] }), 'accept');
  assert.is(ends('accept', { FORWARD: [rule().reject()] }), 'drop');
});

test('the state of a connection', () => {
  const rules = { FORWARD: [rule().ct.state('established', 'related').accept(), rule().drop()] };
  assert.is(ends('accept', rules), 'drop');
  assert.is(ends('accept', rules, answer), 'accept');
});

test('iptables\' own match for it', () => {
  const info = new Uint8Array(168), conntrack = (state: number, inverted = 0): Expression[] => {
    new DataView(info.buffer).setUint16(146, 1, true);
    new DataView(info.buffer).setUint16(148, inverted, true);
    new DataView(info.buffer).setUint16(150, state, true);
    return [{ name: 'match', data: { name: 'conntrack', revision: 3, info: info.slice() } } as Expression, ...build(rule().accept(), place).expressions];
  };
  assert.is(ends('drop', { FORWARD: [conntrack(2 | 4)] }), 'drop');
  assert.is(ends('drop', { FORWARD: [conntrack(2 | 4)] }, answer), 'accept');
  assert.is(ends('drop', { FORWARD: [conntrack(2 | 4, 1)] }), 'accept');
});

test('what depends on more than is known has several ends', () => {
  assert.is(ends('accept', { FORWARD: [rule().ip.saddr('10.0.0.0/8').drop()] }), 'accept or drop');
  assert.is(ends('drop', { FORWARD: [rule().ip.saddr('10.0.0.0/8').accept()] }), 'accept or drop');
  assert.is(ends('drop', { FORWARD: [rule().tcp.dport(80).drop()] }), 'drop', 'either way it is dropped');
  assert.is(ends('accept', { FORWARD: [[{ name: 'lookup', data: { set: 'verdicts', sreg: 1, dreg: 0 } } as Expression]] }), 'accept or drop');
});

test('chains that are jumped to, and those that are gone to', () => {
  assert.is(ends('drop', { FORWARD: [rule().jump('USERS'), rule().drop()], USERS: [rule().iifname('nl0').accept()] }), 'accept');
  assert.is(ends('drop', { FORWARD: [rule().jump('USERS'), rule().accept()], USERS: [rule().iifname('nl0').return(), rule().drop()] }), 'accept');
  assert.is(ends('drop', { FORWARD: [rule().goto('USERS'), rule().accept()], USERS: [rule().iifname('other').accept()] }), 'drop', 'from there it is back in the chain of the kernel');
  assert.is(ends('accept', { FORWARD: [rule().oifname('nl0').jump('USERS')], USERS: [rule().drop()] }), 'accept');
});

/** A rule of these expressions that accepts what it is about: `yes` and `no` where that is certain. */
const about = (...expressions: unknown[]): string =>
  ({ accept: 'yes', drop: 'no', 'accept or drop': 'maybe' })[ends('drop', { FORWARD: [[...expressions as Expression[], ...build(rule().accept(), place).expressions]] })]!;
const loaded = (key: string, name = 'meta') => ({ name, data: { key, dreg: 1 } });
const compared = (value: readonly number[] | undefined, op = 'eq') => ({ name: 'cmp', data: { sreg: 1, op, data: value && { value: Uint8Array.from(value) } } });
const name = [...Buffer.from('nl0'), 0];

test('expressions one by one, as far as they can be told beforehand', () => {
  assert.is(about(loaded('nfproto'), compared([2])), 'yes');
  assert.is(about(loaded('nfproto'), compared([10])), 'no');
  assert.is(about(loaded('iifname'), compared(name)), 'yes');
  assert.is(about(loaded('iifname'), compared(name, 'neq')), 'no');
  assert.is(about(loaded('iifname'), compared(name, 'gt')), 'maybe', 'an order of names');
  assert.is(about(loaded('iifname'), compared(undefined)), 'maybe', 'with what, is not said');
  assert.is(about(loaded('iifname'), compared([...name, ...Array(13).fill(0)])), 'yes', 'what lies behind a name is zeros');
  assert.is(about(loaded('ibrname'), compared(name)), 'maybe', 'of a packet of IP no bridge is known');
  assert.is(about(loaded('mark'), compared([1, 0, 0, 0])), 'maybe');
  assert.is(about(loaded('mark', 'ct'), compared([1, 0, 0, 0])), 'maybe');
  assert.is(about({ name: 'payload', data: { dreg: 1 } }, compared([1])), 'maybe');
  assert.is(about({ name: 'meta', data: { key: 'mark', sreg: 1 } }, { name: 'ct', data: { key: 'mark', sreg: 1 } }), 'yes', 'they set something');
  assert.is(about({ name: 'limit', data: {} }), 'maybe');
  assert.is(about({ name: 'synproxy' }), 'maybe', 'one that has nothing in it');
});

test('bits that are cut out are known, where the value is', () => {
  const cut = (data: object) => ({ name: 'bitwise', data: { sreg: 1, dreg: 1, ...data } }), ones = { value: Uint8Array.of(0xff, 0xff, 0xff, 0xff) };
  assert.is(about(loaded('state', 'ct'), cut({ mask: ones, xor: { value: Uint8Array.of(8) } }), compared([0, 0, 0, 0])), 'yes', 'the new ones, turned over');
  assert.is(about(loaded('state', 'ct'), cut({ op: 'maskXor', mask: { value: Uint8Array.of(8) } }), compared([8, 0, 0, 0])), 'yes');
  assert.is(about(loaded('state', 'ct'), cut({}), compared([0])), 'yes', 'nothing is left');
  assert.is(about(loaded('state', 'ct'), cut({ op: 'lshift' }), compared([8])), 'maybe');
  assert.is(about(cut({ mask: ones }), compared([8])), 'maybe');
  assert.is(about({ name: 'bitwise', data: { mask: ones } }, { name: 'cmp', data: { op: 'eq', data: { value: Uint8Array.of(1) } } }), 'maybe', 'registers that are not named');
});

test('matches of iptables that cannot be told', () => {
  const match = (name: string, revision?: number, info?: Uint8Array) => about({ name: 'match', data: { name, revision, info } }), flags = new Uint8Array(168);
  flags[146] = 3;
  assert.is(match('comment', 0), 'yes');
  for (const [one, revision, info] of [['addrtype', 1, new Uint8Array(8)], ['conntrack', 1, flags], ['conntrack', 3, undefined], ['conntrack', 3, flags.subarray(0, 100)], ['conntrack', 3, flags], ['conntrack', undefined, flags]] as const)
    assert.is(match(one, revision, info), 'maybe', one);
});

test('verdicts of all kinds', () => {
  const end = (...expressions: unknown[]) => ends('accept', { FORWARD: [expressions as Expression[]] }), verdict = (code: string) => end({ name: 'immediate', data: { dreg: 0, data: { verdict: { code } } } });
  assert.equal(['accept', 'drop', 'continue', 'return', 'stolen'].map(verdict), ['accept', 'drop', 'accept', 'accept', 'accept or drop']);
  assert.is(end({ name: 'immediate', data: { dreg: 1, data: { value: Uint8Array.of(1) } } }, { name: 'reject', data: {} }), 'drop');
  assert.equal(['REJECT', 'NFQUEUE', 'LOG'].map((name) => end({ name: 'target', data: { name } })), ['drop', 'accept or drop', 'accept']);
  assert.is(end({ name: 'queue', data: {} }), 'accept or drop');
  assert.is(end({ name: 'lookup', data: { set: 's', sreg: 1, dreg: 1 } }), 'accept', 'a value of a map is no verdict');
  assert.is(walk(forward('drop'), [{ ...place, chain: 'FORWARD' } as unknown as Rule], from)[0]!.verdict, 'drop', 'a rule without expressions does nothing');
});

test('frames are judged by rules for frames', () => {
  const frame: Packet = { what: 'it', family: 'bridge', ibrname: 'br0', obrname: 'br0', state: 'new' }, accepting = { FORWARD: [rule().meta.ibrname('br0').accept()] };
  assert.is(ends('drop', accepting, frame), 'accept');
  assert.is(ends('drop', { FORWARD: [[loaded('nfproto'), compared([2]), ...build(rule().accept(), place).expressions] as Expression[]] }, frame), 'accept or drop', 'what is in a frame is not known');
  const ipv6: Packet = { what: 'it', family: 'ip6', state: 'new' };
  assert.is(ends('drop', { FORWARD: [[loaded('nfproto'), compared([10]), ...build(rule().accept(), place).expressions] as Expression[]] }, ipv6), 'accept');
});

test('a kernel without nf_tables drops nothing; any other error is told', async () => {
  const failing = (code: string) => ({ chain: { list: async () => { throw Object.assign(new Error(code), { code }); } } }) as unknown as Netfilter;
  for (const code of ['EOPNOTSUPP', 'EPROTONOSUPPORT', 'EINVAL']) {
    const forwarding = await readForwarding(failing(code));
    assert.equal([forwarding.all, dropsOf(forwarding, [from])], [[], []]);
  }
  assert.is((await refusal(readForwarding(failing('EPERM')))).message, 'EPERM');
  assert.is((await refusal(readForwarding({ chain: { list: async () => { throw new Error('so'); } } } as never))).message, 'so');
});

test('the datagram that is sent to try it', () => {
  const common = { mac: '02:00:00:00:00:01', toMac: '02:00:00:00:00:02', port: 9 };
  const sum = (bytes: Uint8Array): number => {
    let total = 0;
    for (let i = 0; i < bytes.length; i += 2) total += (bytes[i]! << 8) | bytes[i + 1]!;
    while (total > 0xffff) total = (total & 0xffff) + (total >>> 16);
    return total;
  };
  const four = udpFrame({ ...common, from: '10.0.0.1', to: '10.0.0.2' });
  assert.equal([four.length, four[14], four[23]], [42, 0x45, 17]);
  assert.is(sum(four.slice(14, 34)), 0xffff, 'the header\'s sum');
  const six = udpFrame({ ...common, from: 'fd00::1', to: 'fd00::2' });
  assert.equal([six.length, six[14], six[20]], [62, 0x60, 17]);
  assert.is(sum(Uint8Array.from([...six.slice(22, 54), 0, 0, 0, 8, 0, 0, 0, 17, ...six.slice(54)])), 0xffff, 'with the pseudo header');
});

test.run();
