import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { errno, type ErrnoName } from '../../../src/errno.ts';
import { KernelError } from '../../../src/errors.ts';
import { families as netfilter } from '../../../src/netfilter/index.ts';
import { families } from '../../../src/route/families.ts';

// What another does, or the kernel by itself, while an operation of many steps is under way.

type Steps = Generator<any, any, any>;
const refusal = (code: ErrnoName): KernelError => new KernelError({ operation: 'other', errno: errno[code] });

/** Runs steps with the answers given, one after the other; gives the result, or the code of the error. */
function run(steps: Steps, answers: readonly unknown[]): unknown {
  try {
    let step = steps.next();
    for (const answer of answers) {
      assert.not.ok(step.done, 'it asks for more');
      step = answer instanceof Error ? steps.throw(answer) : steps.next(answer);
    }
    assert.ok(step.done, 'it asks for no more');
    return step.value.done;
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    return error.code;
  }
}

const { route, rule, neigh, nexthop, addr } = families, { conntrack } = netfilter;
const orig = { protocol: 'tcp', src: '192.0.2.1', dst: '192.0.2.2', sport: 1, dport: 2 };

/** Operations that delete what they list: what is there, and what the kernel says of one that is gone. */
const flushes: readonly [name: string, make: () => Steps, item: object, gone: ErrnoName, rounds: boolean][] = [
  ['route.flush', () => route.flush({ family: 'inet' }) as Steps, { family: 'inet', table: 'main', type: 'unicast', scope: 'global', dst: '10.0.0.0/8', flags: {}, oif: 4 }, 'ESRCH', true],
  ['addr.flush', () => addr.flush(undefined) as Steps, { family: 'inet', index: 4, address: '192.0.2.1/24' }, 'EADDRNOTAVAIL', true],
  ['rule.flush', () => rule.flush() as Steps, { family: 'inet', priority: 9, action: 'lookup', table: 7, flags: {} }, 'ENOENT', false],
  ['neigh.flush', () => neigh.flush() as Steps, { family: 'inet', index: 4, dst: '192.0.2.1', state: 'reachable', flags: {} }, 'ENOENT', false],
  ['nexthop.flush', () => nexthop.flush() as Steps, { id: 4 }, 'ENOENT', false],
  ['conntrack.flush', () => conntrack.flush({ protocol: 'tcp' }) as Steps, { family: 'ip', orig }, 'ENOENT', false],
];

for (const [name, make, item, gone, rounds] of flushes)
  test(`${name}: what goes meanwhile is no error, and any other refusal is one`, () => {
    const rest = rounds ? [[]] : [];
    assert.is(run(make(), [[item, item], undefined, undefined, ...rest]), name === 'addr.flush' ? 1 : 2);
    assert.is(run(make(), [[item], refusal(gone), ...rest]), name === 'addr.flush' ? 1 : 0);
    assert.is(run(make(), [[item], refusal('EPERM')]), 'EPERM');
  });

test('routes and addresses that come all the while are not deleted for ever', () => {
  const endless = { dst: '10.0.0.0/8', family: 'inet', table: 'main', type: 'unicast', scope: 'global', flags: {} };
  assert.is(run(route.flush() as Steps, Array.from({ length: 10 }, () => [[endless], undefined]).flat()), 10);
  assert.is(run(addr.flush(undefined) as Steps, Array.from({ length: 10 }, () => [[{ family: 'inet', index: 4, address: '192.0.2.1/24' }], undefined]).flat()), 1);
});

test('route.restore passes over what is there, makes behind others what needs them, and fails with the first that cannot be', () => {
  const via = { dst: '10.0.0.0/8', gateway: '192.0.2.1' }, link = { dst: '192.0.2.0/24', oif: 4 };
  const restore = (): Steps => route.restore([via, link]) as Steps;
  assert.is(run(restore(), [refusal('ENETUNREACH'), undefined, undefined]), 2);
  assert.is(run(restore(), [refusal('EEXIST'), refusal('EEXIST')]), 0);
  assert.is(run(restore(), [refusal('ENETUNREACH'), undefined, refusal('ENETUNREACH')]), 'ENETUNREACH');
  assert.throws(() => run(restore(), [new Error('no refusal')]), /no refusal/);
});

test('route.save names the links, those that are gone by their number, and of a way over several each', () => {
  const saved = run(route.save() as Steps, [
    [{ dst: '10.0.0.0/8', oif: 4 }, { dst: '10.1.0.0/16', oif: 5 }, { dst: '10.2.0.0/16', multipath: [{ oif: 4 }, { oif: 5 }] }], [{ index: 4, name: 'eth4' }],
  ]);
  assert.equal(saved, [{ dst: '10.0.0.0/8', dev: 'eth4' }, { dst: '10.1.0.0/16', dev: 5 }, { dst: '10.2.0.0/16', multipath: [{ dev: 'eth4' }, { dev: 5 }] }]);
});

test('who ensures a rule that is taken away at once is told so', () => {
  assert.is(run(rule.ensure({ src: '10.0.0.0/8', table: 7, priority: 9 }) as Steps, [[], undefined, []]), 'ENOENT');
});

test.run();
