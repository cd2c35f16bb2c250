import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { EncodeError } from '../../../src/errors.ts';
import { defineKind } from '../../../src/route/link/kinds/define.ts';
import { linkMessage } from '../../../src/route/link/message.ts';
import { attribute, attributes, choice, cstring, u32, u8 } from '../../../src/schema/index.ts';
import { roundTrip } from '../../support/bytes.ts';

const quux = defineKind('quux', attributes({
  depth: attribute('IFLA_QUUX_DEPTH', 1, u32), mode: attribute('IFLA_QUUX_MODE', 2, choice(u8, { still: ['QUUX_STILL', 0], deep: ['QUUX_DEEP', 1] })),
  label: attribute('IFLA_QUUX_LABEL', 3, cstring),
}));

test('options of a kind that its user named are written as bytes and read by their names', () => {
  const made = quux.link({ name: 'q0', mtu: 1400, options: { depth: 4, mode: 'deep', label: 'x' } });
  assert.equal([made.name, made.mtu, made.kind], ['q0', 1400, 'quux']);
  const listed = roundTrip(linkMessage, { index: 7, ...made });
  assert.equal([listed.kind, quux.is(listed), quux.options(listed)], ['quux', true, { depth: 4, mode: 'deep', label: 'x' }]);
});

test('a link without options has none, one of another kind is none of these', () => {
  assert.equal(quux.link({ name: 'q0' }), { name: 'q0', kind: 'quux' });
  assert.equal(quux.options({ kind: 'quux' } as never), {});
  assert.equal([quux.is({ kind: 'bridge' }), quux.options({ kind: 'bridge', options: {} })], [false, undefined]);
});

test('an option that cannot be is refused by its path', () => {
  for (const [options, path] of [[{ mode: 'shallow' }, 'options.mode'], [{ depth: -1 }, 'options.depth']] as const)
    assert.throws(() => quux.link({ name: 'q0', options: options as never }), (error: unknown) => error instanceof EncodeError && error.field === path);
});

test.run();
