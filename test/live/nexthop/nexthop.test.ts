import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { KernelError } from '../../../src/errors.ts';
import { openRoute } from '../../../src/open.ts';
import { installed } from '../../support/installed.ts';
import { skip } from '../../support/skip.ts';
import { json, refusal, sh } from '../../support/witness.ts';

const nl = openRoute();
nl.sync.link.change('lo', { up: true });
nl.sync.link.add({ name: 'v0', kind: 'veth', options: { peer: { name: 'v1' } } });
nl.sync.link.change('v0', { up: true });
nl.sync.link.change('v1', { up: true });
nl.sync.addr.add('v0', '172.24.133.39/24');
nl.sync.addr.add('v0', { address: 'fc00::1/64', flags: { nodad: true } });
test.before.each(() => void nl.sync.nexthop.flush());
test.after(() => nl.close());

const shown = (): string[] => sh('ip', '-d nexthop show').split('\n').map((line) => line.replace(/unbalanced_time [0-9.]+/, '').replace(/\s+/g, ' ').trim()).filter(Boolean);

test('what ip makes can be listed, deleted, and made again as listed', async () => {
  if (!installed('ip')) return skip('ip is not installed');
  for (const line of [
    'id 1 via 172.24.133.1 dev v0', 'id 2 via fc00::2 dev v0 proto static', 'id 3 dev v0', 'id 4 blackhole', 'id 5 via 172.24.200.1 dev v0 onlink', 'id 6 via 172.24.133.6 dev v0',
    'id 10 group 1/6,3 proto bgp', 'id 11 group 1,3/6,200', 'id 12 group 1/6 type resilient buckets 8 idle_timer 60 unbalanced_timer 300', 'id 20 via 172.24.133.7 fdb', 'id 21 group 20 fdb', 'id 22 dev v0 -6',
  ]) sh('ip', line.endsWith(' -6') ? `-6 nexthop add ${line.slice(0, -3)}` : `nexthop add ${line}`);
  try {
    sh('ip', 'nexthop add id 30 encap ip id 5 dst 1.2.3.4 dev v0');
  } catch (error) {
    skip(`no encapsulated nexthop here: ${error}`);
  }
  const before = shown(), listed = await nl.nexthop.list();
  assert.is(listed.length, before.length);
  assert.equal(listed.filter((nexthop) => nexthop.unknown), []);
  assert.equal(listed.find((nexthop) => nexthop.id === 11)!.group, [{ id: 1, weight: 3 }, { id: 6, weight: 200 }]);
  assert.equal([listed.find((n) => n.id === 12)!.groupType, listed.find((n) => n.id === 12)!.resilient!.idleTimer], ['resilient', 60]);
  await nl.nexthop.flush();
  assert.equal(shown(), []);
  for (const nexthop of listed) assert.is(await nl.nexthop.add(nexthop), nexthop.id);
  assert.equal(shown(), before);
});

test('what we make is what ip shows, and the kernel chooses an id', async () => {
  if (!installed('ip')) return skip('ip is not installed');
  const id = await nl.nexthop.add({ gateway: '172.24.133.1', dev: 'v0' });
  assert.ok(id > 0);
  assert.is(await nl.nexthop.add({ id: 50, gateway: 'fc00::9', dev: 'v0', protocol: 'static' }), 50);
  await nl.nexthop.add({ id: 52, blackhole: true });
  await nl.nexthop.add({ id: 53, dev: 'v0' });
  const wide = await nl.nexthop.add({ id: 51, group: [{ id, weight: 256 }, { id: 53 }] }).then(() => true, (error: Error) => {
    skip(`no weights of 16 bits here: ${error.message}`);
    return false;
  });
  const weight = wide ? 256 : 255;
  if (wide) await nl.nexthop.delete(51);
  await nl.nexthop.add({ id: 54, group: [{ id, weight }, { id: 53 }], groupType: 'resilient', resilient: { buckets: 4, idleTimer: 1.5 } });
  const theirs = json('ip', 'nexthop show');
  assert.equal(theirs.map((nexthop) => nexthop.id).sort(), [id, 50, 52, 53, 54].sort());
  assert.equal(theirs.find((nexthop) => nexthop.id === 54).group, [{ id, weight }, { id: 53 }]);
  assert.is(theirs.find((nexthop) => nexthop.id === 54).type, 'resilient');
  const buckets = await nl.nexthop.buckets({ id: 54 });
  assert.is(buckets.length, 4);
  assert.equal((await nl.nexthop.getBucket(54, 2)).bucket.nhid, buckets.find((bucket) => bucket.bucket.index === 2)!.bucket.nhid);
  assert.ok((await nl.nexthop.buckets({ nhid: id })).every((bucket) => bucket.bucket.nhid === id));
  await nl.nexthop.replace({ id: 53, gateway: '172.24.133.3', dev: 'v0' });
  assert.is((await nl.nexthop.get(53)).gateway, '172.24.133.3');
});

