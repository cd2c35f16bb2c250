import { test } from 'uvu';
import * as assert from 'uvu/assert';
import * as netns from '../../../src/netns/index.ts';
import { openRoute } from '../../../src/open.ts';
import { fakeKernel } from '../../../src/testing/index.ts';
import { edges, take } from './edges.ts';
import { look } from './look.ts';

// Each sequence has namespaces of its own: numbers that a namespace was given cannot be taken back.

let made = 0;

for (const [title, steps] of Object.entries(edges))
  test(title, async () => {
    const home = `home${++made}`;
    for (const name of [home, 'blue', 'red']) netns.create(name);
    const real = openRoute({ netns: home }), fake = openRoute({ transport: fakeKernel({ namespaces: ['blue', 'red'] }).open });
    try {
      for (const step of steps) {
        assert.is(await take(real, step), step[0], `the real kernel: ${JSON.stringify(step)}`);
        assert.is(await take(fake, step), step[0], `the fake kernel: ${JSON.stringify(step)}`);
        assert.equal(await look(fake), await look(real), JSON.stringify(step));
      }
    } finally {
      real.close();
      fake.close();
      for (const name of [home, 'blue', 'red']) netns.delete(name);
    }
  });

test.run();
