import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Writer } from '../../../src/bytes/writer.ts';
import { set16, set32, type Memory } from '../../../src/bytes/memory.ts';
import { annotate, fieldAt, missingField, renderLines } from '../../../src/schema/annotate.ts';
import { list, multi } from '../../../src/schema/arrays.ts';
import { attribute, attributes, padding, within } from '../../../src/schema/attributes.ts';
import { choice } from '../../../src/schema/choice.ts';
import { flags } from '../../../src/schema/flags.ts';
import { binary, cstring } from '../../../src/schema/leaves.ts';
import { message } from '../../../src/schema/message.ts';
import { u16, u32, u8 } from '../../../src/schema/numbers.ts';
import { protocol } from '../../../src/schema/protocol.ts';
import { field, struct } from '../../../src/schema/struct.ts';
import { tagged } from '../../../src/schema/tagged.ts';

const thing = message(
  'thing',
  struct('thingmsg', 4, { family: field('family', 0, u8) }),
  attributes({
    name: attribute('T_NAME', 1, cstring),
    mode: attribute('T_MODE', 2, choice(u32, { on: ['MODE_ON', 1] })),
    bits: attribute('T_BITS', 3, flags(u16, { up: ['BIT_UP', 1] })),
    hops: attribute('T_HOPS', 4, list('HOP', attributes({ weight: attribute('HOP_WEIGHT', 1, u32) }))),
    alias: attribute('T_ALIAS', 5, multi(cstring)),
    ...within('T_INFO', 6, {
      kind: attribute('T_KIND', 1, cstring),
      options: attribute(
        'T_DATA',
        2,
        tagged('kind', { x: attributes({ depth: attribute('X_DEPTH', 1, u32) }) }, attributes({})),
      ),
    }),
    ours: attribute('T_OURS', 7, tagged('family', { 7: attributes({ size: attribute('OURS_SIZE', 1, u32) }) }, binary)),
  }, padding('T_PAD', 8)),
);
const proto = protocol('NETLINK_THING', 9, {
  20: { cName: 'RTM_NEWTHING', message: thing },
  22: { cName: 'RTM_GETTHING', message: thing },
});

/** A whole message in memory. */
function request(value: object, type = 20, flagBits = 0x605): { m: Memory; end: number } {
  const w = new Writer();
  w.take(16);
  thing.encode(w, value as never);
  set32(w.memory, 0, w.at);
  set16(w.memory, 4, type);
  set16(w.memory, 6, flagBits);
  set32(w.memory, 8, 3);
  return { m: w.memory, end: w.at };
}

const value = {
  family: 7,
  name: 'it',
  mode: 'on',
  bits: { up: true, unknown: 8 },
  hops: [{ weight: 1 }, { weight: 2 }],
  alias: ['a', 'b'],
  kind: 'x',
  options: { depth: 4 },
  unknown: [{ type: 99, data: Uint8Array.of(1, 2) }],
};

test('a message is told field by field, in the words of both sides', () => {
  const { m, end } = request(value);
  assert.is(renderLines(annotate(m, 0, end, proto)), [
    `RTM_NEWTHING ${end} bytes, REQUEST|ACK|EXCL|CREATE, sequence 3, port 0`,
    '  struct thingmsg',
    '    family family 7',
    '  T_NAME name "it"',
    '  T_MODE mode on (MODE_ON)',
    '  T_BITS bits up|0x8',
    '  T_HOPS hops',
    '    HOP [0]',
    '      HOP_WEIGHT weight 1',
    '    HOP [1]',
    '      HOP_WEIGHT weight 2',
    '  T_ALIAS alias "a"',
    '  T_ALIAS alias "b"',
    '  T_INFO',
    '    T_KIND kind "x"',
    '    T_DATA options',
    '      X_DEPTH depth 4',
    '  attribute 99 0x0102',
  ].join('\n'));
});

test('flags of requests are named by what is asked', () => {
  const { m, end } = request({}, 22, 0x301);
  assert.match(renderLines(annotate(m, 0, end, proto)), /^RTM_GETTHING 20 bytes, REQUEST\|DUMP, /);
});