test('routes go by nexthops and follow them', async () => {
  const id = await nl.nexthop.add({ gateway: '172.24.133.1', dev: 'v0' });
  await nl.route.add({ dst: '10.9.0.0/16', nhid: id });
  const [route] = await nl.route.list({ dst: '10.9.0.0/16' });
  assert.equal([route!.nhid, route!.gateway], [id, '172.24.133.1']);
  await nl.route.delete(route!);
  await nl.route.add(route!);
  await nl.nexthop.delete(id);
  assert.equal(await nl.route.list({ dst: '10.9.0.0/16' }), []);
});

test('a group counts in hardware when it is told to, and tells so where statistics are asked for', async () => {
  const a = await nl.nexthop.add({ gateway: '172.24.133.1', dev: 'v0' }), b = await nl.nexthop.add({ gateway: '172.24.133.2', dev: 'v0' });
  const plain = await nl.nexthop.add({ group: [{ id: a }, { id: b }] });
  let counted: number;
  try {
    counted = await nl.nexthop.add({ group: [{ id: a, weight: 2 }, { id: b }], hwStats: true });
  } catch (error) {
    if (!(error instanceof KernelError && /attribute/i.test(error.text ?? ''))) throw error;
    return skip(`before 6.9 a group does not count: ${error.message}`);
  }
  const told = await nl.nexthop.list({ groups: true, stats: true });
  assert.equal(told.map(({ id, hwStats, groupStats }) => [id, hwStats, groupStats?.map((one) => [one.id, one.packets])]), [
    [plain, false, [[a, 0n], [b, 0n]]], [counted, true, [[a, 0n], [b, 0n]]],
  ]);
  assert.equal((await nl.nexthop.list({ groups: true })).map(({ hwStats }) => hwStats), [undefined, undefined]);
  await nl.nexthop.delete(counted);
  assert.is(await nl.nexthop.add(told[1]!), counted);
  assert.equal((await nl.nexthop.list({ groups: true, stats: true }))[1]!.hwStats, true, 'made again as it was listed');
});

test('filters and refusals', async () => {
  const a = await nl.nexthop.add({ gateway: '172.24.133.1', dev: 'v0' }), b = await nl.nexthop.add({ gateway: 'fc00::1:1', dev: 'v0' });
  const group = await nl.nexthop.add({ group: [{ id: a }] });
  const ids = async (filter: Parameters<typeof nl.nexthop.list>[0]) => (await nl.nexthop.list(filter)).map((nexthop) => nexthop.id);
  assert.equal(await ids({ groups: true }), [group]);
  assert.equal(await ids({ family: 'inet6' }), [b]);
  assert.equal(await ids({ dev: 'v1' }), []);
  assert.equal(await ids({ fdb: true }), []);
  assert.is((await refusal(nl.nexthop.get(4711))).code, 'ENOENT');
  assert.is((await refusal(nl.nexthop.add({ id: a, blackhole: true }))).code, 'EEXIST');
  for (const [bad, field] of [
    [{ id: 0, dev: 1 }, 'id'], [{ id: -1, dev: 1 }, 'id'], [{ gateway: 'x', dev: 1 }, 'gateway'], [{ gateway: '10.0.0.1', family: 'inet6', dev: 1 }, 'gateway'],
    [{ group: [{ id: 1, weight: 0 }] }, 'group[0].weight'], [{ group: [{ id: 1, weight: 65537 }] }, 'group[0].weight'], [{ group: 5 }, 'group'], [null, 'nexthop'],
  ] as const) {
    const error = await refusal(nl.nexthop.add(bad as never));
    assert.equal([error.code, error.field], ['ERR_ENCODE', field], JSON.stringify(bad));
  }
});

test.run();
