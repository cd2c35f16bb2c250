import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { memoryOf } from '../../../src/bytes/memory.ts';
import { Writer } from '../../../src/bytes/writer.ts';
import type { Codec } from '../../../src/schema/codec.ts';
import { control } from '../../../src/route/tc/action/kinds/control.ts';
import { u32Match } from '../../../src/route/tc/filter/kinds/u32-match.ts';
import { classid, filterHandle, filterParent, handle, qdiscParent, spellU32 } from '../../../src/route/tc/handle.ts';
import { bytesOf, rateTable, ticksOf } from '../../../src/route/tc/psched.ts';
import { fraction, micros64, rate, rate64, size, time } from '../../../src/route/tc/units.ts';

/** The number that a text is written as, and what that is read as again. */
function through(codec: Codec<any>, value: unknown): [number, unknown] {
  const w = new Writer();
  codec.write(w, value, {}, 0);
  return [w.memory.u32[0]!, codec.read(memoryOf(w.written().slice()), 0, w.at, {}, 0)];
}

test('handles are text both ways', () => {
  assert.equal(through(handle, '1:10'), [0x00010010, '1:10']);
  assert.equal(through(handle, '1:'), [0x00010000, '1:']);
  assert.equal(through(handle, 'ffff:'), [0xffff0000, 'ffff:']);
  assert.equal(through(handle, 'AB:Cd'), [0x00ab00cd, 'ab:cd']);
  assert.equal(through(handle, ':10'), [0x10, ':10']);
  assert.equal(through(classid, 'none'), [0, 'none']);
  assert.equal(through(qdiscParent, 'root'), [0xffffffff, 'root']);
  assert.equal(through(qdiscParent, 'ingress'), [0xfffffff1, 'ingress']);
  assert.equal(through(qdiscParent, 'clsact'), [0xfffffff1, 'ingress'], 'the same place by two names');
  assert.equal(through(filterParent, 'ingress'), [0xfffffff2, 'ingress']);
  assert.equal(through(filterParent, 'egress'), [0xfffffff3, 'egress']);
  for (const bad of ['1', '', ':', '1:10:2', '10000:', '1:10000', 'x:1', 'egress', 16, null])
    assert.throws(() => through(qdiscParent, bad), /must be like 1:10 or root or ingress or clsact or none, got/);
});

test('handles of filters are numbers, those of u32 text as well', () => {
  assert.equal(through(filterHandle, 6), [6, 6]);
  assert.equal(through(filterHandle, '800::800')[0], 0x80000800);
  assert.equal(through(filterHandle, '2:5')[0], 0x00205000);
  assert.equal(through(filterHandle, '2:')[0], 0x00200000);
  assert.equal(through(filterHandle, '2:5:1')[0], 0x00205001);
  for (const id of [0x80000800, 0x00205000, 0x00200000, 0x00205001, 0xfffff001]) assert.is(through(filterHandle, spellU32(id))[0], id);
  assert.equal([0x80000800, 0x00205000, 0x00200000, 0x00205001].map(spellU32), ['800::800', '2:5', '2:', '2:5:1']);
  for (const bad of ['800', '1000::', -1, 2 ** 32, 1.5, '2:100:1']) assert.throws(() => through(filterHandle, bad), /must be a number or like 800::801/);
});

test('verdicts are words, and numbers where there is none', () => {
  assert.equal(through(control, 'drop'), [2, 'drop']);
  assert.equal(through(control, 'continue'), [0xffffffff, 'continue']);
  assert.equal(through(control, 'goto chain 7'), [0x20000007, 'goto chain 7']);
  assert.equal(through(control, 'jump 2'), [0x10000002, 'jump 2']);
  assert.equal(through(control, 99), [99, 99]);
  for (const bad of ['goto', 'goto chain', 'jump -1', `jump ${2 ** 28}`, 'perhaps', 1.5]) assert.throws(() => through(control, bad), /must be continue, pass/);
});

