import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { memoryOf } from '../../../src/bytes/memory.ts';
import { Writer } from '../../../src/bytes/writer.ts';
import { encapIoam6 } from '../../../src/route/encap/others.ts';
import { inet6Spec } from '../../../src/route/link/af/inet6.ts';
import { bridgeId } from '../../../src/route/link/bridge-id.ts';
import { withoutDefaults } from '../../../src/route/link/defaults.ts';
import { linkMessage, linkReport } from '../../../src/route/link/message.ts';
import { vfinfoList } from '../../../src/route/link/vf.ts';
import { labelStack } from '../../../src/route/mpls.ts';
import { matches } from '../../../src/route/route/match.ts';
import { peditAction } from '../../../src/route/tc/action/kinds/pedit.ts';
import { fqCodelStats } from '../../../src/route/tc/qdisc/kinds/fq-codel.ts';
import { mqprioQdisc } from '../../../src/route/tc/qdisc/kinds/mqprio.ts';
import { redQdisc } from '../../../src/route/tc/qdisc/kinds/red.ts';
import { statsOf } from '../../../src/route/tc/stats.ts';
import { milliseconds64 } from '../../../src/route/time.ts';
import type { Codec } from '../../../src/schema/codec.ts';
import { binary } from '../../../src/schema/leaves.ts';
import { readFrom, refusal, roundTrip, written } from '../../support/bytes.ts';

/** What a codec writes, to be read by itself. */
function reading(codec: Codec<any>, value: object): Parameters<Codec<any>['read']> {
  const w = new Writer(2048);
  w.full = true;
  codec.write(w, value, {}, 0);
  return [memoryOf(Uint8Array.from(w.written())), 0, w.at, {}, 0];
}

// Values of few devices and kinds: what is written of them, how they are read, and what is refused.

const back = <T>(codec: Parameters<typeof written<T>>[0], value: T): T => readFrom(codec, written(codec, value, {}, true).replaceAll(' ', ''));

test('an identifier of a bridge', () => {
  assert.is(written(bridgeId, '8000.0242F2558144'), '80000242 f2558144');
  assert.is(back(bridgeId, '8000.0242f2558144'), '8000.0242f2558144');
  for (const odd of ['8000', '8000.0242f255814', 32768]) assert.match(refusal(bridgeId, odd), /^must be a bridge id like 8000\.0242f2558144, got /);
});

test('a virtual function\'s link-layer address has six bytes, or twenty', () => {
  const long = '01:02:03:04:05:06:07:08:09:0a:0b:0c:0d:0e:0f:10:11:12:13:14';
  const value = [{ mac: { vf: 3, mac: '02:42:ac:11:00:02' }, broadcast: long }, { mac: { vf: 4, mac: long } }];
  assert.equal(back(vfinfoList, value as never), value);
  for (const mac of [7, '02:42', `${long}:${long}`]) assert.match(refusal(vfinfoList, [{ mac: { vf: 3, mac } }]), /^\[0\]\.mac\.mac: must be a link-layer address like 02:42:ac:11:00:02, got /);
});

test('settings of IPv6 by their names, and by number what has none', () => {
  const given = { conf: { forwarding: 1, hoplimit: 64, 99: 5, mtu6: undefined } };
  const { conf } = back(inet6Spec, given as never) as unknown as { conf: { [name: string]: number } };
  assert.equal([conf['forwarding'], conf['hoplimit'], conf['mtu6'], conf['99'], conf['98'], conf['100']], [1, 64, 0, 5, 0, undefined]);
  const { codec } = inet6Spec.declarations.conf;
  for (const [odd, message] of [[{ forwarding: 'yes' }, /^forwarding: must be a setting and a whole number, got "yes"/], [{ nonsense: 1 }, /^nonsense: /], [5, /^must be an object/]] as const)
    assert.match(refusal(codec, odd), message);
});

test('a trace of IOAM', () => {
  const trace = { ns: 0x1234, type: 0x800001, size: 12 };
  assert.equal(back(encapIoam6, { trace }).trace, trace);
  for (const [odd, field] of [[{ ns: 65536 }, 'ns'], [{ ns: undefined }, 'ns'], [{ ns: 1.5 }, 'ns'], [{ ns: '1' }, 'ns'], [{ type: Symbol('odd') }, 'type'], [{ size: Symbol('odd') }, 'size'], [{ type: 0 }, 'type'], [{ type: 1 << 24 }, 'type'], [{ size: 10 }, 'size'], [{ size: 248 }, 'size']] as const)
    assert.ok(refusal(encapIoam6, { trace: { ...trace, ...odd } }).startsWith(`trace.${field}: must be `), JSON.stringify(odd));
});

test('what pedit sets is four bytes in hex digits', () => {
  const key = { mask: 'ffffff00', val: '0000007B', off: 4, at: 0, offmask: 0, shift: 0 }, parms = { control: 'pipe', keys: [key] };
  assert.equal((back(peditAction, { parms } as never) as any).parms.keys, [{ ...key, val: '0000007b' }]);
  for (const mask of [0xff, 'ff', 'fffffffg']) assert.match(refusal(peditAction, { parms: { ...parms, keys: [{ ...key, mask }] } }), /^parms\.keys\[0\]\.mask: must be 8 hex digits, got /);
});

test('counters of fq_codel are those of the qdisc, or of one flow', () => {
  const flow = { type: 1, deficit: -5, ldelay: 100, count: 2, lastcount: 1, dropping: true, dropNext: -3 };
  assert.equal(back(fqCodelStats, flow as never), flow);
  const whole = back(fqCodelStats, { type: 0, maxpacket: 1514 } as never) as { type: number; maxpacket: number };
  assert.equal([whole.type, whole.maxpacket], [0, 1514]);
});

