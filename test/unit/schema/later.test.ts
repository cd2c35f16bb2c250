import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { later } from '../../../src/schema/later.ts';

test('what is given is made when it is asked for, once', () => {
  const made: string[] = [];
  const kinds = later({ one: () => made.push('one'), two: () => made.push('two') }, { name: 'numbers' });
  assert.equal(Object.keys(kinds), ['name', 'one', 'two']);
  assert.ok(Object.hasOwn(kinds, 'two') && !Object.hasOwn(kinds, 'three'));
  assert.equal(made, []);
  assert.is(kinds.two, 1);
  assert.is(kinds.two, 1);
  assert.equal(made, ['two']);
  assert.equal(Object.values(kinds), ['numbers', 2, 1]);
});

test('what cannot be made says so each time', () => {
  const kinds = later({ broken: () => { throw new TypeError('it has no number'); } });
  assert.throws(() => kinds.broken, /no number/);
  assert.throws(() => kinds.broken, /no number/);
});

test.run();
