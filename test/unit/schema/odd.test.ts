import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { memoryOf } from '../../../src/bytes/memory.ts';
import { Writer } from '../../../src/bytes/writer.ts';
import { DecodeError, EncodeError } from '../../../src/errors.ts';
import { conntrackMessage } from '../../../src/netfilter/conntrack/message.ts';
import { tableMessage } from '../../../src/netfilter/table/message.ts';
import { addrMessage } from '../../../src/route/addr/message.ts';
import { linkMessage } from '../../../src/route/link/message.ts';
import { mdbMessage } from '../../../src/route/mdb/message.ts';
import { nduseroptMessage } from '../../../src/route/announced/nduseropt.ts';
import { nexthopMessage } from '../../../src/route/nexthop/message.ts';
import { routeMessage } from '../../../src/route/route/message.ts';
import { policeAction } from '../../../src/route/tc/action/kinds/police.ts';
import { chainMessage, filterMessage, qdiscMessage } from '../../../src/route/tc/message.ts';
import { attribute, attributes } from '../../../src/schema/attributes.ts';
import { hoisted } from '../../../src/schema/hoisted.ts';
import type { Message } from '../../../src/schema/message.ts';
import { u32 } from '../../../src/schema/numbers.ts';
import { field, struct } from '../../../src/schema/struct.ts';
import { annotateTape, parseTape, TapeError } from '../../../src/testing/index.ts';

// What callers in JavaScript may give: it is refused by an EncodeError that tells where, and nothing else.

const cases: readonly [Message<any, any>, object, string][] = [
  [addrMessage, { peer: 7, address: '192.0.2.1/24' }, 'peer'],
  [addrMessage, { address: null }, 'address'],
  [linkMessage, { family: 'unspec', afSpec: { inet6: { conf: { x: 1 } } } }, 'afSpec.inet6.conf.x'],
  [routeMessage, { family: 'inet', multipath: [{}, null] }, 'multipath[1]'],
  [routeMessage, { family: 'inet', multipath: [{ oif: 1n }] }, 'multipath[0].oif'],
  [routeMessage, { encapType: 'seg6', encap: { srh: null } }, 'encap.srh'],
  [routeMessage, { encapType: 'seg6', encap: { srh: { mode: 'encap', segments: ['::1'], tlvs: 'x' } } }, 'encap.srh.tlvs'],
  [routeMessage, { encapType: 'seg6', encap: { srh: { mode: 'encap', segments: ['::1'], tag: 2 ** 53 } } }, 'encap.srh.tag'],
  [routeMessage, { encapType: 'rpl', encap: { srh: 3 } }, 'encap.srh'],
  [routeMessage, { encapType: 'ioam6', encap: { trace: null } }, 'encap.trace'],
  [nexthopMessage, { group: [{ id: 1 }, null] }, 'group[1]'],
  [mdbMessage, { routers: [null] }, 'routers[0]'],
  [mdbMessage, { entries: [{ infos: [null] }] }, 'entries[0].infos[0]'],
  [nduseroptMessage, { options: [{ type: 1 }] }, 'options'],
  [qdiscMessage, { kind: 'tbf', options: null }, 'options'],
  [qdiscMessage, { kind: 'red', options: null }, 'options'],
  [qdiscMessage, { kind: 'red', options: { limit: 10, avpkt: 1n } }, 'options.avpkt'],
  [qdiscMessage, { kind: 'htb', stats: null }, 'stats'],
  [qdiscMessage, { kind: 'htb', stats: { packets: 1 } }, 'stats.packets'],
  [qdiscMessage, { kind: 'htb', stab: 7 }, 'stab'],
  [filterMessage, { kind: 'u32', options: { sel: { keys: 7 } } }, 'options.sel.keys'],
  [filterMessage, { kind: 'u32', options: { sel: { keys: Array.from({ length: 256 }, () => ({ mask: 0, val: 0, off: 0 })) } } }, 'options.sel.keys'],
  [filterMessage, { kind: 'u32', options: { sel: { keys: [{ mask: 0, val: 0, off: 0 }, { mask: 0, val: -1, off: 0 }] } } }, 'options.sel.keys[1].val'],
  [tableMessage, { userdata: { entries: 7 } }, 'userdata.entries'],
  [tableMessage, { userdata: { entries: [{ type: 1 }] } }, 'userdata.entries[0]'],
  [conntrackMessage, { orig: { src: 5 } }, 'orig.src'],
];

