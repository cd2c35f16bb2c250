import { setFlagsFromString } from 'node:v8';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Operation } from '../../../src/conversation/operation.ts';
import { openRoute } from '../../../src/index.ts';
import * as addr from '../../../src/route/addr/operations.ts';
import * as link from '../../../src/route/link/operations.ts';
import { lookup } from '../../../src/route/link/resolve.ts';
import * as neigh from '../../../src/route/neigh/operations.ts';
import * as nexthop from '../../../src/route/nexthop/operations.ts';
import * as route from '../../../src/route/route/operations.ts';
import * as rule from '../../../src/route/rule/operations.ts';
import { fakeKernel } from '../../../src/testing/index.ts';

/*
 * What is made alike again and again is of one shape. In V8 before 12 an object copied by `{ ...one }` to which another
 * property is added has a shape of its own, and so has the next: that takes thirty times as long, and whatever looks at
 * such an object afterwards asks C++. A container was wired in 1.21 ms, and in 1.06 without.
 */
setFlagsFromString('--allow-natives-syntax');
const sameShape = new Function('a', 'b', 'return %HaveSameMap(a, b)') as (a: object, b: object) => boolean;
setFlagsFromString('--no-allow-natives-syntax');

/** Made sixty times, for V8 takes another way for what it has seen often. */
function alike(what: string, make: (i: number) => object): void {
  const made = Array.from({ length: 60 }, (_, i) => make(i));
  for (let i = 58; i < 60; i++) assert.ok(sameShape(made[i - 1]!, made[i]!), what);
}

/** The exchange that an operation comes to, where nothing is asked before. */
function exchange(operation: Operation<unknown>): { readonly value: object } {
  const step = 'next' in operation ? operation.next().value : operation;
  assert.ok(typeof step === 'object' && step !== null && 'value' in step, 'nothing is asked');
  return step as { value: object };
}

const operations: { readonly [what: string]: (i: number) => Operation<unknown> } = {
  'link.add': (i) => link.add({ name: `v${i}`, kind: 'veth', master: 3, up: true, options: { peer: { name: 'eth0', index: 2, netns: { fd: 3 } } } }),
  'link.change': () => link.change({ index: 2 }, { up: true }),
  'link.delete': (i) => link.delete(i + 1),
  'link.get': (i) => link.get(`v${i}`),
  'a look-up': (i) => lookup('link.get', `v${i}`),
  'addr.add': (i) => addr.add(2, `10.0.0.${i}/16`),
  'addr.add, as an object': (i) => addr.add(2, { address: `10.0.0.${i}/16`, label: 'eth0:1', broadcast: 'auto' }),
  'route.add': (i) => route.add({ dst: `10.0.${i}.0/24`, gateway: '192.0.2.1' }),
  'route.delete': (i) => route.delete({ dst: `10.0.${i}.0/24`, oif: 2 }),
  'neigh.add': (i) => neigh.add({ dst: `10.0.0.${i}`, lladdr: '02:00:00:00:00:01', dev: 2 }),
  'rule.add': (i) => rule.add({ src: `10.0.${i}.0/24`, table: 100 }),
  'nexthop.add': (i) => nexthop.add({ id: i + 1, gateway: '192.0.2.1', dev: 2 }),
};
for (const [what, make] of Object.entries(operations))
  test(`${what} makes exchanges and messages of one shape each`, () => {
    alike('exchange', (i) => exchange(make(i)));
    alike('message', (i) => exchange(make(i)).value);
  });

test('the other end of a pair is of one shape', () => {
  alike('peer', (i) => (exchange(operations['link.add']!(i)).value as { options: { peer: object } }).options.peer);
});

test('so are clients and what they have', () => {
  const kernel = fakeKernel();
  alike('client', () => openRoute({ transport: kernel.open }));
  alike('sync', () => openRoute({ transport: kernel.open }).sync);
  alike('families', () => openRoute({ transport: kernel.open }).link);
});

test.run();
