import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { build } from '../../../src/netfilter/builder/builder.ts';
import { rule, type Chain, type Expression, type Rule, type RuleBuilder } from '../../../src/netfilter/index.ts';
import type { Packet } from '../../../src/container/forward/packet.ts';
import { walk } from '../../../src/container/forward/walk.ts';
import { udpFrame } from '../../../src/container/lan/frames.ts';

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
