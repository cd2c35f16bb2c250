import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { memoryOf } from '../../../src/bytes/memory.ts';
import { annotate } from '../../../src/schema/annotate.ts';
import { attribute, attributes } from '../../../src/schema/attributes.ts';
import type { Codec } from '../../../src/schema/codec.ts';
import { binary, cstring } from '../../../src/schema/leaves.ts';
import { message } from '../../../src/schema/message.ts';
import { u16, u32 } from '../../../src/schema/numbers.ts';
import { place } from '../../../src/schema/place.ts';
import { protocol } from '../../../src/schema/protocol.ts';
import { through, type Site } from '../../../src/schema/source.ts';
import { field, struct } from '../../../src/schema/struct.ts';
import { tagged } from '../../../src/schema/tagged.ts';
import { written } from '../../support/bytes.ts';
import { frame } from '../conversation/scripted.ts';

/** What the source of a number gives, `offset` bytes behind the eighth. */
function evaluated(offset: number, write: (site: Pick<Site, 'u8' | 'u16' | 'u32'>) => string): unknown {
  const m = memoryOf(Uint8Array.from({ length: 24 }, (_, i) => i)), used: unknown[] = [];
  const use = (value: unknown): string => `used[${used.push(value) - 1}]`;
  const source = write(place('p', 'q', offset, undefined, use));
  return new Function('m', 'u8', 'u16', 'u32', 'p', 'q', 'used', `return ${source}`)(m, m.bytes, m.u16, m.u32, 8, 2, used);
}

test('numbers on their borders and off them are read alike', () => {
  for (const offset of [0, 1, 2, 3, 4]) {
    const at = 8 + offset;
    assert.is(evaluated(offset, (site) => site.u8(0)), at);
    assert.is(evaluated(offset, (site) => site.u16(0)), at + (at + 1) * 256, `16 bits at ${offset}`);
    assert.is(evaluated(offset, (site) => site.u32(0)), at + (at + 1) * 2 ** 8 + (at + 2) * 2 ** 16 + (at + 3) * 2 ** 24, `32 bits at ${offset}`);
  }
});

test('what is made of a number without a source has none', () => {
  const site = { use: () => 'f', u16: () => 'n' } as unknown as Site, twice = (number: { read: Codec<number>['read'] }) => through(number as never, (n) => `2 * ${n}`)(site);
  assert.is(twice({ read: (m, at) => m.bytes[at]! }), undefined);
  assert.is(twice({ read: Object.assign(() => 0, { source: () => 'n' }) }), '2 * n');
});

const inner = attributes({ depth: attribute('DEPTH', 1, u32) });
const thing = message('thing', struct('thingmsg', 4, { index: field('index', 0, u16) }), attributes({
  kind: attribute('KIND', 1, cstring), mode: attribute('MODE', 2, cstring),
  options: attribute('OPTIONS', 3, tagged('kind', { plain: u32, deep: tagged('mode', { nest: inner }, binary), told: { ...u32, show: () => 'seven' } }, binary)),
}));
const things = protocol('TEST', 31, { 16: { cName: 'TEST_NEW', message: thing } });

test('a payload that two siblings decide on is marked as nested where it is', () => {
  const { body } = thing, given = { kind: 'deep', mode: 'nest', options: { depth: 5 } };
  assert.is(written(body, given as never), '09000100 64656570 00000000 09000200 6e657374 00000000 0c000380 08000100 05000000');
  assert.is(written(body, { ...given, mode: 'bare', options: Uint8Array.of(1, 2, 3, 4) } as never), '09000100 64656570 00000000 09000200 62617265 00000000 08000300 01020304');
});

test('the dump of it shows the value, as its codec does where that can', () => {
  const shown = (kind: string): string | undefined => {
    const bytes = frame(16, 0, 0, (w) => thing.encode(w, { index: 1, kind, options: 7 } as never));
    return annotate(memoryOf(bytes), 0, bytes.length, things).at(-1)!.text;
  };
  assert.equal(['plain', 'told'].map(shown), ['7', 'seven']);
});

test.run();
