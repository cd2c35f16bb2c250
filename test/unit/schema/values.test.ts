import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { list, packed } from '../../../src/schema/arrays.ts';
import { attribute, attributes } from '../../../src/schema/attributes.ts';
import { choice } from '../../../src/schema/choice.ts';
import { flags } from '../../../src/schema/flags.ts';
import {
  binary,
  hexadecimal,
  interfaceName,
  ip,
  ipv4,
  ipv6,
  mac,
  mac6,
  octets,
  text,
} from '../../../src/schema/leaves.ts';
import { limited } from '../../../src/schema/limited.ts';
import { masked } from '../../../src/schema/masked.ts';
import {
  be16,
  be32,
  be64,
  bool8,
  clockTicks,
  clockTicks64,
  net16,
  s16,
  s32,
  s64,
  s8,
  u16,
  u32,
  u64,
  u8,
  uint,
} from '../../../src/schema/numbers.ts';
import { chars, field, hidden, struct } from '../../../src/schema/struct.ts';
import { tagged } from '../../../src/schema/tagged.ts';
import type { Codec } from '../../../src/schema/codec.ts';
import { readFrom, refusal, written } from '../../support/bytes.ts';

/** Both ways. */
function law<T>(codec: Codec<T>, value: T, hex: string): void {
  assert.is(written(codec, value), hex);
  assert.equal(readFrom(codec, hex), value);
}

test('numbers: widths, signs, byte orders, limits', () => {
  law(u8, 255, 'ff');
  law(u16, 0x1234, '3412');
  law(u32, 0xfffffffe, 'feffffff');
  law(u64, 2n ** 64n - 1n, 'ffffffff ffffffff');
  law(s8, -1, 'ff'); law(s16, -2, 'feff'); law(s32, -3, 'fdffffff'); law(s64, -4n, 'fcffffff ffffffff');
  law(be16, 0x1234, '1234');
  law(be32, 0x12345678, '12345678');
  law(be64, 1n, '00000000 00000001');
  law(net16, 1, '0001');
  law(uint, 5n, '05000000'); law(uint, 2n ** 40n, '00000000 00010000');
  for (const [codec, bad] of [
    [u8, 256],
    [u16, -1],
    [u32, 2 ** 32],
    [s8, 128],
    [s16, -32769],
    [s32, 2 ** 31],
    [u8, 1.5],
    [u8, NaN],
    [u8, '1'],
    [u8, 1n],
    [be16, 65536],
  ] as const)
    assert.match(refusal(codec, bad), /^must be a whole number from/);
  for (const bad of [-1n, 2n ** 64n, 5, '5']) assert.match(refusal(u64, bad), /^must be a bigint from/);
  assert.match(refusal(s64, 2n ** 63n), /^must be a bigint/);
});

test('truth, times, and numbers of which the kernel takes fewer', () => {
  law(bool8, true, '01');
  assert.is(readFrom(bool8, '07'), true);
  assert.is(refusal(bool8, 1), 'must be true or false, got 1');
  law(clockTicks, 15, 'dc050000'); law(clockTicks, 0.01, '01000000'); law(clockTicks64, 31.24, '340c0000 00000000');
  for (const bad of [-0.01, NaN, 5e7, '1']) assert.match(refusal(clockTicks, bad), /^must be seconds from 0/);
  const vid = limited(u16, 0, 4094);
  law(vid, 4094, 'fe0f');
  assert.is(refusal(vid, 4095), 'must be a whole number from 0 to 4094, got 4095');
  assert.is(readFrom(vid, 'ff0f'), 4095, 'what is read is kept');
});

test('words for numbers; a number without a word stays one', () => {
  const mode = choice(u8, { off: ['MODE_OFF', 0], on: ['MODE_ON', 1], also: ['MODE_ALIAS', 1] });
  law(mode, 'on', '01'); law(mode, 9, '09');
  assert.is(written(mode, 'also'), '01');
  assert.is(written(mode, 0), '00');
  for (const bad of ['On', '', 'constructor', '__proto__'])
    assert.match(refusal(mode, bad), /^must be one of off, on, also or a number/);
  assert.match(refusal(mode, 256), /whole number/);
  assert.match(refusal(mode, undefined), /must be one of|whole number/);
});

test('flags: set ones are true, unknown bits are kept', () => {
  const bits = flags(u16, { a: ['A', 0x1], b: ['B', 0x2], high: ['HIGH', 0x8000], both: ['BOTH', 0x30] });
  law(bits, { a: true, high: true }, '0180');
  law(bits, { a: true, unknown: 0x44 }, '4500');
  law(bits, {}, '0000');
  law(bits, { both: true }, '3000');
  assert.equal(readFrom(bits, '1000'), { unknown: 0x10 }, 'half of a name is not the name');
  assert.is(written(bits, { a: true, b: false }), '0100');
  assert.is(bits.toMask({ a: true, b: false }), 3);
  assert.is(refusal(bits, { c: true }), 'has no flag "c"; there are a, b, high, both');
  assert.is(refusal(bits, { a: 1 }), 'a must be true or false, got 1');
  assert.is(refusal(bits, { unknown: 'x' }), 'unknown must be a number, got "x"');
  assert.match(refusal(bits, 5), /^must be an object of flags like \{ a: true \}/);
  assert.match(refusal(bits, { unknown: 0x10000 }), /whole number/);
  const top = flags(u32, { ready: ['READY', 0x80000000] });
  law(top, { ready: true }, '00000080');
  assert.throws(
    () => {
      (readFrom(bits, '0100') as { a: boolean }).a = false;
    },
    TypeError,
    'shared between results, so frozen',
  );
});

