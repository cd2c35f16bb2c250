// timeout: 300 s
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { unhex } from '../../../src/bytes/hex.ts';
import { memoryOf, type Memory } from '../../../src/bytes/memory.ts';
import { attribute, attributes, padding, within } from '../../../src/schema/attributes.ts';
import { multi } from '../../../src/schema/arrays.ts';
import type { Codec } from '../../../src/schema/codec.ts';
import { layoutOf, signature } from '../../../src/schema/layout.ts';
import { cstring } from '../../../src/schema/leaves.ts';
import { u16, u32 } from '../../../src/schema/numbers.ts';
import { specialised } from '../../../src/schema/specialise.ts';

const program = fileURLToPath(new URL('programs/digests.ts', import.meta.url));
const digests = async (...flags: string[]): Promise<string[]> =>
  (await promisify(execFile)(process.execPath, [...flags, '--import', 'tsx', program], { maxBuffer: 1 << 28 })).stdout.trimEnd().split('\n');

test('with and without made decoders, every tape and every damaged message gives the same, key for key', async () => {
  const made = await digests(), plain = await digests('--disallow-code-generation-from-strings');
  assert.is(plain.pop(), 'decoders: 0');
  assert.ok(Number(made.pop()!.split(' ')[1]) > 50, 'decoders were made');
  assert.ok(plain.length > 100, `${plain.length} messages`);
  plain.forEach((line, i) => assert.is(made[i], line));
  assert.is(made.length, plain.length);
});

const seesOwner: Codec<string> = { ...cstring, read: (_m, _at, _end, owner) => Object.entries(owner).filter(([, value]) => value !== undefined).map(([key, value]) => `${key}=${value}`).join() };
const set = attributes({
  one: attribute('ONE', 1, u32),
  text: attribute('TEXT', 2, cstring),
  owner: attribute('OWNER', 3, seesOwner),
  usual: attribute('USUAL', 4, u32, { absent: 7 }),
  each: attribute('EACH', 5, multi(u16)),
  ...within('HIDDEN', 20, { deep: attribute('DEEP', 1, u32), said: attribute('SAID', 2, cstring) }),
}, padding('PAD', 9), padding('DEEP_PAD', 9, 20));
const bytes = (hex: string): Memory => memoryOf(Uint8Array.from(unhex(hex)!));
const size = (hex: string): number => hex.length / 2;
const plainly = (m: Memory, end: number): object => {
  const value = {};
  set.readInto(value, m, 0, end, 0);
  return value;
};

test('a decoder is made for a layout that comes often, and for its like alone', () => {
  const quick = specialised(set.root), hex = '0800010005000000' + '0800030000000000' + '0500020000000000' + '1400140008000100090000000600020061000000' + '0800e78301020304';
  const m = bytes(hex), end = size(hex);
  for (let i = 0; i < 16; i++) assert.is(quick(m, 0, end, 0), undefined, 'the first are left to the plain decoder');
  const value = quick(m, 0, end, 0);
  assert.equal(value, plainly(m, end));
  assert.equal(Object.keys(value!), Object.keys(plainly(m, end)), 'keys in the order of the wire');
  assert.is(value!['owner'], 'one=5', 'a codec without a source sees what stands before it');
  const longer = '0800010006000000' + '0800030000000000' + '0a000200616263646500000014001400080001000900000006000200' + '62000000' + '0500e783ff000000';
  assert.equal(quick(bytes(longer), 0, size(longer), 0), plainly(bytes(longer), size(longer)), 'text of another length is no other layout');
  for (const other of [hex.replace('0800010005', '0800018005'), hex + '0800010005000000', hex.slice(0, -16), hex.slice(0, -8)]) {
    const m = bytes(other);
    assert.is(quick(m, 0, other.length / 2, 0), undefined, other);
  }
});

test('padding is a layout of its own, and its decoder passes over it', () => {
  const quick = specialised(set.root), hex = '04000900' + '0800010005000000' + '1000140004000900' + '0800010009000000', m = bytes(hex);
  for (let i = 0; i < 16; i++) quick(m, 0, size(hex), 0);
  assert.equal(quick(m, 0, size(hex), 0), { one: 5, deep: 9, usual: 7 });
  assert.equal(plainly(m, size(hex)), { one: 5, deep: 9, usual: 7 });
  const full = '0800090001020304' + '0800010005000000';
  for (let i = 0; i < 8; i++) assert.is(quick(bytes(full), 0, size(full), 0), undefined);
  assert.equal(quick(bytes(full), 0, size(full), 0), plainly(bytes(full), size(full)), 'with something in it, it is kept');
});

test('what repeats, what is broken and what lies off its border is left to the plain decoder', () => {
  const layout = (hex: string): string | undefined => {
    const m = bytes(hex), steps = layoutOf(set.root, m, 0, hex.length / 2);
    return steps && signature(steps);
  };
  assert.is(layout('0800010005000000' + '0600020061000000'), '1:8,2:');
  assert.is(layout('0600010005000000'), '1:6', 'a payload that does not fit is kept as it came');
  assert.is(layout('0800010005000000' + '0800010005000000'), undefined);
  assert.is(layout('0600050001000000'), undefined);
  assert.is(layout('ff00010005000000'), undefined);
  assert.is(layout('0c00140009000100' + '05000000'), undefined);
  const quick = specialised(set.root), m = bytes('000000000800010005000000');
  for (let i = 0; i < 20; i++) assert.is(quick(m, 2, 10, 0), undefined);
});

test.run();
