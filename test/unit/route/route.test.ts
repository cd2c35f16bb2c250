import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { unhex } from '../../../src/bytes/hex.ts';
import { memoryOf } from '../../../src/bytes/memory.ts';
import type { AttributesInput } from '../../../src/schema/attributes.ts';
import { routeMessage, type RouteInput } from '../../../src/route/route/message.ts';
import { asNew, asOld, prepared } from '../../../src/route/route/prepare.ts';
import { decoded, encoded, roundTrip } from '../../support/bytes.ts';

/** The message that is sent; nothing is asked where links are given by index. */
function wire(route: RouteInput, complete = asNew): string {
  const steps = prepared('test', route, complete).next();
  assert.is(steps.done, true);
  return encoded(routeMessage, steps.value as object);
}

test('a default route', () => {
  assert.is(wire({ dst: 'default', gateway: '172.24.133.254' }), '02000000fe03000100000000 08000f00fe000000 08000500ac1885fe');
  assert.is(wire({ gateway: 'fc00::1' }), '0a000000fe03000100000000 08000f00fe000000 14000500fc000000000000000000000000000001');
  assert.is(wire({ dst: '::/0', oif: 3 }), '0a000000fe03000100000000 08000f00fe000000 0800040003000000');
});

test('a route of MPLS has its one table in the header alone, and its type when it is deleted', () => {
  assert.not.match(wire({ dst: '100', via: '10.0.0.1', oif: 2 }), /08000f00/);
  assert.is(wire({ dst: '100', via: '10.0.0.1', oif: 2 }).slice(0, 24), '1c140000fe03000100000000');
  assert.is(wire({ dst: '100' }, asOld).slice(0, 24), '1c140000fe00000100000000');
});

test('scope, table and protocol are filled in as ip does', () => {
  assert.is(wire({ dst: '10.0.0.0/8', oif: 3 }), '02080000fe03fd0100000000 08000f00fe000000 080001000a000000 0800040003000000', 'link scope without a gateway');
  assert.is(wire({ dst: '10.0.0.1', type: 'local', oif: 1 }).slice(0, 24), '02200000ff03fe0200000000');
  assert.is(wire({ dst: '10.0.0.0/8', type: 'blackhole' }).slice(0, 24), '02080000fe03000600000000');
  assert.is(wire({ dst: '10.0.0.0/8', oif: 3, table: 1000 }).slice(0, 24), '02080000fc03fd0100000000', 'RT_TABLE_COMPAT in the header');
  assert.is(wire({ dst: '10.0.0.0/8' }, asOld).slice(0, 24), '02080000fe00ff0000000000', 'RT_SCOPE_NOWHERE to delete');
});

test('what is read is what was written', () => {
  const head = { family: 'inet', tos: 0, table: 'main', protocol: 'static', scope: 'global', type: 'unicast', flags: {} };
  const six = { ...head, family: 'inet6' };
  for (const value of [
    { ...head, dst: '10.0.0.0/8', gateway: '10.0.0.1', oif: 3, priority: 5, prefsrc: '10.0.0.2' },
    { ...head, table: 70000, dst: 'default', metrics: { lock: { mtu: true }, mtu: 1400, rtt: 12.5, rttvar: 3.25, congctl: 'bbr', features: { ecn: true }, quickack: true, rtoMin: 200 } },
    { ...head, dst: '10.0.0.0/8', multipath: [{ oif: 3, weight: 256, flags: { onlink: true }, gateway: '10.0.0.1' }, { oif: 4, weight: 1, flags: {}, via: 'fe80::1', encap: { labels: [16, 1048575], ttl: 7 }, encapType: 'mpls' }] },
    { ...six, dst: 'fc00::/7', src: 'fd00::/8', pref: 'high', expires: 60, cacheinfo: { clntref: 1, lastuse: 2, expires: -3, error: -101, used: 4, id: 5, ts: 6, tsage: 7 } },
    { ...head, family: 'mpls', dst: '100', newdst: [200, 300], via: '10.0.0.1', oif: 2, ttlPropagate: false },
    { ...head, dst: '10.0.0.0/8', via: '02:00:00:00:00:01', oif: 2 },
    { ...head, dst: '1.2.3.4/32', iif: 5, mark: 7, uid: 1000, ipProto: 6, sport: 1024, dport: 80, flowlabel: 0xabcde, nhid: 12, flow: 0x30004 },
    { ...head, dst: '10.0.0.0/8', oif: 3, encap: { id: 30n, dst: '1.2.3.4', src: '0.0.0.0', ttl: 9, tos: 8, flags: { csum: true, key: true }, opts: { geneve: [{ class: 1, type: 2, data: '01020304' }, { class: 3, type: 4, data: '05060708' }] } }, encapType: 'ip' },
    { ...head, dst: '10.0.0.0/8', oif: 3, encap: { id: 1n, dst: 'fc00::1', hoplimit: 3, tc: 4, opts: { erspan: { version: 1, index: 5, dir: 0, hwid: 9 } } }, encapType: 'ip6' },
    { ...six, dst: 'fc00::/64', oif: 3, encap: { srh: { mode: 'encap', segments: ['fc00::1', 'fc00::2'], tag: 9, flags: 8 } }, encapType: 'seg6' },
    { ...six, dst: 'fc00::/64', oif: 3, encap: { action: 'End.B6.Encaps', srh: { segments: ['fc00::1'], tlvs: new Uint8Array(8) }, counters: { packets: 1n, bytes: 2n, errors: 3n }, flavors: { operations: { psp: true }, lblen: 32, nflen: 16 } }, encapType: 'seg6local' },
    { ...six, dst: 'fc00::/64', oif: 3, encap: { srh: { segments: ['fc00::1', 'fc00::2'] } }, encapType: 'rpl' },
    { ...six, dst: 'fc00::/64', oif: 3, encap: { mode: 'encap', dst: 'fc00::9', trace: { ns: 1, type: 0x800000, size: 12 }, freqK: 1, freqN: 5 }, encapType: 'ioam6' },
    { ...head, dst: '10.0.0.0/8', oif: 3, encap: { in: { fd: 5, name: 'x' }, headroom: 14 }, encapType: 'bpf' },
    { ...head, dst: '10.0.0.0/8', oif: 3, encap: { ifId: 1, link: 2 }, encapType: 'xfrm' },
    { ...six, dst: 'fc00::/64', oif: 3, encap: { locator: 5n, csumMode: 'neutral-map', identType: 'luid', hookType: 'input' }, encapType: 'ila' },
    { ...head, dst: '10.0.0.0/8', oif: 3, encap: { unknown: [{ type: 1, data: new Uint8Array([1]) }] }, encapType: 77 },
  ]) assert.equal(roundTrip(routeMessage, value), value);
});

