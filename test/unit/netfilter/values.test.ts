import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { hook, priority } from '../../../src/netfilter/chain/hook.ts';
import { dataText, elementsOf, keyText } from '../../../src/netfilter/element/values.ts';
import { dataType, keyLength } from '../../../src/netfilter/set/datatype.ts';
import { complete } from '../../../src/netfilter/set/operations.ts';
import { after, decodeValue, encodeValue, maskOf, rangeOf } from '../../../src/netfilter/set/value.ts';
import { userdata } from '../../../src/netfilter/userdata.ts';
import { memoryOf } from '../../../src/bytes/memory.ts';
import { Writer } from '../../../src/bytes/writer.ts';
import { readFrom, refusal, written } from '../../support/bytes.ts';

const hex = (bytes: Uint8Array | undefined) => bytes && Buffer.from(bytes).toString('hex');
const wrong = (work: () => unknown, message: RegExp) =>
  assert.throws(work, (error: { code: string; message: string }) => error.code === 'ERR_ENCODE' &&
  message.test(error.message));

test('values have the bytes that packets have, or memory', () => {
  for (const [type, value, bytes] of [
    ['ipv4_addr', '10.0.0.1', '0a000001'], ['ipv6_addr', 'fd00::1', 'fd000000000000000000000000000001'],
      ['inet_service', 8080, '1f90'],
    ['mark', 7, '07000000'], ['ifname', 'eth0', '65746830000000000000000000000000'],
      ['ether_addr', '02:42:ac:11:00:02', '0242ac110002'],
    ['inet_proto', 'tcp', '06'], ['ct_state', 8, '08000000'], ['time', 5n, '0500000000000000'],
  ] as const) {
    assert.is(hex(encodeValue(type, value)), bytes, type);
    assert.is(decodeValue(type, encodeValue(type, value)), value, type);
  }
  assert.is(hex(encodeValue('mark', '0xff')), 'ff000000');
  wrong(() => encodeValue('ipv4_addr', '10.0.0'), /must be an IPv4 address like 192\.0\.2\.1, got "10\.0\.0"/);
  wrong(() => encodeValue('inet_service', 65536), /must be a number of 2 bytes, got 65536/);
  wrong(() => encodeValue('inet_service', -1), /must be a number of 2 bytes/);
  wrong(() => encodeValue('inet_service', 1.5), /must be a value of type inet_service/);
  wrong(() => encodeValue('inet_proto', 'nothing'), /must be one of icmp, tcp/);
  wrong(() => encodeValue('ifname', 'sixteen-letters-'), /1 to 15 bytes/);
  wrong(() => encodeValue('ether_addr', '02:42'), /must be a MAC address/);
});

test('ranges and prefixes', () => {
  const range = (type: string, text: string) =>
    { const { first, last } = rangeOf(type, text); return [hex(first), hex(last)]; };
  assert.equal(range('ipv4_addr', '10.1.2.3/9'), ['0a000000', '0a7fffff']);
  assert.equal(range('ipv4_addr', '0.0.0.0/0'), ['00000000', 'ffffffff']);
  assert.equal(range('inet_service', '80-90'), ['0050', '005a']);
  assert.equal(range('ifname', 'a-b'), ['612d6200000000000000000000000000', '612d6200000000000000000000000000']);
  wrong(() => rangeOf('ipv4_addr', '10.0.0.0/33'), /must be a prefix/);
  wrong(() => rangeOf('inet_service', '90-80'), /from the lower to the higher/);
  assert.is(hex(after(Uint8Array.of(1, 255, 255))), '020000');
  assert.is(after(Uint8Array.of(255, 255)), undefined);
  assert.is(hex(maskOf(20, 4)), 'fffff000');
});