test('several messages, unknown ones and bytes that are none are each told', () => {
  const { m, end } = request({ name: 'it' }), w = new Writer();
  w.bytes(m.bytes.subarray(0, end));
  w.align();
  const second = w.take(20);
  set32(w.memory, second, 20);
  set16(w.memory, second + 4, 77);
  w.bytes(Uint8Array.of(1, 2, 3));
  const text = renderLines(annotate(w.memory, 0, w.at, proto));
  assert.match(text, /^RTM_NEWTHING 28 bytes/);
  assert.match(text, /^message 77 20 bytes, no flags/m);
  assert.match(text, /^ {2}payload 0x00000000$/m);
  assert.match(text, /^not a message 0x010203$/m);
});

test('a broken payload is told as bytes, its siblings as they are', () => {
  const { m, end } = request({ name: 'it', options: {}, kind: 'x', hops: [{ weight: 1 }] });
  const at = m.bytes.indexOf(Buffer.from([0x10, 0, 4, 0x80])) + 4; // the length of the hop inside
  m.bytes[at] = 0xff;
  const text = renderLines(annotate(m, 0, end, proto));
  assert.match(text, 'T_HOPS hops unreadable 0xff');
  assert.match(text, 'T_NAME name "it"');
});

test('the field of each byte has the path that the user wrote', () => {
  const { m, end } = request(value), at = (what: number[]) => m.bytes.indexOf(Buffer.from(what));
  const found = (offset: number) => fieldAt(m, 0, end, offset, thing);
  assert.equal(found(at([7, 0, 1, 0])), { path: 'name', cName: 'T_NAME' });
  assert.equal(found(16), { path: 'family', cName: 'family' });
  assert.equal(found(at([8, 0, 1, 0, 4, 0, 0, 0])), { path: 'options.depth', cName: 'X_DEPTH' });
  assert.equal(found(at([8, 0, 1, 0, 2, 0, 0, 0])), { path: 'hops[1].weight', cName: 'HOP_WEIGHT' });
  assert.equal(found(at([6, 0, 99, 0])), { path: '', cName: 'attribute 99' });
  assert.is(found(0), undefined);
  assert.is(found(end + 4), undefined);
  for (let offset = 0; offset < end; offset++) found(offset);
});

test('a missing field is named at the top and in a nest', () => {
  const { m, end } = request(value), nest = (what: number[]) => m.bytes.lastIndexOf(Buffer.from(what));
  assert.equal(missingField(m, 0, end, 1, undefined, thing), { path: 'name', cName: 'T_NAME' });
  assert.equal(missingField(m, 0, end, 6, undefined, thing), { path: '', cName: 'T_INFO' });
  assert.equal(missingField(m, 0, end, 1, nest([0x0c, 0, 2, 0x80]), thing), {
    path: 'options.depth',
    cName: 'X_DEPTH',
  });
  assert.is(missingField(m, 0, end, 9, undefined, thing), undefined);
  assert.is(missingField(m, 0, end, 9, nest([0x0c, 0, 2, 0x80]), thing), undefined);
});

test('the order in which options and kind are given does not matter', () => {
  const { m, end } = request({ options: { depth: 4 }, kind: 'x' });
  assert.match(renderLines(annotate(m, 0, end, proto)), 'X_DEPTH depth 4');
  assert.equal(thing.decode(m, 16, end), { family: 0, kind: 'x', options: { depth: 4 } });
});

test('what the header decides is told and named as it is read', () => {
  const { m, end } = request({ family: 7, ours: { size: 4 } }), at = m.bytes.indexOf(Buffer.from([8, 0, 1, 0]));
  assert.match(renderLines(annotate(m, 0, end, proto)), '  T_OURS ours\n    OURS_SIZE size 4');
  assert.equal(fieldAt(m, 0, end, at, thing), { path: 'ours.size', cName: 'OURS_SIZE' });
  assert.equal(missingField(m, 0, end, 1, at - 4, thing), { path: 'ours.size', cName: 'OURS_SIZE' });
});

test('padding is told by its name', () => {
  const { m, end } = request({ unknown: [{ type: 8, data: new Uint8Array(0) }] });
  assert.match(renderLines(annotate(m, 0, end, proto)), '  T_PAD padding');
});

test('a type in two tables throws', () => {
  const table = { 20: { cName: 'RTM_NEWTHING', message: thing } };
  assert.throws(
    () => protocol('P', 0, table, { 20: { cName: 'RTM_OTHER', message: thing } }),
    /RTM_NEWTHING and RTM_OTHER have the same number/,
  );
});

test.run();