test('segments lie backwards on the wire, and an inline header ends with room for the destination', () => {
  const one = { family: 'inet6', dst: 'fc00::/64', encapType: 'seg6', encap: { srh: { mode: 'inline', segments: ['fc00::1', 'fc00::2'] } } };
  assert.equal(roundTrip(routeMessage, one).encap, { srh: { mode: 'inline', segments: ['fc00::1', 'fc00::2', '::'] } });
  const bytes = encoded(routeMessage, { ...one, encap: { srh: { mode: 'encap', segments: ['fc00::1', 'fc00::2'] } } });
  assert.ok(bytes.includes('01000000' + '0004040101000000'), 'mode encap; 4 units of 8 bytes, type 4, one segment left');
  assert.ok(bytes.indexOf('fc000000000000000000000000000002') < bytes.indexOf('fc000000000000000000000000000001'));
});

test('the kernel tells the type of an encapsulation behind it', () => {
  const text = '02080000fe03fd0100000000 080001000a000000 1c001680 0c000100 000000000000001e 08000200 01020304 04000700 06001500 02000000 0800040003000000';
  const route = decoded(routeMessage, text);
  assert.equal([route.encapType, route.encap.id, route.encap.dst, route.oif], ['ip', 30n, '1.2.3.4', 3]);
  const apart = decoded(routeMessage, '02080000fe03fd0100000000 0c001680 08000200 01020304 0800040003000000 06001500 02000000');
  assert.equal([apart.encapType, apart.encap, apart.oif], ['ip', { dst: '1.2.3.4' }, 3], 'with another between');
  const hop = '24000000 03000000 0c001680 08000200 01020304 06001500 02000000 08000500 0a000001'.replaceAll(' ', '');
  const { multipath } = decoded(routeMessage, `02080000fe03fd0100000000 28000900 ${hop}`);
  assert.equal(multipath, [{ oif: 3, weight: 1, flags: {}, encapType: 'ip', encap: { dst: '1.2.3.4' }, gateway: '10.0.0.1' }], 'in one of several hops');
});

test('an encapsulation whose type is not told is kept by number, whatever stands behind the message', () => {
  const bytes = '02080000fe03fd0100000000 0c001600 08000200 01020304'.replaceAll(' ', ''), behind = '0600150002000000';
  const m = memoryOf(Uint8Array.from(unhex(bytes + behind)!));
  const route = routeMessage.decode(m, 0, bytes.length / 2);
  assert.equal([route.encapType, (route.encap as AttributesInput<{}>).unknown!.map(({ type }) => type)], [undefined, [2]]);
});

test('cut, odd and foreign attributes never cost the message', () => {
  const route = decoded(routeMessage, '02080000fe03fd0100000000 080001000a000000 0600090001ff0000 05000400 03000000 080063001234abcd');
  assert.is(route.dst, '10.0.0.0/8');
  assert.is(route.unknown.length, 2);
});

test('families are told by addresses, and mixed ones refused', () => {
  const field = (route: RouteInput): [string, string] => {
    try {
      wire(route);
    } catch (error) {
      return [(error as any).field, (error as Error).message];
    }
    throw new Error('it went well');
  };
  assert.is(field({ dst: '10.0.0.0/8', gateway: 'fc00::1' })[0], 'gateway');
  assert.match(field({ dst: '10.0.0.0/8', gateway: 'fc00::1' })[1], /IPv6 address, the route is of the family inet; give a gateway of another family as "via"/);
  assert.is(field({ dst: 'fc00::/64', prefsrc: '10.0.0.1' })[0], 'prefsrc');
  assert.is(field({ dst: '10.0.0.1/8' })[1], 'dst: has bits behind its length of 8; the network is 10.0.0.0/8');
  assert.is(wire({ dst: '100', newdst: [200], via: '10.0.0.1', oif: 2 }), '1c140000fe03000100000000 0800010000064100 08001300000c8100 0a00120002000a0000010000 0800040002000000');
});

test.run();
