import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openRoute } from '../../../src/open.ts';
import { fakeKernel } from '../../../src/testing/index.ts';
import { edges, take } from '../../live/fake/edges.ts';

// What the real kernel says to the same, test/live/fake/edges.test.ts looks at.

for (const [title, steps] of Object.entries(edges))
  test(title, async () => {
    using nl = openRoute({ transport: fakeKernel({ namespaces: ['blue', 'red'] }).open });
    for (const step of steps) assert.is(await take(nl, step), step[0], JSON.stringify(step));
  });

test.run();
