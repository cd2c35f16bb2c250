import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { run } from '../../../scripts/run.ts';
import { netns, openRoute, KernelError } from '../../../src/index.ts';
import { installed } from '../../support/installed.ts';
import { skip } from '../../support/skip.ts';

const refused = async (call: Promise<unknown>, code: string, field: string) => {
  const error = await call.then(() => undefined, (error: unknown) => error);
  assert.instance(error, KernelError);
  assert.is((error as KernelError).code, code);
  assert.is((error as KernelError).field, field);
};

test('a namespace gets a number when a pair of links leads there', async () => {
  using nl = openRoute();
  using ns = netns.make();
  assert.is(await nl.nsid.get(ns), undefined);
  await nl.link.add({ name: 'here', kind: 'veth', options: { peer: { name: 'there', netns: ns } } });
  const id = nl.sync.nsid.get(ns);
  assert.type(id, 'number');
  assert.is((await nl.link.get('here')).linkNetnsid, id);
  assert.ok((await nl.nsid.list()).some(({ nsid }) => nsid === id));
  await nl.link.delete('here');
});

test('numbers are given, and told as ip tells them', async () => {
  using nl = openRoute();
  netns.create('blue');
  await nl.nsid.set('blue', 77);
  assert.is(await nl.nsid.get('blue'), 77);
  assert.is(netns.list().find(({ name }) => name === 'blue')!.nsid, 77);
  await refused(nl.nsid.set('blue', 78), 'EEXIST', 'fd');
  using other = netns.make();
  await refused(nl.nsid.set(other, 77), 'EEXIST', 'nsid');
  await nl.nsid.set(other, 'auto');
  assert.type(await nl.nsid.get(other), 'number');
  if (installed('ip')) {
    const { output } = await run('ip', ['netns', 'list-id']);
    for (const { nsid } of await nl.nsid.list()) assert.match(output, new RegExp(`^nsid ${nsid}\\b`, 'm'));
    assert.match(output, /^nsid 77 \(iproute2 netns name: blue\)/m);
  } else skip('ip is not installed');
  netns.delete('blue');
});

test('what is no namespace has no number', async () => {
  using nl = openRoute();
  await refused(nl.nsid.get({ fd: 0 }), 'EINVAL', 'fd');
});

test.run();
