import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { DecodeError } from '../../../src/errors.ts';
import { list, multi } from '../../../src/schema/arrays.ts';
import { attribute, attributes, padding, within } from '../../../src/schema/attributes.ts';
import { binary, cstring, flag } from '../../../src/schema/leaves.ts';
import { net32, u16, u32, u64, u8 } from '../../../src/schema/numbers.ts';
import { readFrom, refusal, words, written } from '../../support/bytes.ts';

const inner = attributes({ a: attribute('IN_A', 1, u32), b: attribute('IN_B', 2, cstring) });
const set = attributes({
  one: attribute('ONE', 1, u32),
  two: attribute('TWO', 2, u16),
  text: attribute('TEXT', 3, cstring),
  nest: attribute('NEST', 4, inner),
  said: attribute('SAID', 5, u32, { readOnly: true }),
  usual: attribute('USUAL', 6, u32, { absent: 7 }),
  each: attribute('EACH', 7, multi(u16)),
  on: attribute('ON', 8, flag),
  net: attribute('NET', 9, net32),
  bytes: attribute('BYTES', 10, binary),
  ...within('HIDDEN', 20, {
    deep: attribute('DEEP', 1, u32),
    ...within('DEEPER', 2, { deepest: attribute('DEEPEST', 1, u32) }),
  }),
});

test('attributes are written in the order of the object: length, number, payload, zeros up to four bytes', () => {
  assert.is(written(set, { one: 1, two: 2, text: 'ab' }), '08000100 01000000 06000200 02000000 07000300 61620000');
  assert.is(written(set, { two: 2, one: 1 }), '06000200 02000000 08000100 01000000');
});

test('undefined is not sent, 0 and empty text are', () => {
  assert.is(written(set, { one: undefined, two: 0, text: '' }), '06000200 00000000 05000300 00000000');
});

test('a nest has NLA_F_NESTED, a number in network order its flag, a flag no payload', () => {
  assert.is(written(set, { nest: { a: 1 } }), '0c000480 08000100 01000000');
  assert.is(written(set, { nest: {} }), '04000480');
  assert.is(written(set, { net: 1 }), '08000940 00000001');
  assert.is(written(set, { on: true }), '04000800');
  assert.is(written(set, { on: false }), '');
});

test('nests that the object does not show are there on the wire, and only where there is something in them', () => {
  assert.is(written(set, { deep: 1, deepest: 2 }), '18001480 08000100 01000000 0c000280 08000100 02000000');
  assert.is(written(set, { deepest: 2 }), '10001480 0c000280 08000100 02000000');
  assert.is(written(set, { one: 1 }), '08000100 01000000');
  assert.equal(readFrom(set, '18001480 08000100 01000000 0c000280 08000100 02000000'), {
    deep: 1,
    deepest: 2,
    usual: 7,
  });
});

const padded = attributes(
  { one: attribute('ONE', 1, u64), ...within('HIDDEN', 20, { deep: attribute('DEEP', 1, u64) }) },
  padding('PAD', 9), padding('DEEP_PAD', 2, 20),
);

test('padding is neither shown nor sent, in a nest that the object does not show either', () => {
  const bytes = '04000900 0c000100 05000000 00000000 14001480 04000200 0c000100 06000000 00000000';
  assert.equal(readFrom(padded, bytes), { one: 5n, deep: 6n });
  assert.is(written(padded, readFrom(padded, bytes)), '0c000100 05000000 00000000 10001480 0c000100 06000000 00000000');
});

test('padding with something in it is kept as what is unknown', () => {
  const bytes = '08000900 01020304 0c001480 08000200 05060708', read = readFrom(padded, bytes);
  assert.equal(read, { unknown: [{ type: 9, data: Uint8Array.of(1, 2, 3, 4) }, { type: 2, data: Uint8Array.of(5, 6, 7, 8), inside: [20] }] });
  assert.is(written(padded, read), bytes);
  // what says that it lies in padding lies nowhere
  assert.is(written(padded, { unknown: [{ type: 1, data: Uint8Array.of(1), inside: [9] }] }), '');
});

