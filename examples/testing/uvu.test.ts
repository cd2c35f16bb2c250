/**
 * The program tested with a tape, under uvu: no kernel, no privileges.
 *
 *     node --import tsx examples/testing/uvu.test.ts
 *
 * The tape was made by the same test, in a namespace made for it:
 *
 *     unshare -Urmn env NETLINK_TAPES=update node --import tsx examples/testing/uvu.test.ts
 */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { routeOnTape } from 'netlink-ts/testing';
import { serveBridge } from './bridge.ts';

test('the bridge is made, and has its address', async () => {
  const { nl, done } = routeOnTape(new URL('bridge.tape', import.meta.url), { title: 'A bridge and its address are made sure of' });
  assert.is(await serveBridge(nl, 'br0', '172.24.133.39/24'), 'br0 is up and has 172.24.133.39/24');
  done();
});

test.run();
