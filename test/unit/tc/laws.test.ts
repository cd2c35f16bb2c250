import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { memoryOf } from '../../../src/bytes/memory.ts';
import { Writer } from '../../../src/bytes/writer.ts';
import { writeRequest } from '../../../src/conversation/frame.ts';
import { isSteps, type Exchange, type Operation } from '../../../src/conversation/operation.ts';
import { DecodeError, EncodeError } from '../../../src/errors.ts';
import { annotate } from '../../../src/schema/annotate.ts';
import { routeProtocol } from '../../../src/route/protocol.ts';
import * as action from '../../../src/route/tc/action/operations.ts';
import * as tcClass from '../../../src/route/tc/class/operations.ts';
import * as filter from '../../../src/route/tc/filter/operations.ts';
import * as qdisc from '../../../src/route/tc/qdisc/operations.ts';
import { headerSize } from '../../../src/wire/header.ts';
import { actionCases, classCases, filterCases, qdiscCases } from '../../support/tc-cases.ts';

function exchangeOf(operation: Operation<any>): Exchange<unknown> {
  const last = isSteps(operation) ? operation.next() : { done: true, value: operation };
  assert.ok(last.done);
  return last.value as Exchange<unknown>;
}

function bytesOf(exchange: Exchange<unknown>, value: object = exchange.value): Uint8Array {
  const w = new Writer();
  writeRequest(w, { ...exchange, value }, 1);
  return w.written().slice();
}

for (const { line, ours } of [...qdiscCases, ...classCases, ...filterCases, ...actionCases])
  test(`${line}: what is read of it is the same when sent again`, () => {
    const exchange = exchangeOf(ours()), { message } = routeProtocol.messages[exchange.type]!;
    const bytes = bytesOf(exchange), m = memoryOf(bytes), value = message.decode(m, headerSize, bytes.length);
    const again = bytesOf(exchange, value);
    assert.equal(message.decode(memoryOf(again), headerSize, again.length), value);
    assert.is(unknownIn(value), false, 'everything has a name');
    // the dump names every byte, and the command is the one
    const lines = annotate(m, 0, bytes.length, routeProtocol);
    assert.is(lines.some(({ text, key }) => /unreadable/.test(text ?? '') || (key === undefined && /^attribute /.test(text ?? ''))), false);
    assert.match(exchange.command!(), /^tc (qdisc|class|filter|actions) (add|replace|change|link|delete|flush) /);
    // cut anywhere, it is read as far as it goes or refused as what it is
    for (let end = headerSize; end < bytes.length; end += 3) {
      try {
        message.decode(m, headerSize, end);
      } catch (error) {
        assert.instance(error, DecodeError);
      }
    }
  });

function unknownIn(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return false;
  return Object.entries(value).some(([key, inner]) => (key === 'unknown' && Array.isArray(inner)) || unknownIn(inner));
}

/** As `tc` 6.1 sent them; the tables of costs are cut off and their lengths set right. */
const recorded: [string, string, object][] = [
  ['tc qdisc add dev t0 root handle 1: netem delay 100ms 10ms loss 1%',
    '4c00000024000506cc1c056b00000000000000000700000000000100ffffffff000000000a0001006e6574656d0000001c00020084d71700e8030000295c8f0200000000000000005a620200',
    { family: 'unspec', index: 7, handle: '1:', parent: 'root', refcnt: 0, kind: 'netem',
      options: { delay: 100000, limit: 1000, loss: 42949673 / 0xffffffff, gap: 0, duplicate: 0, jitter: 10000 } }],
  ['tc filter add dev t0 parent 1: protocol ip prio 5 u32 match ip dst 10.0.0.0/8 classid 1:10',
    '5c0000002c000506cc1c056b00000000000000000700000000000000000001000800050008000100753332003000020008000100100001002400050001000100000000000000000000000000ff0000000a0000001000000000000000',
    { family: 'unspec', index: 7, handle: '0:', parent: '1:', protocol: 'ip', prio: 5, kind: 'u32', options: { classid: '1:10', sel: {
      flags: { terminal: true }, offshift: 0, offmask: 0, off: 0, offoff: 0, hoff: 0, hmask: 0,
      keys: [{ mask: 0xff000000, val: 0x0a000000, off: 16, offmask: 0 }],
    } } }],
  ['tc filter add dev t0 ingress protocol ip prio 5 flower ip_proto tcp dst_port 80 action drop',
    '840000002c000506cc1c056b00000000000000000700000000000000f2ffffff080005000b000100666c6f77657200005400020005000900060000000600130000500000300003002c0001000900010067616374000000001c00028018000200000000000000000002000000000000000000000008001600000000000600080008000000',
    { family: 'unspec', index: 7, handle: 0, parent: 'ingress', protocol: 'ip', prio: 5, kind: 'flower', options: { ipProto: 'tcp', tcpDst: 80,
      actions: [{ kind: 'gact', options: { index: 0, capab: 0, control: 'drop', refcnt: 0, bindcnt: 0 } }], flags: {}, ethType: 'ip' } }],
];

