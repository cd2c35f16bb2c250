import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openRoute } from '../../../src/open.ts';
import { installed } from '../../support/installed.ts';
import { skip } from '../../support/skip.ts';
import { eventually, json, refusal } from '../../support/witness.ts';

const nl = openRoute();
test.before(async () => {
  await nl.link.add({
    name: 'br0',
    kind: 'bridge',
    up: true,
    options: { mcastStatsEnabled: true, mcastQuerier: true },
  });
  await nl.link.add({ name: 'v0', kind: 'veth', master: 'br0', up: true, options: { peer: { name: 'v1', up: true } } });
  await eventually(async () => (await nl.stats.get('v1')).link64!.txPackets > 0n);
});
test.after(() => nl.close());

test('counters are those of the link and those that ip prints', async () => {
  const { link64, index } = await nl.stats.get('lo');
  const link = await nl.link.get('lo');
  assert.is(index, link.index);
  assert.equal(link64, link.stats);
  if (!installed('ip')) return skip('ip is not installed');
  await eventually(async () => {
    const ours = (await nl.stats.get('v0', { link64: true })).link64!;
    const [theirs] = json('ip', 'stats show dev v0 group link');
    return (
      Number(ours.rxBytes) === theirs.stats64.rx.bytes &&
      Number(ours.txPackets) === theirs.stats64.tx.packets &&
      ours.txBytes > 0n
    );
  });
});

test('a bridge and its port count multicast by themselves', async () => {
  const bridge = await nl.stats.get('br0'), port = await nl.stats.get('v0');
  assert.is(typeof bridge.linkXstats!.bridge!.mcast!.igmpV3queries.tx, 'bigint');
  await eventually(async () => {
    const { mcast } = (await nl.stats.get('br0')).linkXstats!.bridge!;
    return mcast!.mldV2reports.rx > 0n; // the other end joins its solicited-node group
  });
  assert.is.not(port.linkXstatsSlave?.bridge?.mcast, undefined);
  assert.is(port.linkXstats, undefined);
  for (const stats of [bridge, port])
    for (const set of [stats, stats.linkXstats?.bridge, stats.linkXstatsSlave?.bridge, stats.linkOffloadXstats])
      assert.is(set?.unknown, undefined);
});

test('the list has all links, with what is asked for', async () => {
  const list = await nl.stats.list({ link64: true });
  assert.equal(list.map((stats) => stats.index), (await nl.link.list()).map((link) => link.index));
  for (const stats of list)
    assert.equal([typeof stats.link64!.rxBytes, stats.linkXstats, stats.afSpec], ['bigint', undefined, undefined]);
  assert.is.not((await nl.stats.list()).find((stats) => stats.linkXstats), undefined);
});

test('what is refused', async () => {
  assert.is((await refusal(nl.stats.get('nobody'))).code, 'ENODEV');
  assert.is((await refusal(nl.stats.get('lo', {}))).code, 'EINVAL');
  assert.is(
    (await refusal(nl.stats.get('lo', { link46: true } as never))).message,
    'filterMask: has no flag "link46"; there are link64, linkXstats, linkXstatsSlave, linkOffloadXstats, afSpec',
  );
  assert.match((await refusal(nl.stats.set('v0', { l3Stats: 1 as never }))).message, /^l3Stats: must be true or false/);
  const answer = await nl.stats.set('v0', { l3Stats: true }).then(
    () => 'it went well',
    (error: { code: string }) => error.code,
  );
  assert.ok(['it went well', 'EOPNOTSUPP', 'EINVAL'].includes(answer), answer);
});

test.run();