test('elements', () => {
  const interval = { keyType: 'ipv4_addr', flags: { interval: true } };
  assert.equal(elementsOf(interval, ['10.0.0.0/8']).map((one) => keyText(interval, one)), ['10.0.0.0', '<11.0.0.0']);
  assert.is(elementsOf(interval, ['255.0.0.0/8']).length, 1);
  assert.equal(elementsOf({ keyType: 'mark' },
    [1, { key: 2, timeout: 5, comment: 'c' }, { key: { value: Uint8Array.of(1) } }, '*']), [
    { key: { value: Uint8Array.of(1, 0, 0, 0) } },
    { key: { value: Uint8Array.of(2, 0, 0, 0) }, timeout: 5n, userdata: { comment: 'c' } },
    { key: { value: Uint8Array.of(1) } }, { flags: { catchall: true } },
  ]);
  const joined = { keyType: 'ipv4_addr . inet_service' };
  assert.is(hex(elementsOf(joined, [['10.0.0.1', 80]])[0]!.key!.value), '0a00000100500000');
  assert.is(keyText(joined, elementsOf(joined, ['10.0.0.1 . 80'])[0]!), '10.0.0.1 . 80');
  wrong(() => elementsOf(joined, ['10.0.0.1']), /must be 2 values, ipv4_addr \. inet_service/);
  wrong(() => elementsOf({}, ['10.0.0.1']), /needs the type of the set's keys/);
  wrong(() => elementsOf({ keyType: 'nothing' }, [1]), /must be a type of nft like ipv4_addr/);
  wrong(() => elementsOf({ keyType: 'mark' }, [{ key: 1, data: 5 }]), /needs the type of the map's values/);
});

test('maps, of values, verdicts and objects, as people read them', () => {
  const ports = { keyType: 'inet_service', dataType: 'ipv4_addr . inet_service' }, said = (set: object, one: unknown) => dataText(set, elementsOf(set, [one as never])[0]!);
  assert.is(said(ports, { key: 80, data: ['172.30.0.2', 8080] }), '172.30.0.2 . 8080');
  assert.is(said(ports, { key: 80, data: { code: 'jump', chain: 'c' } }), 'jump c');
  assert.is(said(ports, { key: 80, data: { code: 'drop' } }), 'drop');
  assert.is(said(ports, { key: 80, object: 'limit1' }), 'limit1');
  assert.is(said(ports, 80), '');
  assert.is(keyText(ports, elementsOf(ports, ['*'])[0]!), '*');
  assert.match(keyText({ keyType: 62 }, { key: { value: Uint8Array.of(7) } }), '7', 'of a type by number, its bytes');
  const interval = { keyType: 'inet_service', flags: { interval: true } };
  assert.equal(elementsOf(interval, [['80-90']]).map((one) => keyText(interval, one)), ['80', '<91']);
  wrong(() => elementsOf(interval, [[80, 90]]), /must be one value, got \[80, ?90\]/);
});

test('types by name, joined and by number', () => {
  assert.is(written(dataType, 'ipv4_addr'), '00000007');
  assert.is(written(dataType, 'ipv4_addr . inet_service'), '000001cd');
  assert.is(readFrom(dataType, '000001cd'), 'ipv4_addr . inet_service');
  assert.is(readFrom(dataType, 'ffffff00'), 'verdict');
  assert.is(readFrom(dataType, '0000003e'), 62);
  assert.is(keyLength('ipv6_addr . inet_service . ifname'), 16 + 4 + 16);
  const set = complete({ family: 'ip', table: 't', name: 's', keyType: 'ipv4_addr . inet_service',
    flags: { interval: true } });
  assert.equal([set.keyLength, set.flags, set.description],
    [8, { interval: true, concat: true }, { fields: [{ length: 4 }, { length: 2 }] }]);
});

test('hooks and priorities mean what they mean in their family', () => {
  const inFamily = (family: number, work: (w: Writer) => void): string => {
    const w = new Writer(16);
    w.u8(family);
    w.align();
    work(w);
    return Buffer.from(w.written(4)).toString('hex');
  };
  assert.is(inFamily(2, (w) => hook.write(w, 'postrouting', {}, 0)), '00000004');
  assert.is(inFamily(5, (w) => hook.write(w, 'egress', {}, 0)), '00000001');
  assert.is(inFamily(3, (w) => hook.write(w, 'output', {}, 0)), '00000001');
  wrong(() => inFamily(5, (w) => hook.write(w, 'input', {}, 0)), /must be one of ingress, egress/);
  assert.is(hook.read(memoryOf(Uint8Array.of(5, 0, 0, 0, 0, 0, 0, 1)), 4, 8, {}, 0), 'egress');
  assert.is(inFamily(2, (w) => priority.write(w, 'dstnat', {}, 0)), 'ffffff9c');
  assert.is(inFamily(7, (w) => priority.write(w, 'dstnat', {}, 0)), 'fffffed4');
  assert.is(inFamily(2, (w) => priority.write(w, -5, {}, 0)), 'fffffffb');
  wrong(() => inFamily(2, (w) => priority.write(w, 'out', {}, 0)), /must be one of raw, mangle/);
  wrong(() => inFamily(2, (w) => priority.write(w, 2 ** 31, {}, 0)), /whole number of 32 bits/);
});

test('comments, beside what else nft keeps there', () => {
  const codec = userdata(0);
  assert.is(written(codec, { comment: 'x' }), '00027800');
  assert.equal(readFrom(codec, '0002780001020300'),
    { comment: 'x', entries: [{ type: 1, data: Uint8Array.of(3, 0) }] });
  assert.is(written(codec, readFrom(codec, '0002780001020300')), '00027800 01020300');
  assert.throws(() => readFrom(codec, '00ff01'), /no userdata of nft/);
  assert.match(refusal(codec, { comment: 'a\0b' }), 'comment: must be a string without NUL');
  assert.match(refusal(codec, { comment: 'x'.repeat(255) }), 'comment: must be at most 255 bytes long');
  assert.match(refusal(codec, { entries: [{ type: 1, data: new Uint8Array(256) }] }), 'entries: must be at most 255 bytes long');
  assert.match(refusal(codec, { entries: 'x' as never }), 'entries: must be an array of { type, data }');
  for (const entry of [undefined, { type: 256, data: new Uint8Array() }, { type: -1, data: new Uint8Array() }, { type: 1, data: 'x' }])
    assert.match(refusal(codec, { entries: [{ type: 1, data: new Uint8Array() }, entry as never] }), 'entries[1]: must be { type, data }');
});

test.run();