test('times in 64 bits are whole milliseconds, labels of MPLS are a stack of at least one', () => {
  assert.is(back(milliseconds64, 86_400_000), 86_400_000);
  for (const odd of [-1, 0.5, '5', 2 ** 53]) assert.match(refusal(milliseconds64, odd), /^must be whole milliseconds, 0 or more, got /);
  assert.equal(back(labelStack, [16, 1048575]), [16, 1048575]);
  for (const odd of [[], 16]) assert.match(refusal(labelStack, odd), /^must be MPLS labels, got /);
  for (const odd of [[1048576], [-1]]) assert.match(refusal(labelStack, odd), /^must be an MPLS label from 0 to 1048575, got /);
});

test('what red works with is derived where it is not given', () => {
  const parms = (options: object): any => redQdisc.read(...reading(redQdisc, options));
  const { min, max, limit } = parms({ limit: 120_000, avpkt: 1000 });
  assert.equal([limit, max, min], [120_000, 30_000, 10_000], 'a quarter of the limit, and a third of that');
  assert.is(parms({ limit: 120_000, avpkt: 1000, min: 30_000, max: 30_000 }).plog, 0, 'no slope');
  assert.is(parms({ limit: 120_000, wlog: 9, flags: { ecn: true } }).flags.ecn, true);
  for (const [options, message] of [[{ limit: 120_000, avpkt: 1000, burst: 1e9 }, /^burst: gives no curve/], [{ limit: 'much', avpkt: 1000 }, /^limit: must be a number, got "much"/]] as const)
    assert.match(refusal(redQdisc, options), message);
});

test('mqprio tells of classes only what is not so anyway, or where hardware serves them', () => {
  const length = (options: object): number => written(mqprioQdisc, options as never).length, express = { index: 0, fp: 'express' }, bare = length({ hw: 0 });
  assert.is(length({ hw: 0, tcEntry: [express] }), bare);
  for (const more of [{ hw: 1, tcEntry: [express] }, { hw: 0, tcEntry: [express, { index: 1, fp: 'preemptible' }] }]) assert.ok(length(more) > bare, JSON.stringify(more));
  assert.match(refusal(mqprioQdisc, undefined), /must be an object/);
});

test('counters of tc: each of them, or none', () => {
  const none = statsOf(binary), back_ = (stats: object): any => none.read(...reading(none, stats));
  assert.equal(back_({ bytes: 5n, packets: 6n, qlen: 1, backlog: 2, drops: 3, requeues: 4, overlimits: 5, rate: { bps: 7n, pps: 8n } }),
    { bytes: 5n, packets: 6n, qlen: 1, backlog: 2, drops: 3, requeues: 4, overlimits: 5, rate: { bps: 7n, pps: 8n } });
  assert.equal(back_({ bytes: 5n, packets: 2n ** 33n }), { bytes: 5n, packets: 2n ** 33n });
  assert.equal(back_({ bytes: 5n }), { bytes: 5n, packets: 0n });
  assert.equal(back_({}), {});
  assert.match(refusal(none, { packets: 5 }), /^packets: must be a bigint, got 5/);
});

test('what a link does not say', () => {
  const vlan = { index: 4, kind: 'vlan', options: { id: 5 } };
  assert.is((roundTrip(linkMessage, vlan).options as { flags?: object }).flags, undefined);
  const { flags } = roundTrip(linkReport, vlan).options as { flags: object };
  assert.ok(Object.keys(flags).length > 0 && Object.values(flags).every((on) => on === false), 'a VLAN without flags says that none is set');
  assert.equal(roundTrip(linkReport, { ...vlan, options: { id: 5, flags: { gvrp: true } } }).options.flags.gvrp, true);
  assert.equal(withoutDefaults({ kind: 'netkit', address: '00:00:00:00:00:00' }), { kind: 'netkit', address: undefined });
  assert.equal(withoutDefaults({ kind: 'netkit', address: '02:00:00:00:00:01', options: {} }), { kind: 'netkit', address: '02:00:00:00:00:01', options: {} });
  assert.equal(withoutDefaults({ kind: 'geneve', options: { ttlInherit: false, id: 5 } }), { kind: 'geneve', options: { id: 5 } });
});

test('whether a route that was listed is the one that is meant', () => {
  const route = { family: 'inet6', dst: '2001:db8::/32', table: 'main', priority: 1024, flags: { onlink: true }, oif: 4, multipath: [{ oif: 5, flags: {}, hops: 1 }], encap: { dst: '2001:db8::1' } } as never;
  for (const wanted of [{ dst: '2001:DB8::/32' }, { tos: 0 }, { priority: 1024 }, { flags: { onlink: true, dead: false, pervasive: undefined } }, { dev: 'x' }, { multipath: [{ dev: 'x', oif: 5, hops: undefined, flags: { onlink: false } }] },
    { encap: { dst: '2001:db8:0::1', up: false } }, { gateway: undefined }])
    assert.is(matches(wanted as never)(route), true, JSON.stringify(wanted));
  for (const wanted of [{ dst: '2001:db8::/33' }, { dst: '1.2.3.4/99' }, { dst: 'default' }, { priority: 0 }, { flags: { onlink: false } }, { multipath: [] }, { multipath: [{ oif: 6 }] }, { gateway: '::1' }, { encap: { dst: '::1' } }, { via: { up: true } }])
    assert.is(matches(wanted as never)(route), false, JSON.stringify(wanted));
  const other = { family: 'inet', flags: {} } as never;
  for (const dst of ['default', '0.0.0.0/0']) assert.is(matches({ dst, priority: 0 } as never)(other), true, dst);
});

test.run();
