import assert from 'node:assert/strict';
import { ownTable } from '../../src/netfilter/own.ts';
import { rule } from '../../src/netfilter/builder/builder.ts';
import { netfilterScenario as scenario, refused, type Scenarios } from '../scenario.ts';

const own = ownTable('ours', 'ip'), place = { family: 'ip', table: 'ours' } as const;
const table = 'nft add table ip ours', chain = 'nft add chain ip ours in { type filter hook input priority 0 ; }';
const hosts = { ...place, name: 'hosts', keyType: 'ipv4_addr' } as const;
const set = 'nft add set ip ours hosts { type ipv4_addr ; }';

export const scenarios: Scenarios = {
  'list-empty': scenario('A new namespace has no tables', [], async (nl) => assert.deepEqual(await nl.table.list(), [])),
  'list': scenario('Tables, chains, rules, sets and elements that nft made', [
    table, chain, set, 'nft add element ip ours hosts { 10.0.0.1 , 10.0.0.2 }', 'nft add rule ip ours in ip saddr @hosts tcp dport 80 counter accept'], async (nl) => {
      assert.deepEqual((await nl.table.list()).map(({ family, name }) => [family, name]), [['ip', 'ours']]);
      assert.deepEqual((await nl.chain.list(place)).map(({ name, hook }) => [name, hook]), [['in', 'input']]);
      assert.deepEqual((await nl.rule.list(place))[0]!.expressions.map(({ name }) => name), ['payload', 'lookup', 'meta', 'cmp', 'payload', 'cmp', 'counter', 'immediate']);
      assert.deepEqual((await nl.set.list(place)).map(({ name, keyType }) => [name, keyType]), [['hosts', 'ipv4_addr']]);
      assert.equal((await nl.element.list(hosts)).length, 2);
    }),
  'table': scenario('A table is made and deleted, then it is not there', [], async (nl) => {
    await nl.table.create({ family: 'ip', name: 'ours' });
    await refused(nl.table.create({ family: 'ip', name: 'ours' }), 'EEXIST');
    assert.equal((await nl.table.get({ family: 'ip', name: 'ours' })).name, 'ours');
    await nl.table.delete({ family: 'ip', name: 'ours' });
    await refused(nl.table.delete({ family: 'ip', name: 'ours' }), 'ENOENT');
  }),
  'chain': scenario('A chain with a hook and one without; a chain that is jumped to cannot be deleted', [table], async (nl) => {
    await nl.chain.add({ ...place, name: 'in', type: 'filter', hook: 'input', priority: 0, policy: 'accept' });
    await nl.chain.add({ ...place, name: 'other' });
    await nl.rule.add({ ...place, chain: 'in', expressions: rule().jump('other') });
    await refused(nl.chain.delete({ ...place, name: 'other' }), 'EBUSY');
    await refused(nl.chain.add({ ...place, table: 'nowhere', name: 'in' }), 'ENOENT');
    assert.deepEqual((await nl.chain.list(place)).map(({ name }) => name), ['in', 'other']);
  }),
  'rule': scenario('A rule is added, told back with its handle, and deleted', [table, chain], async (nl) => {
    const made = await nl.rule.add({ ...place, chain: 'in', expressions: rule().tcp.dport(22).counter().accept().comment('ssh') }, { echo: true });
    assert.equal(typeof made!.handle, 'bigint');
    await nl.rule.delete({ ...place, chain: 'in', handle: made!.handle! });
    await refused(nl.rule.delete({ ...place, chain: 'in', handle: made!.handle! }), 'ENOENT');
  }),
  'rule-jump-gone': scenario('A rule that jumps to a chain that is not there', [table, chain], (nl) =>
    refused(nl.rule.add({ ...place, chain: 'in', expressions: rule().jump('gone') }), 'ENOENT')),
  'set': scenario('A set and its elements; an element that is there already', [table], async (nl) => {
    await nl.set.add(hosts);
    await nl.element.add(hosts, ['10.0.0.1', '10.0.0.2']);
    await refused(nl.element.create(hosts, ['10.0.0.2']), 'EEXIST');
    await nl.element.delete(hosts, ['10.0.0.1']);
    await refused(nl.element.delete(hosts, ['10.0.0.1']), 'ENOENT');
    assert.equal((await nl.element.list(hosts)).length, 1);
  }),
  'map': scenario('A map with verdicts, a set of networks and one of joined keys', [table], async (nl) => {
    const verdicts = { ...place, name: 'verdicts', keyType: 'ifname', dataType: 'verdict' } as const;
    const nets = { ...place, name: 'nets', keyType: 'ipv4_addr', flags: { interval: true } } as const;
    const pairs = { ...place, name: 'pairs', keyType: 'ipv4_addr . inet_service' } as const;
    await nl.transaction([
      own.set(verdicts), own.set(nets), own.set(pairs), own.elements(verdicts, [{ key: 'lo', data: { code: 'accept' } }]),
      own.elements(nets, ['10.0.0.0/8', '192.168.1.1-192.168.1.9']), own.elements(pairs, [['10.0.0.1', 80]]),
    ]);
    assert.equal((await nl.element.list(nets)).length, 4);
  }),
  'publish': scenario('A port of this host is published: all in one transaction', [], async (nl) => {
    await nl.transaction([
      own.reset(), own.chain({ name: 'pre', type: 'nat', hook: 'prerouting', priority: 'dstnat' }),
      own.chain({ name: 'post', type: 'nat', hook: 'postrouting', priority: 'srcnat' }),
      own.rule('pre', rule().fib.daddr.type('local').tcp.dport(8080).dnat({ to: '172.17.0.2', port: 80 })),
      own.rule('post', rule().ip.saddr('172.17.0.0/16').oifname.not('docker0').masquerade()),
    ]);
    assert.equal((await nl.rule.list(place)).length, 2);
  }),
  'transaction-refused': scenario('One change of a transaction is refused, and nothing was done', [], async (nl) => {
    const error = await nl.transaction([
      own.reset(), own.chain({ name: 'c' }), own.rule('c', rule().accept()), own.rule('nowhere', rule().accept()), own.rule('c', rule().jump('gone')),
    ]).then(() => undefined, (error) => error);
    assert.deepEqual(error.failures.map(({ index, error }: any) => [index, error.code, error.field]), [[3, 'ENOENT', 'chain'], [4, 'ENOENT', 'expressions[0]']]);
    assert.deepEqual(await nl.table.list(), []);
  }),
  'transaction-late': scenario('A transaction that was thought out for rules that have changed since', [table], async (nl) => {
    const { id } = await nl.generation.get();
    await nl.table.add({ family: 'ip', name: 'another' });
    await refused(nl.transaction([own.remove()], { generation: id }), 'ERESTART');
  }),
  'objects': scenario('A named counter is read and begun anew', [table], async (nl) => {
    const counter = { ...place, type: 'counter', name: 'n' } as const;
    await nl.object.add({ ...counter, data: { packets: 5n, bytes: 500n } });
    assert.deepEqual((await nl.object.reset(counter)).data, { packets: 5n, bytes: 500n });
    await refused(nl.object.get({ ...counter, name: 'none' }), 'ENOENT');
  }),
  'plain-user': { ...scenario('A plain user may not make tables', [], (nl) => refused(nl.table.add({ family: 'ip', name: 'ours' }), 'EPERM')), plain: true },
  'events': scenario('The changes of a transaction, and its end', [table, chain], async (nl) => {
    using events = nl.events(['rule', 'set', 'generation']);
    await nl.transaction([own.rule('in', rule().accept()), own.set(hosts)]);
    const seen: string[] = [];
    for await (const event of events) if (seen.push(event.type) === 3) break;
    assert.deepEqual(seen, ['rule', 'set', 'generation']);
  }),
};
