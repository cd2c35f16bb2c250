import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Pending } from '../../../src/conversation/pending.ts';
import { Waiters } from '../../../src/conversation/waiters.ts';

const one = (sequence: number): Pending => ({ sequence }) as Pending;

test('waiters are found as in a Map, whatever comes and goes', () => {
  const waiters = new Waiters(), map = new Map<number, Pending>();
  let seed = 1;
  const chance = (below: number): number => (seed = (seed * 48271) % 0x7fffffff) % below;
  for (let step = 0, number = 0xffffff00; step < 20_000; step++) { // through the largest number, after which 1 follows
    const most = 1 + (step >> 6) % 200;
    if (map.size < most) {
      do number = (number + 1) >>> 0 || 1; while (waiters.has(number));
      const pending = one(number);
      waiters.set(number, pending);
      map.set(number, pending);
    }
    while (map.size > 0 && (map.size > most || chance(3) === 0)) {
      const gone = [...map.keys()][chance(map.size)]!;
      waiters.delete(gone);
      map.delete(gone);
    }
    waiters.delete(number + 1000);
    assert.is(waiters.size, map.size);
    for (const known of [number, chance(1000), 0, ...map.keys()]) assert.is(waiters.get(known), map.get(known));
  }
  assert.equal(waiters.all().map(({ sequence }) => sequence), [...map.keys()].sort((a, b) => a - b));
  waiters.clear();
  assert.equal([waiters.size, waiters.all()], [0, []]);
});

test('one that waits for ever makes no room for others, and no place for the old', () => {
  const waiters = new Waiters(), first = one(1);
  waiters.set(1, first);
  for (let number = 2; number < 100_000; number++) {
    waiters.set(number, one(number));
    waiters.delete(number);
  }
  assert.is(waiters.get(1), first);
  assert.is(waiters.size, 1);
});

test.run();
