import assert from 'node:assert/strict';
import { openRoute, routeSockets } from '../../src/open.ts';
import type { Scenario, Scenarios } from '../scenario.ts';

/** Talks to NETLINK_ROUTE and, by sockets of their own, to NETLINK_GENERIC. */
const asking = (title: string, talk: (nl: ReturnType<typeof openRoute>) => Promise<void>, more: Partial<Scenario> = {}): Scenario => ({
  title, setup: [], live: (netns) => routeSockets({ netns }),
  async run(transport) {
    using nl = openRoute({ transport });
    await talk(nl);
  },
  ...more,
});

export const scenarios: Scenarios = {
  'ask': asking('A kernel is asked what it can do; what it has said is not asked again', async (nl) => {
    assert.equal(await nl.supports('strict'), true);
    assert.equal(await nl.supports({ kind: 'bridge' }), true);
    assert.equal(await nl.supports({ kind: 'no-such-kind' }), false);
    assert.equal(await nl.supports({ family: 'nlctrl' }), true);
    assert.equal(await nl.supports({ family: 'nlctrl', command: 10 }), true);
    assert.equal(await nl.supports({ family: 'nlctrl', command: 99 }), false);
    assert.equal(await nl.supports({ family: 'nlctrl', command: 3, attribute: 2 }), true);
    assert.equal(await nl.supports({ family: 'nlctrl', command: 3, attribute: 77 }), false);
    assert.equal(await nl.supports({ family: 'no-such' }), false);
    assert.equal(nl.sync.supports({ kind: 'bridge' }), true);
    assert.equal(await nl.supports({ family: 'no-such' }), false);
  }),
  'ask-plain-user': asking('A plain user is not told whether a module would be found', async (nl) => {
    assert.equal(await nl.supports({ kind: 'bridge' }), true);
    assert.equal(await nl.supports({ kind: 'no-such-kind' }), 'unknown');
  }, { plain: true }),
};
