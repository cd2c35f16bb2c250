// timeout: 300 s
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fuzz, repeat } from './run.ts';
import { targets } from './targets.ts';

/** Always the same, so that a failure is one of the change and not of chance; `npm run fuzz` takes others. */
const seed = 20261, inputs = 20_000;

for (const target of Object.keys(targets))
  test(`odd ${target}, seed ${seed}`, () => {
    const { counts, failures } = fuzz({ seed, inputs: target === 'messages' ? inputs : inputs / 10, target });
    console.log(`\nfuzz: ${counts.get(target)} odd ${target}, seed ${seed}`);
    assert.equal(failures.map((failure) => `${repeat(seed, failure)}: ${failure.error}`), []);
    assert.ok(counts.get(target)! >= inputs / 10);
  });

test.run();
