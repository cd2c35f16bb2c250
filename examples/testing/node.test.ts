/**
 * The same under Node's own test runner.
 *
 *     node --import tsx --test examples/testing/node.test.ts
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { routeOnTape } from 'netlink-ts/testing';
import { serveBridge } from './bridge.ts';

test('the bridge is made, and has its address', async () => {
  const { nl, done } = routeOnTape(new URL('bridge.tape', import.meta.url));
  assert.equal(await serveBridge(nl, 'br0', '172.24.133.39/24'), 'br0 is up and has 172.24.133.39/24');
  done();
});