/** What requests have in another way than the kernel. */
const ofRequests: typeof cases = [
  [qdiscMessage, { kind: 'htb', options: { version: Symbol('odd') } }, 'options.version'],
  [filterMessage, { kind: 'flower', options: { flags: null } }, 'options.flags'],
  [filterMessage, { kind: 'flower', options: { flags: 5 } }, 'options.flags'],
  [filterMessage, { kind: 'fw', options: { police: { rate: Symbol('odd') } } }, 'options.police.rate'],
];

for (const [full, [message, value, field]] of [...cases.map((one) => [true, one] as const), ...ofRequests.map((one) => [false, one] as const)])
  test(`${message.name}${full ? '' : ' of a request'}: a wrong ${field} is refused by its name`, () => {
    const w = new Writer();
    w.full = full;
    try {
      message.encode(w, value);
    } catch (error) {
      assert.instance(error, EncodeError, String(error));
      assert.is((error as EncodeError).field, field);
      return;
    }
    assert.unreachable('it was written');
  });

test('what is no message is refused as a whole, and so is one that ends outside its buffer', () => {
  for (const value of [undefined, null, 7, 'x']) assert.throws(() => addrMessage.encode(new Writer(), value as never), (error: unknown) => error instanceof EncodeError);
  const m = memoryOf(new Uint8Array(16));
  for (const [at, end] of [[0, 17], [12, 8]] as const) assert.throws(() => addrMessage.decode(m, at, end), (error: unknown) => error instanceof DecodeError);
});

test('a declaration that has one name for a member and for an attribute is refused', () => {
  const parms = attribute('X_PARMS', 1, struct('x', 4, { index: field('index', 0, u32) }));
  assert.throws(() => hoisted(attributes({ parms, index: attribute('X_INDEX', 2, u32) }), 'parms'), 'X_INDEX and a member of X_PARMS are both "index"');
});

test('a policer is refused what is no amount', () => {
  for (const odd of [{ rate: 1000, burst: 'x' }, { pktRate: 5, pktBurst: 1n }, { rate: 5, burst: 5, mtu: 5n }, { pktRate: NaN }])
    assert.throws(() => policeAction.write(new Writer(), odd as never, {}, 0), (error: unknown) => error instanceof EncodeError);
});

test('structs that end early are read as far as they mean something', () => {
  const short = (...words: number[]): Uint8Array => new Uint8Array(Uint32Array.from(words).buffer);
  // TCA_KIND htb, then TCA_STATS2 with four bytes of TCA_STATS_BASIC
  const bytes = new Uint8Array([...new Uint8Array(20), ...short(0x00010008, 0x00627468, 0x0007000c, 0x00010008, 5)]);
  assert.equal(qdiscMessage.decode(memoryOf(bytes), 0, bytes.length)['stats'], { bytes: undefined, packets: 0n });
  const chain = short(0, -1, 0, 7); // of its header, all but the last word is there
  assert.is((chainMessage.decode(memoryOf(chain.slice(0, 12)), 0, 12) as { block?: number }).block, undefined);
  const police = short(0x00010008, 1); // four bytes of a struct tc_police
  assert.equal(policeAction.read(memoryOf(police), 0, police.length, {}, 0), { unknown: [{ type: 1, data: Uint8Array.of(1, 0, 0, 0) }] });
});

test('a tape with odd ends of lines is written as it is read', () => {
  const text = annotateTape('netlink tape 1\n\n# odd\r\r\nsocket 1 sends 1 holds 1\n# cut\r');
  assert.is(annotateTape(text), text);
});

test('a path that is no JSON is a TapeError with its line', () => {
  const text = 'netlink tape 1\n\nnamespace 1 "\\q" is 3\n';
  assert.throws(() => parseTape(text), (error: unknown) => error instanceof TapeError && error.line === 3);
});

test.run();
