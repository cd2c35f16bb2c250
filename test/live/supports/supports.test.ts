import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ArgumentError, KernelError } from '../../../src/errors.ts';
import * as netns from '../../../src/netns/index.ts';
import { openRoute } from '../../../src/open.ts';
import { linkKinds } from '../../../src/route/link/kinds/index.ts';
import { json } from '../../support/witness.ts';
import { skip } from '../../support/skip.ts';

const nl = openRoute();
test.after(() => nl.close());

test('a kind is supported just where a link of it is not refused as of an unknown type', async () => {
  const before = json('ip', 'link show').length;
  const told: { [kind: string]: unknown } = {}, seen: { [kind: string]: boolean } = {};
  for (const kind of [...Object.keys(linkKinds), 'no-such-kind']) told[kind] = await nl.supports({ kind });
  assert.is(json('ip', 'link show').length, before, 'nothing was made');
  for (const kind of Object.keys(told)) {
    try {
      await nl.link.add({ name: 'probe', kind });
      await nl.link.delete('probe');
      seen[kind] = true;
    } catch (error) {
      seen[kind] = (error as KernelError).text !== 'Unknown device type';
    }
  }
  assert.equal(told, seen);
  assert.equal([told['bridge'], told['veth'], told['no-such-kind']], [true, true, false]);
});

test('answers are the same synchronously, and are not asked for twice', async () => {
  using fresh = openRoute();
  const texts: string[] = [];
  fresh.trace = (text) => void texts.push(text);
  assert.is(fresh.sync.supports({ kind: 'bridge' }), true);
  assert.is(fresh.sync.supports('strict'), true);
  const asked = texts.length;
  assert.ok(asked > 0);
  assert.is(await fresh.supports({ kind: 'bridge' }), true);
  assert.is(await fresh.supports('strict'), true);
  assert.is(texts.length, asked);
});

test('families of generic netlink, their commands and attributes', async () => {
  assert.is(await nl.supports({ family: 'nlctrl' }), true);
  assert.is(await nl.supports({ family: 'nlctrl', command: 3 }), true);
  assert.is(await nl.supports({ family: 'nlctrl', command: 99 }), false);
  assert.is(await nl.supports({ family: 'nlctrl', command: 3, attribute: 2 }), true);
  assert.is(await nl.supports({ family: 'nlctrl', command: 3, attribute: 200 }), false);
  assert.is(nl.sync.supports({ family: 'no-such' }), false);
  for (const odd of ['x', {}, { kind: 5 }, null]) {
    assert.throws(() => nl.sync.supports(odd as never), (error: unknown) => error instanceof ArgumentError);
    await nl.supports(odd as never).then(() => assert.unreachable(), (error) => assert.instance(error, ArgumentError));
  }
});

test('in another namespace', async () => {
  netns.create('asked');
  try {
    using there = openRoute({ netns: 'asked' });
    assert.is(await there.supports({ kind: 'bridge' }), true);
    assert.is(await there.supports({ family: 'nlctrl', command: 3 }), true);
    assert.is(there.sync.supports({ kind: 'no-such-kind' }), false);
  } finally {
    netns.delete('asked');
  }
});

test('this kernel', async () => {
  const lacking: string[] = [];
  for (const kind of Object.keys(linkKinds)) if (!(await nl.supports({ kind }))) lacking.push(kind);
  if (lacking.length > 0) skip(`this kernel supports no ${lacking.join(' ')}`);
});

test.run();