for (const [line, hex, value] of recorded)
  test(`recorded: ${line}`, () => {
    const bytes = Buffer.from(hex, 'hex'), m = memoryOf(bytes), { message } = routeProtocol.messages[bytes.readUInt16LE(4)]!;
    assert.equal(structuredClone(message.decode(m, headerSize, bytes.length)), value);
    const w = new Writer();
    message.encode(w, message.decode(m, headerSize, bytes.length));
    if (line.includes('netem')) return; // we tell the delay in nanoseconds besides
    assert.is(w.at, bytes.length - headerSize);
    for (const [i, byte] of w.written().entries())
      assert.ok(byte === bytes[headerSize + i] || (i % 4 === 3 && byte === (bytes[headerSize + i]! | 0x80)), `byte ${i}; NLA_F_NESTED apart`);
  });

const refused: [string, () => Operation<unknown>, RegExp][] = [
  ['a misspelt option', () => qdisc.add(7, { kind: 'htb', options: { defualt: 1 } as object }), /^options: there is no field "defualt"/],
  ['a class without a rate', () => tcClass.add(7, { kind: 'htb', parent: '1:', options: {} }), /^options\.rate: must be given/],
  ['a fraction of a byte', () => tcClass.add(7, { kind: 'htb', parent: '1:', options: { rate: 0.5 } }), /^options\.rate: must be a whole number/],
  ['a bucket without size', () => qdisc.add(7, { kind: 'tbf', options: { rate: 1000, burst: 1600 } }), /^options\.limit: must be given, or latency/],
  ['a priomap too long', () => qdisc.add(7, { kind: 'prio', options: { bands: 3, priomap: new Array(17).fill(0) } }), /^options\.priomap: must be an array of at most 16/],
  ['a band too large', () => qdisc.add(7, { kind: 'prio', options: { bands: 3, priomap: [0, 256] } }), /^options\.priomap\[1\]: must be a whole number from 0 to 255/],
  ['percents', () => qdisc.add(7, { kind: 'netem', options: { loss: 10 } }), /^options\.loss: must be from 0 to 1/],
  ['a wrong handle', () => qdisc.add(7, { kind: 'pfifo', handle: '1' }), /^handle: must be like 1:10, got "1"/],
  ['a mask that is no number', () => filter.add(7, { kind: 'u32', options: { sel: { keys: [{ mask: -1, val: 0, off: 0, offmask: 0 }] } } }), /^options\.sel\.keys\[0\]\.mask: must be/],
  ['an unknown verdict', () => filter.add(7, { kind: 'matchall', options: { actions: [{ kind: 'gact', options: { control: 'no' as 'drop' } }] } }),
    /^options\.actions\[0\]\.options\.control: must be continue/],
  ['a policer without burst', () => action.add({ kind: 'police', options: { rate: 1000 } }), /^actions\[0\]\.options\.burst: must be given with rate/],
];

for (const [what, ours, path] of refused)
  test(`refused before it is sent: ${what}`, () => {
    let error: Error | undefined;
    try {
      bytesOf(exchangeOf(ours()));
    } catch (thrown) {
      error = thrown as Error;
    }
    assert.instance(error, EncodeError);
    assert.match(error!.message, path);
  });

test.run();