test('padding with the number of another attribute is refused when it is declared', () => {
  assert.throws(() => attributes({ one: attribute('ONE', 1, u32) }, padding('PAD', 1)), 'ONE and PAD have the same number 1');
});

test('what the kernel only reports is read and not sent, but by those who play the kernel', () => {
  assert.equal(readFrom(set, '08000500 09000000'), { said: 9, usual: 7 });
  assert.is(written(set, { said: 9 }), '');
  assert.is(written(set, { said: 9 }, {}, true), '08000500 09000000');
});

test('absence may have a meaning', () => {
  assert.equal(readFrom(set, ''), { usual: 7 });
  assert.equal(readFrom(set, '08000600 03000000'), { usual: 3 });
});

test('a repeated attribute is an array', () => {
  assert.is(written(set, { each: [1, 2] }), '06000700 01000000 06000700 02000000');
  assert.equal(readFrom(set, '06000700 01000000 08000100 05000000 06000700 02000000').each, [1, 2]);
  assert.is(written(set, { each: [] }), '');
});

test('unknown attributes survive a round trip with their flags, at each level', () => {
  const hex =
    '08000100 01000000 0a00e783 01020304 05060000 14001480 08000100 01000000 08006300 aabbccdd ' +
    '10000480 08000100 02000000 05000980 ff000000';
  const value = readFrom(set, hex.replace('10000480', '14000480'));
  assert.equal(value.unknown!.map(({ type, inside }) => [type, inside]), [[0x83e7, undefined], [0x63, [20]]]);
  assert.equal(value.nest!.unknown!.map(({ type, data }) => [type, words(data)]), [[0x8009, 'ff']]);
  const again = readFrom(set, written(set, value)); // nests come before what has no name, so the order differs
  const byType = (read: typeof value) => ({ ...read, unknown: read.unknown!.toSorted((a, b) => a.type - b.type) });
  assert.equal(byType(again), byType(value));
});

test('the flags of a type do not matter when it is read', () => {
  for (const type of ['0100', '0180', '0140', '01c0']) assert.is(readFrom(set, `0800${type} 05000000`).one, 5);
});

test('a payload that is too short is kept as it came, a longer one is read as far as it is known', () => {
  const short = readFrom(set, '06000100 01000000');
  assert.is(short.one, undefined);
  assert.equal([short.unknown![0]!.type, words(short.unknown![0]!.data)], [1, '0100']);
  assert.is(written(set, short), '08000600 07000000 06000100 01000000');
  assert.is(readFrom(set, '0c000100 05000000 09000000').one, 5);
});

test('text without its NUL, and bytes behind one, cost nothing', () => {
  assert.is(readFrom(set, '06000300 61620000').text, 'ab');
  assert.is(readFrom(set, '0a000300 61006263 64000000').text, 'a');
  assert.is(readFrom(set, '04000300').text, '');
});

test('a broken nest is kept whole as unknown, and its siblings are read', () => {
  const broken = readFrom(set, '08000100 01000000 0c000480 ff000100 01000000 06000200 02000000');
  assert.equal([broken.one, broken.two, broken.nest], [1, 2, undefined]);
  assert.equal([broken.unknown![0]!.type, words(broken.unknown![0]!.data)], [0x8004, 'ff000100 01000000']);
  assert.is(written(set, broken), '08000100 01000000 06000200 02000000 08000600 07000000 0c000480 ff000100 01000000');
});

test('a broken nest that the object does not show leaves nothing of itself beside what is kept', () => {
  const hex = '08006300 01020304 18001480 08000100 01000000 08006200 05060708 ff000200';
  const broken = readFrom(set, hex);
  assert.is(broken.deep, undefined);
  assert.equal(broken.unknown!.map(({ type, inside }) => [type, inside]), [[0x63, undefined], [0x8014, undefined]]);
  assert.is(written(set, { ...broken, usual: undefined }), hex);
  assert.is(readFrom(set, hex.slice(18)).unknown!.length, 1);
});

