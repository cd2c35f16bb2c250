import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { statsMessage, statsRequest } from '../../../src/route/stats/message.ts';
import { encoded, roundTrip } from '../../support/bytes.ts';
import { generateSet } from '../../support/generate.ts';
import { dice } from '../../support/witness.ts';

test('statistics survive a round trip', () => {
  const roll = dice(92);
  for (const message of [statsMessage, statsRequest])
    for (let round = 0; round < 60; round++) {
      const value = {
        family: 'unspec',
        index: 1 + roll(99),
        filterMask: { link64: true },
        ...generateSet(message.body, roll),
      };
      assert.equal(roundTrip(message, value), value);
    }
});

test('a request has its mask in the header', () => {
  assert.is(
    encoded(statsRequest, { index: 3, filterMask: { link64: true, afSpec: true } }),
    '000000000300000011000000',
  );
  assert.is(encoded(statsRequest, { index: 3, l3Stats: true }), '000000000300000000000000 0500020001000000');
});

test.run();