test('flags with a mask say which are spoken of', () => {
  const bits = masked({ a: ['A', 1], b: ['B', 2] });
  law(bits, { a: true, b: false }, '01000000 03000000'); law(bits, {}, '00000000 00000000');
  law(masked({ a: ['A', 1], b: ['B', 2] }, 'mask first'), { a: true, b: false }, '03000000 01000000');
  assert.equal(readFrom(bits, '02000000 00000000'), { b: true }, 'a set one is said without a mask, too');
  assert.equal(readFrom(bits, '05000000 ffffffff'), { a: true, b: false, unknown: 4 });
});

test('addresses and names', () => {
  law(ipv4, '192.0.2.1', 'c0000201'); law(ipv6, 'fe80::1', 'fe800000 00000000 00000000 00000001');
  law(ip, '10.0.0.1', '0a000001'); law(ip, '::', '00000000 00000000 00000000 00000000');
  law(mac6, '02:42:ac:11:00:02', '0242ac11 0002'); law(mac, '01:02', '0102'); law(hexadecimal, '00ff', '00ff');
  assert.is(ip.fits!(5), false);
  for (const [codec, bad] of [
    [ipv4, '1.2.3'],
    [ipv4, '1.2.3.256'],
    [ipv4, '::1'],
    [ipv6, '1.2.3.4'],
    [ipv6, 'fe80::1%eth0'],
    [ip, 'localhost'],
    [mac6, '01:02'],
    [mac6, 5],
    [mac, '01:zz'],
    [hexadecimal, 'abc'],
  ] as const)
    assert.match(refusal(codec, bad), /^must be/);
  law(interfaceName, 'eth0', '65746830 00');
  for (const bad of ['', '.', '..', 'a/b', 'a:b', 'a b', 'a\tb', '0123456789abcdef', 'äääääääà', 5, undefined])
    assert.match(refusal(interfaceName, bad), /interface name/);
  assert.match(refusal(text(3), 'abcd'), /at most 3 bytes long, got 4/);
  law(text(3, false), 'abc', '616263');
  law(octets(2), Uint8Array.of(1, 2), '0102');
  assert.match(refusal(octets(2), Uint8Array.of(1)), /must be a Uint8Array of 2 bytes/);
  assert.match(refusal(binary, 'abc'), /must be a Uint8Array/);
  law(text(), 'a\udcffb', '61ff6200');
});

test('structs: members at their places, the rest zero, older and newer ones', () => {
  const s = struct('thing', 12, {
    a: field('a', 0, u8),
    b: field('b', 4, u32),
    name: field('name', 8, chars(4)),
    pad: hidden('pad', 1, u8),
  });
  law(s, { a: 1, b: 2, name: 'abc' }, '01000000 02000000 61626300');
  assert.is(written(s, { a: 1 } as never), '01000000 00000000 00000000');
  assert.equal(readFrom(s, '01000000 02000000'), { a: 1, b: 2 }, 'shorter');
  assert.equal(readFrom(s, '01000000 02000000 61620000 ffffffff'), { a: 1, b: 2, name: 'ab' }, 'longer');
  assert.is(refusal(s, { a: 300 }), 'a: must be a whole number from 0 to 255, got 300');
  assert.is(refusal(s, { c: 1 }), 'there is no field "c"');
  assert.is(refusal(s, { pad: 1 }), 'there is no field "pad"');
  assert.match(refusal(s, { name: 'abcd' }), /^name: must be a string of at most 3 bytes/);
  assert.match(refusal(s, { name: 'a\0b' }), /^name: /);
  assert.match(refusal(s, 5), /^must be an object/);
  assert.throws(() => struct('bad', 4, { a: field('a', 2, u32) }), /bad\.a ends behind the struct's 4 bytes/);
});

test('arrays: children of a nest, or packed', () => {
  law(list('E', u16, 7), [1, 2], '06000700 01000000 06000700 02000000');
  law(list('E', u32), [5, 6], '08000100 05000000 08000200 06000000');
  law(packed(u16), [1, 2, 3], '01000200 0300');
  assert.equal(readFrom(packed(u32), '01000000 0200'), [1], 'a rest is left out');
  assert.is(refusal(list('E', u16), [1, -1]), '[1]: must be a whole number from 0 to 65535, got -1');
  assert.is(refusal(packed(u8), {}), 'must be an array, got {  }');
});

test('a payload by the word of a sibling', () => {
  const other = attributes({});
  const by = attributes({
    kind: attribute('KIND', 1, text()),
    data: attribute('DATA', 2, tagged('kind', { x: attributes({ x: attribute('X', 1, u32) }), n: u16 }, other)),
  });
  law(by, { kind: 'x', data: { x: 5 } }, '06000100 78000000 0c000280 08000100 05000000');
  law(by, { kind: 'n', data: 7 } as never, '06000100 6e000000 06000200 07000000');
  law(
    by,
    { kind: 'y', data: { unknown: [{ type: 1, data: Uint8Array.of(5, 0, 0, 0) }] } },
    '06000100 79000000 0c000280 08000100 05000000',
  );
  assert.is(refusal(by, { kind: 'x', data: { y: 1 } }), 'data: there is no field "y"');
  assert.is(refusal(by, { kind: 'toString', data: { x: 1 } }), 'data: there is no field "x"');
});

test.run();
