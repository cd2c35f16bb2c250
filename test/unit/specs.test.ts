import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { attribute, attributes, padding, within } from '../../src/schema/attributes.ts';
import { choice } from '../../src/schema/choice.ts';
import { cstring } from '../../src/schema/leaves.ts';
import { message } from '../../src/schema/message.ts';
import { be32, u16, u32, u8 } from '../../src/schema/numbers.ts';
import { protocol } from '../../src/schema/protocol.ts';
import { field, struct } from '../../src/schema/struct.ts';
import { check } from '../specs/check.ts';
import { compare } from '../specs/compare.ts';
import type { Spec, SpecAttribute } from '../specs/spec.ts';
import { skip } from '../support/skip.ts';

const folder = process.env.NETLINK_SPECS;

test('our declarations agree with the kernel\'s specs, or say why not', () => {
  if (folder === undefined) return skip('NETLINK_SPECS does not name the folder of the kernel\'s YAML specs');
  assert.ok(existsSync(join(folder, 'rt-link.yaml')), `no rt-link.yaml in ${folder}`);
  const { compared, differences } = check(folder);
  assert.ok(compared > 100);
  for (const { title, unexplained, stale } of differences) {
    assert.equal(unexplained.map(({ text }) => text), [], title);
    assert.equal(stale, [], `${title}: reasons that fit nothing`);
  }
});

/** A spec of one message, as the reader makes it. */
function spec(...given: (Partial<SpecAttribute> & { name: string; cName: string; id: number; type: string })[]): Spec {
  const list = given.map((a): SpecAttribute => ({ bigEndian: false, multi: false, ...a }));
  const inner: SpecAttribute = { name: 'in', cName: 'T_IN', id: 1, type: 'u32', bigEndian: false, multi: false };
  return {
    name: 't', subMessages: new Map(),
    sets: new Map([['set', { name: 'set', attributes: list }], ['nest', { name: 'nest', attributes: [inner] }]]),
    structs: new Map([['hdr', { name: 'hdr', cName: 'hdr', size: 4, members: [
      { cName: 'kind', offset: 0, size: 2, type: 'u16', bigEndian: false },
      { cName: 'rest', offset: 2, size: 2, type: 'u16', bigEndian: false },
    ] }]]),
    enums: new Map([['words', { name: 'words', kind: 'enum', entries: [{ cName: '_ONE', number: 1 }] }]]),
    operations: [{ cName: 'T_NEW', number: 16, reply: 16, set: 'set', header: 'hdr' }],
  };
}

function wrong(ours: Parameters<typeof attributes>[0], theirs: Spec, header = struct('hdr', 4, { kind: field('kind', 0, u16) })): string[] {
  const made = protocol('T', 0, { 16: { cName: 'T_NEW', message: message('t', header, attributes(ours)) } });
  return [...compare(made, [theirs], {}).wrong.keys()];
}

test('the comparison sees what is wrong', () => {
  const mtu = { name: 'mtu', cName: 'T_MTU', id: 4, type: 'u32' };
  assert.equal(wrong({ mtu: attribute('T_MTU', 4, u32) }, spec(mtu)), []);
  assert.equal(wrong({ mtu: attribute('T_MTU', 4, u16) }, spec(mtu)), ['T_MTU'], 'width');
  assert.equal(wrong({ mtu: attribute('T_MTU', 4, be32) }, spec(mtu)), ['T_MTU'], 'byte order');
  assert.equal(wrong({ mtu: attribute('T_MTU', 4, u32) }, spec({ ...mtu, bigEndian: true })), ['T_MTU'], 'byte order');
  assert.equal(wrong({ other: attribute('T_OTHER', 4, u32) }, spec(mtu)), ['T_OTHER'], 'name');
  assert.equal(wrong({ mtu: attribute('T_MTU', 4, u32) }, spec({ ...mtu, type: 'string' })), ['T_MTU'], 'type');
  assert.equal(wrong({ mtu: attribute('T_MTU', 4, cstring) }, spec({ ...mtu, type: 'string' })), []);
  const words = choice(u32, { one: ['T_ONE', 1] }), shifted = choice(u32, { one: ['T_ONE', 2] });
  assert.equal(wrong({ mtu: attribute('T_MTU', 4, words) }, spec({ ...mtu, enum: 'words' })), []);
  assert.equal(wrong({ mtu: attribute('T_MTU', 4, shifted) }, spec({ ...mtu, enum: 'words' })), ['T_ONE'], 'enum');
  const nest = spec({ name: 'n', cName: 'T_NEST', id: 5, type: 'nest', nested: 'nest' });
  assert.equal(wrong({ n: attribute('T_NEST', 5, attributes({ in: attribute('T_IN', 1, u32) })) }, nest), []);
  assert.equal(wrong({ n: attribute('T_NEST', 5, attributes({ in: attribute('T_IN', 1, u8) })) }, nest), ['T_IN']);
  assert.equal(wrong(within('T_NEST', 5, { in: attribute('T_IN', 1, u8) }), nest), ['T_IN'], 'a hidden nest');
  assert.equal(wrong({ n: attribute('T_NEST', 5, u32) }, nest), ['T_NEST']);
  assert.equal(wrong({}, spec(mtu), struct('hdr', 4, { kind: field('kind', 2, u16) })), ['hdr.kind'], 'place in a struct');
  assert.equal(wrong({}, spec(mtu), struct('hdr', 8, { kind: field('kind', 0, u16) })), ['hdr size']);
});

test('the comparison sees what is padding and what is not', () => {
  const pad = { name: 'pad', cName: 'T_PAD', id: 5, type: 'pad' }, mtu = { name: 'mtu', cName: 'T_MTU', id: 5, type: 'u32' };
  const compared = (ours: ReturnType<typeof attributes>, theirs: Spec) => {
    const { wrong, weLack } = compare(protocol('T', 0, { 16: { cName: 'T_NEW', message: message('t', struct('hdr', 4, {}), ours) } }), [theirs], {});
    return [...wrong.keys(), ...weLack.keys()].filter((key) => !/hdr|words|nest/.test(key));
  };
  assert.equal(compared(attributes({}, padding('T_PAD', 5)), spec(pad)), []);
  assert.equal(compared(attributes({}), spec(pad)), ['t set pad']);
  assert.equal(compared(attributes({ pad: attribute('T_PAD', 5, u32) }), spec(pad)), ['T_PAD']);
  assert.equal(compared(attributes({}, padding('T_MTU', 5)), spec(mtu)), ['T_MTU']);
});

test('the comparison sees what is missing', () => {
  const made = protocol('T', 0, { 16: { cName: 'T_NEW', message: message('t', struct('hdr', 4, {}), attributes({ x: attribute('T_X', 9, u8) })) } });
  const { weLack, specsLack } = compare(made, [spec({ name: 'mtu', cName: 'T_MTU', id: 4, type: 'u32' })], {});
  assert.equal([...specsLack.keys()], ['T_X']);
  assert.equal([...weLack.keys()], ['t set mtu', 't nest', 't hdr kind', 't hdr rest', 't words']);
});

test.run();
