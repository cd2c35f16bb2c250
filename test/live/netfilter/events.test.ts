import { readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openNetfilter, ownTable, rule } from '../../../src/netfilter/index.ts';

const own = ownTable('netlink-ts', 'ip');

test('each change is told, and who made it', async () => {
  using nl = openNetfilter();
  using events = nl.events(['table', 'chain', 'rule', 'set', 'element', 'generation']);
  const hosts = { name: 's', keyType: 'ipv4_addr' } as const;
  const added = await nl.transaction([
    own.add(), own.chain({ name: 'c' }), own.set(hosts), own.elements(hosts, ['10.0.0.1']),
      own.rule('c', rule().accept().comment('x'), { echo: true }),
  ]);
  await nl.transaction([own.remove()]);
  const seen: any[] = [];
  for await (const event of events) {
    seen.push(event);
    if (seen.filter(({ type }) => type === 'generation').length === 2) break;
  }
  assert.equal(seen.slice(0, 6).map(({ type, action }) => `${action} ${type}`),
    ['new table', 'new chain', 'new set', 'new element', 'new rule', 'new generation']);
  assert.is(seen[4].rule.userdata.comment, 'x');
  assert.is(seen[4].rule.handle, added[4]!.handle);
  assert.equal(seen[3].element.elements[0].key.value, Uint8Array.of(10, 0, 0, 1));
  const { generation } = seen[5];
  assert.is(generation.process, readFileSync('/proc/self/comm', 'utf8').trim());
  assert.equal(new Set(seen.filter(({ action }) => action === 'del').map(({ type }) => type)),
    new Set(['rule', 'chain', 'set', 'table']));
  assert.is(seen.at(-1).generation.id, generation.id + 1);
});

test('what cannot be listened to is refused', () => {
  using nl = openNetfilter();
  assert.throws(() => nl.events(['nothing' as never]), /types: must be some of table, chain/);
  assert.throws(() => nl.events([]), /types: must be some of/);
});

test.run();