test('rates, sizes and times are spelt as tc does', () => {
  assert.equal(['10mbit', '1kbit', '8', '1mbps', '1gibit', '1.5mbit', '100MBit'].map(rate), [1250000, 125, 1, 1e6, 2 ** 30 / 8, 187500, 12500000]);
  assert.equal(['1600', '1600b', '16k', '32kb', '1mb', '8bit'].map(size), [1600, 1600, 16384, 32768, 1048576, 1]);
  assert.equal(['50ms', '2s', '100us', '100', '0.5ms', '500ns'].map(time), [50000, 2e6, 100, 100, 500, 0.5]);
  for (const bad of ['fast', '10 parsec', '', '-1mbit', '1e6']) assert.throws(() => rate(bad), /must be spelt like 10mbit/);
});

test('amounts keep their grain', () => {
  assert.equal(through(fraction, 0.25)[0], 0x40000000);
  for (const number of [0, 1, 0x12345678, 0xffffffff]) assert.is(through(fraction, number / 0xffffffff)[0], number);
  assert.throws(() => through(fraction, 25), /must be from 0 to 1, got 25/);
  assert.is(through(micros64, 0.5)[1], 0.5);
  assert.is(through(rate64, 6_250_000_000)[1], 6_250_000_000);
  assert.throws(() => through(rate64, -1), /whole number from 0/);
  // what was listed is set again as it was, at slow rates and at fast ones
  for (const bytesPerSecond of [125, 125e3, 15.6e6, 1.25e9, 12.5e9])
    for (const ticks of [1, 187, 20000, 0xffffff]) {
      const burst = bytesOf(ticks, bytesPerSecond);
      assert.is(bytesOf(ticksOf(burst, bytesPerSecond), bytesPerSecond), burst, `${ticks} ticks at ${bytesPerSecond}`);
    }
});

test('the table of costs is the one that tc makes', () => {
  const { spec, table } = rateTable(125000, {});
  assert.equal({ cellLog: spec.cellLog, cellAlign: spec.cellAlign }, { cellLog: 3, cellAlign: -1 });
  const words = new Uint32Array(table.buffer);
  assert.equal([...words.subarray(0, 4), words[255]], [1000, 2000, 3000, 4000, 256000]);
  assert.equal(new Uint32Array(rateTable(125000, { mpu: 64 }).table.buffer)[0], 8000);
  assert.equal(new Uint32Array(rateTable(125000, { linklayer: 'atm' }).table.buffer)[0], 6625, 'a cell of 53 bytes');
});

test('u32 keys of addresses and ports', () => {
  assert.equal(u32Match({ dst: '10.0.0.0/8', dport: 80, protocol: 6 }), [
    { mask: 0xff000000, val: 0x0a000000, off: 16, offmask: 0 }, { mask: 0xff0000, val: 0x060000, off: 8, offmask: 0 },
    { mask: 0xffff, val: 80, off: 20, offmask: 0 },
  ]);
  assert.equal(u32Match({ src: '2001:db8::/40' }).map(({ mask, off }) => [mask, off]), [[0xffffffff, 8], [0xff000000, 12]]);
  assert.equal(u32Match({ src: '0.0.0.0/0' }), [{ mask: 0, val: 0, off: 12, offmask: 0 }]);
  assert.equal(u32Match({ dst: '2001:db8::1', protocol: 6, sport: 53, dport: 80, tos: 0x10 }).slice(4), [
    { mask: 0xff00, val: 0x0600, off: 4, offmask: 0 }, { mask: 0xffff0000, val: 53 << 16, off: 40, offmask: 0 },
    { mask: 0xffff, val: 80, off: 40, offmask: 0 }, { mask: 0x0ff00000, val: 0x01000000, off: 0, offmask: 0 },
  ]);
  assert.equal(u32Match({ sport: 53, tos: 0x10 }), [{ mask: 0xffff0000, val: 53 << 16, off: 20, offmask: 0 }, { mask: 0xff0000, val: 0x100000, off: 0, offmask: 0 }]);
  assert.throws(() => u32Match({ src: '2001:db8::/129' }), /src: must be an IPv6 address like 2001:db8::\/32/);
  assert.throws(() => u32Match({ dst: '' }), /dst: must be an IPv4 address/);
  assert.throws(() => u32Match({ dst: '10.0.0.0/33' }), /dst: must be an IPv4 address/);
  assert.throws(() => u32Match({ dport: 70000 }), /dport: must be from 0 to 65535/);
});

test.run();