test('a length that cannot be is a DecodeError that tells where', () => {
  for (const hex of ['03000100 01000000', 'ff000100 01000000', '00000000', '08000100 01000000 0c000200 01000000'])
    assert.throws(
      () => readFrom(set, hex),
      (error: unknown) => error instanceof DecodeError && error.offset === (hex.length > 20 ? 8 : 0),
    );
  assert.equal(readFrom(set, '08000100 01000000 0800'), { one: 1, usual: 7 }, 'less than a header is no attribute');
  assert.equal(readFrom(set, '08000100 01000000 06000200 0100').two, 1, 'the last one may lack its padding');
});

test('cut anywhere, it is read or refused, and never anything else', () => {
  const whole = written(set, { one: 1, text: 'ab', nest: { a: 1, b: 'x' }, deepest: 3, each: [1, 2] }).replaceAll(
    ' ',
    '',
  );
  for (let end = 0; end <= whole.length; end += 2) {
    try {
      readFrom(set, whole.slice(0, end));
    } catch (error) {
      assert.instance(error, DecodeError);
    }
  }
});

test('what cannot be sent is refused with its path', () => {
  assert.is(refusal(set, { one: -1 }), 'one: must be a whole number from 0 to 4294967295, got -1');
  assert.is(refusal(set, { nest: { a: 'x' } }), 'nest.a: must be a whole number from 0 to 4294967295, got "x"');
  assert.is(refusal(set, { nest: { c: 1 } }), 'nest: there is no field "c"');
  assert.is(refusal(set, { three: 1 }), 'there is no field "three"');
  assert.is(refusal(set, { three: undefined }), 'it was written');
  assert.is(refusal(set, { each: [1, 70000] }), 'each[1]: must be a whole number from 0 to 65535, got 70000');
  assert.is(refusal(set, { each: 1 }), 'each: must be an array, got 1');
  assert.is(refusal(set, { nest: [1] }), 'nest: must be an object, got [1]');
  assert.is(refusal(set, { nest: null }), 'nest: must be an object, got null');
  assert.is(refusal(set, { on: 1 }), 'on: must be true or false, got 1');
  assert.is(refusal(set, { text: 'a\0b' }), 'text: must not hold a NUL');
  assert.is(refusal(set, { deepest: 1.5 }), 'deepest: must be a whole number from 0 to 4294967295, got 1.5');
  assert.is(refusal(set, { unknown: 5 }), 'unknown: must be an array of { type, data }, got 5');
  assert.match(
    refusal(set, { unknown: [{ type: 70000, data: new Uint8Array(0) }] }),
    /^unknown\[0\]: must be \{ type, data \}/,
  );
  assert.match(refusal(set, { nest: { unknown: [{ type: 1 }] } }), /^nest\.unknown\[0\]: /);
});

test('an attribute holds 65531 bytes and no more', () => {
  assert.is(written(set, { bytes: new Uint8Array(65531) }).length > 65535 * 2, true);
  assert.is(
    refusal(set, { bytes: new Uint8Array(65532) }),
    'bytes: is 65532 bytes long; an attribute holds at most 65531',
  );
  const deep = attributes({
    outer: attribute('OUTER', 1, attributes({ all: attribute('ALL', 1, list('ONE', binary)) })),
  });
  assert.match(
    refusal(deep, { outer: { all: [new Uint8Array(40000), new Uint8Array(40000)] } }),
    /^outer\.all: is 80008 bytes long/,
  );
  assert.match(refusal(set, { unknown: [{ type: 1, data: new Uint8Array(65532) }] }), /is 65532 bytes long/);
});

test('numbers and names that stand twice throw when the set is made', () => {
  assert.throws(
    () => attributes({ a: attribute('A', 1, u8), b: attribute('B', 1, u8) }),
    /A and B have the same number 1/,
  );
  assert.throws(
    () => attributes({ a: attribute('A', 1, u8), ...within('N', 1, { b: attribute('B', 1, u8) }) }),
    /same number 1/,
  );
  assert.throws(() => attributes({ unknown: attribute('A', 1, u8) }), /"unknown" is the name/);
});

test.run();
