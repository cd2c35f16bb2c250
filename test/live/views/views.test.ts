import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openRoute } from '../../../src/index.ts';
import { eventually } from '../../support/witness.ts';

const nl = openRoute();
nl.sync.link.add({ name: 'v0', kind: 'veth', options: { peer: { name: 'v1', up: true } }, up: true });
nl.sync.addr.add('v0', '10.0.0.1/16');
nl.sync.addr.add('v0', { address: '10.1.0.1/32', peer: '10.2.0.1/32' });
const oif = nl.sync.link.get('v0').index;
nl.sync.batch((b) => Array.from({ length: 5000 }, (_, i) =>
  b.route.add({ dst: `10.${64 + (i >> 8)}.${i & 255}.0/24`, gateway: `10.0.0.${2 + i % 9}`, oif, ...(i % 3 === 0 ? { priority: i } : {}) })));
test.after(() => nl.close());

/** The kernel gives links that come up addresses of IPv6 and routes to those in its own time: then nothing changes any more. */
test.before(() => eventually(() => {
  const own = nl.sync.addr.list({ family: 'inet6' }).filter(({ scope }) => scope === 'link');
  const local = nl.sync.route.list({ family: 'inet6', table: 'local' }).map(({ dst }) => dst);
  return own.length === 2 && own.every(({ address }) => local.includes(address.replace(/\/.*/, '/128')));
}, 30_000));

type Loose = { readonly [key: string]: unknown };
const pick = (item: object, fields: readonly string[]): object =>
  Object.fromEntries(fields.filter((field) => field in item).map((field) => [field, (item as Loose)[field]]));
async function gather<T>(chunks: AsyncIterable<T[]> | Iterable<T[]>): Promise<T[]> {
  const all: T[] = [];
  for await (const chunk of chunks) all.push(...chunk);
  return all;
}

test('streams of every family that lists are its lists', async () => {
  const sync = nl.sync as unknown as { [family: string]: { list?: () => object[]; stream(): Iterable<object[]> } };
  const async = nl as unknown as { [family: string]: { stream(): AsyncIterable<object[]> } };
  const listed = ['link', 'addr', 'route', 'rule', 'nexthop', 'addrlabel', 'qdisc', 'neightbl', 'netconf'];
  for (const family of listed) {
    const timeless = (items: readonly object[]) => items.map((item) => JSON.stringify(item, (key, value) =>
      ['stats', 'stats32', 'cacheinfo', 'ndtStats', 'config', 'backlog', 'gcThresh', 'afSpec'].includes(key) ? undefined : typeof value === 'bigint' ? String(value) : value));
    const all = timeless(sync[family]!.list!());
    assert.equal(timeless(await gather(sync[family]!.stream())), all, family);
    assert.equal(timeless(await gather(async[family]!.stream())), all, family);
  }
  assert.ok([...nl.sync.route.stream()].length > 5, '5000 routes come in several chunks');
});

test('fields and columns of routes, links and addresses are those of their lists, filtered as they are', async () => {
  for (const filter of [{}, { family: 'inet' }, { dst: '10.64.0.0/16' }, { gateway: '10.0.0.4', family: 'inet' }, { dev: 'v0' }, { table: 'local' }, { table: 4711 }, { type: 'broadcast' }] as const) {
    const all = nl.sync.route.list(filter);
    for (const fields of [['dst', 'gateway'], ['oif'], ['priority', 'dst', 'table', 'flags'], ['unknown', 'type', 'metrics']] as const)
      assert.equal(nl.sync.route.select(fields, filter), all.map((route) => pick(route, fields)), `${fields} of ${JSON.stringify(filter)}`);
    const { length, dst, priority, table } = await nl.route.columns(['dst', 'priority', 'table'], filter);
    assert.is(length, all.length);
    assert.equal([dst, [...priority], table], [all.map((route) => route.dst), all.map((route) => route.priority ?? NaN), all.map((route) => route.table)]);
  }
  assert.equal(nl.sync.addr.select(['address', 'peer', 'label'], { dev: 'v0', family: 'inet' }), [
    { address: '10.0.0.1/16', label: 'v0' }, { address: '10.1.0.1/32', peer: '10.2.0.1/32', label: 'v0' }].map((one) => pick(one, ['address', 'peer', 'label'])));
  assert.equal(await nl.link.select(['name', 'kind']), (await nl.link.list()).map((link) => pick(link, ['name', 'kind'])));
});

test('what is awaited one after the other lets timers run', async () => {
  let failed = 0;
  const asked = [
    () => nl.link.get('v0'),
    () => nl.link.get('gone').catch(() => { failed++; }),
    () => nl.rule.list(),
    () => nl.batch((b) => [b.link.get('v0'), b.link.get('lo')]),
    async () => { for await (const _ of nl.rule.stream()) { /* a chunk or two */ } },
    async () => { for await (const _ of nl.route.stream({ family: 'inet' })) { /* as fast as it can */ } },
  ];
  for (const ask of asked) {
    let ticks = 0;
    const timer = setInterval(() => { ticks++; }, 1);
    for (let n = 0; n < 100_000 && ticks < 3; n++) await ask();
    clearInterval(timer);
    assert.ok(ticks >= 3, `timers run beside ${ask}`);
  }
  assert.ok(failed > 0);
});

test('what else is asked on a connection between the chunks of a stream is answered', async () => {
  let routes = 0, links = 0;
  for await (const chunk of nl.route.stream({ family: 'inet' })) {
    routes += chunk.length;
    links += (await nl.link.get('v0')).index;
  }
  assert.is(routes, nl.sync.route.list({ family: 'inet' }).length);
  assert.ok(links >= oif);
});

test.run();
