import { endianness } from 'node:os';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { allocate, get16, get32, get64, getInt32, littleEndian, memoryOf, partOf, set16, set32, set64, swap16, swap32, unzeroed } from '../../../src/bytes/memory.ts';

const little = endianness() === 'LE';
const bytes = Uint8Array.from({ length: 16 }, (_, i) => 0xf0 - 7 * i);

test('numbers are read in the order of the machine, on their borders and off them', () => {
  assert.is(littleEndian, little);
  const m = memoryOf(bytes), view = new DataView(bytes.buffer);
  for (let at = 0; at <= 8; at++) {
    assert.is(get16(m, at), view.getUint16(at, little));
    assert.is(get32(m, at), view.getUint32(at, little));
    assert.is(getInt32(m, at), view.getInt32(at, little));
    assert.is(get64(m, at), view.getBigUint64(at, little));
  }
});

test('numbers are written in the order of the machine, on their borders and off them, and nothing beside them', () => {
  for (let at = 0; at <= 8; at++) {
    const m = allocate(16), view = new DataView(new ArrayBuffer(16));
    const same = (): void => assert.equal(new Uint8Array(m.bytes), new Uint8Array(view.buffer));
    set64(m, at, 0x8123_4567_89ab_cdefn);
    view.setBigUint64(at, 0x8123_4567_89ab_cdefn, little);
    same();
    set32(m, at, 0xfedc_ba98);
    view.setUint32(at, 0xfedc_ba98, little);
    same();
    set32(m, at, -2);
    view.setInt32(at, -2, little);
    same();
    set16(m, at, 0x1_8765);
    view.setUint16(at, 0x8765, little);
    same();
  }
});

test('counters of 64 bits are whole, small and large', () => {
  const m = allocate(8);
  for (const value of [0n, 1n, 0xffff_ffffn, 1n << 32n, (1n << 64n) - 1n]) {
    set64(m, 0, value);
    assert.is(get64(m, 0), value);
  }
});

test('memory is not copied where it can be used as it is', () => {
  const whole = new Uint8Array(8), part = new Uint8Array(whole.buffer, 0, 4);
  assert.is(memoryOf(whole).bytes.buffer, whole.buffer);
  for (const one of [part, new Uint8Array(whole.buffer, 4, 4), new Uint8Array(7)]) {
    one.fill(7);
    const m = memoryOf(one);
    assert.is.not(m.bytes.buffer, one.buffer);
    assert.equal(new Uint8Array(m.bytes), Uint8Array.from({ length: 8 }, (_, i) => (i < one.length ? 7 : 0)));
  }
});

test('a size is rounded up to whole words; a part sees the same bytes', () => {
  for (const make of [allocate, unzeroed]) assert.equal([0, 1, 8, 9].map((size) => make(size).bytes.length), [0, 8, 8, 16]);
  const m = allocate(32), part = partOf(m, 8, 16);
  set32(part, 4, 77);
  assert.equal([get32(m, 12), part.bytes.length, part.u16.length, part.u32.length], [77, 16, 8, 4]);
});

test('memory that there is not is an error with the number of bytes', () => {
  for (const make of [allocate, unzeroed])
    assert.throws(() => make(2 ** 50), (error: any) => error.code === 'ENOMEM' && error.message === `malloc of ${2 ** 50} bytes failed: ENOMEM, Cannot allocate memory`);
});

test('bytes are swapped', () => {
  assert.equal([swap16(0x1234), swap32(0x1234_5678), swap32(0xffee_dd81)], [0x3412, 0x7856_3412, 0x81dd_eeff]);
});

test.run();
