// timeout: 240 s
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { KernelError, OverrunError } from '../../../src/errors.ts';
import { openNetfilter, ownTable, rule, TransactionError, type Change } from '../../../src/netfilter/index.ts';
import { skip } from '../../support/skip.ts';

const own = ownTable('netlink-ts', 'ip');
const nl = openNetfilter();
const base = () => [own.reset(), own.chain({ name: 'c' })];
const failure = async (work: () => unknown): Promise<any> => {
  try {
    await work();
  } catch (error) {
    return error;
  }
  return assert.unreachable('it should have failed');
};

test.after.each(async () => void await nl.transaction([own.remove()]));
test.after(() => nl.close());

test('all or nothing, and each refusal is mapped to its change', async () => {
  const error = await failure(() => nl.transaction([
    ...base(), own.rule('c', rule().accept()), own.rule('nowhere', rule().accept()), own.rule('c', rule().jump('gone')),
  ]));
  assert.instance(error, TransactionError);
  assert.is(error.code, 'ERR_TRANSACTION');
  assert.equal(error.failures.map(({ index, operation }: any) => [index, operation]),
    [[3, 'rule.add'], [4, 'rule.add']]);
  assert.is(error.failures[0].error.code, 'ENOENT');
  assert.is(error.failures[0].error.field, 'chain');
  assert.is(error.failures[0].error.attribute, 'NFTA_RULE_CHAIN');
  assert.match(error.failures[1].error.field, 'expressions[0]');
  assert.match(error.message, 'nothing was changed: 2 of 5 changes failed, the first at 3: rule.add failed: ENOENT');
  assert.equal(await nl.table.list(), []);
});

test('a change by itself has a transaction of its own and its own error', async () => {
  await nl.table.add({ family: 'ip', name: own.name });
  await nl.table.add({ family: 'ip', name: own.name });
  const error = await failure(() => nl.table.create({ family: 'ip', name: own.name }));
  assert.instance(error, KernelError);
  assert.match(error.message, /^table\.create failed: EEXIST, File exists about name \(NFTA_TABLE_NAME\)/);
  assert.match(error.hint, 'table.add takes it as it is');
  assert.throws(() => nl.sync.chain.delete({ family: 'ip', table: own.name, name: 'none' }), (e: any) =>
    e.code === 'ENOENT');
  nl.sync.chain.add({ family: 'ip', table: own.name, name: 'some' });
  assert.equal(nl.sync.chain.list({ table: own.name }).map(({ name }) => name), ['some']);
});

test('results stand where the builder put them', async () => {
  await nl.transaction(base());
  const { first, rest } = await nl.transaction((t) => ({
    first: t.rule.add({ family: 'ip', table: own.name, chain: 'c', expressions: rule().drop() }, { echo: true }),
    rest: [t.chain.add({ family: 'ip', table: own.name, name: 'd' }, { echo: true }),
      t.table.add({ family: 'ip', name: own.name }, { echo: true })],
  }));
  assert.is(typeof first!.handle, 'bigint');
  assert.is(rest[0]!.name, 'd');
  assert.is(rest[1], undefined); // nothing changed there
  const behind = await nl.rule.add({ family: 'ip', table: own.name, chain: 'c',
    expressions: rule().accept().comment('2') }, { after: first!.handle!, echo: true });
  await nl.rule.insert({ family: 'ip', table: own.name, chain: 'c', expressions: rule().counter().comment('0') });
  await nl.rule.insert({ family: 'ip', table: own.name, chain: 'c', expressions: rule().counter().comment('1') },
    { before: behind!.handle! });
  await nl.rule.replace({ ...first!, handle: first!.handle!, family: 'ip', expressions: rule().drop().comment('x') });
  const rules = await nl.rule.list({ family: 'ip', table: own.name, chain: 'c' });
  assert.equal(rules.map((one) => one.userdata?.comment), ['0', 'x', '1', '2']);
  await nl.rule.delete({ family: 'ip', table: own.name, chain: 'c', handle: rules[0]!.handle! });
  assert.is((await nl.rule.list({ table: own.name })).length, 3);
  assert.equal(nl.sync.transaction([own.flush('c')]), [undefined]);
  assert.equal(await nl.rule.list({ table: own.name }), []);
});

test('2,000 rules at once', async () => {
  const rules = Array.from({ length: 2000 }, (_, i) => own.rule('c', rule().tcp.dport(i + 1).accept()));
  const done = await failure(async () => { await nl.transaction([...base(), ...rules]); throw undefined; });
  if (done?.code === 'EMSGSIZE') { // net.core.wmem_max binds those without CAP_NET_ADMIN in the first namespace
    assert.match(done.message, /2002 changes take \d+ bytes, and this socket sends at most \d+ at once/);
    await nl.transaction(base());
    for (let i = 0; i < rules.length; i += 500) await nl.transaction(rules.slice(i, i + 500));
  } else assert.is(done, undefined);
  const listed = await nl.rule.list({ family: 'ip', table: own.name });
  assert.is(listed.length, 2000);
  assert.is(nl.counters.overruns, 0);
  assert.equal(listed[1999]!.expressions[3],
    { name: 'cmp', data: { sreg: 1, op: 'eq', data: { value: Uint8Array.of(0x7, 0xd0) } } });
});

test('more refusals than the receive buffer holds', async () => {
  const changes = Array.from({ length: 1500 }, () => own.deleteChain('none'));
  const error = await failure(() => nl.transaction([...base(), ...changes]));
  assert.instance(error, TransactionError);
  assert.ok(nl.counters.overruns > 0);
  assert.is(error.complete, false);
  assert.ok(error.failures.length > 50 && error.failures.length < 1500);
  assert.is(error.failures[0].index, 2);
  assert.equal(await nl.table.list(), []);
  assert.is((await nl.generation.get()).id > 0, true);
});

test('transactions of many at once: those that somebody came before are begun anew', async () => {
  await nl.transaction(base());
  const others = Array.from({ length: 4 }, () => openNetfilter());
  await Promise.all(Array.from({ length: 100 }, (_, i) =>
    others[i % 4]!.transaction([own.rule('c', rule().counter().comment(String(i)))])));
  const comments = (await nl.rule.list({ table: own.name })).map((one) => Number(one.userdata?.comment));
  assert.equal(comments.sort((a, b) => a - b), Array.from({ length: 100 }, (_, i) => i));
  for (const other of others) other.close();
});

test('a transaction thought out for another generation is refused', async () => {
  await nl.transaction(base());
  const { generation } = await nl.ruleset.list({ family: 'ip', table: own.name });
  await nl.transaction([own.rule('c', rule().accept())], { generation });
  const error = await failure(() => nl.transaction([own.rule('c', rule().accept())], { generation }));
  assert.is(error.code, 'ERESTART');
  assert.is((await nl.rule.list({ table: own.name })).length, 1);
});

test('what is wrong with an argument is said before anything is sent', async () => {
  const { id } = await nl.generation.get();
  const wrong = async (change: () => Change, message: RegExp) => {
    const error = await failure(async () => nl.transaction([...base(), change()]));
    assert.match(error.message, message);
  };
  await wrong(() => own.rule('c', rule().tcp.dport(70000).accept()),
    /tcp\.dport: must be a number of 2 bytes, got 70000/);
  await wrong(() => own.rule('c', rule().ip.saddr('10.0.0.300').accept()), /ip\.saddr: must be an IPv4 address/);
  await wrong(() => own.rule('c', rule().dnat({ to: '10.0.0.1', port: 80 })),
    /dnat\.port: a port needs a match of the transport protocol/);
  await wrong(() => own.rule('c', rule().dnat({ to: 'fd00::1' })), /dnat\.to: is no address of family ip/);
  await wrong(() => own.rule('c', rule().ip6.saddr('fd00::1')), /ip6\.saddr: a table of family ip never sees IPv6/);
  await wrong(() => own.chain({ name: 'd', type: 'nat', hook: 'egress', priority: 0 }),
    /hook: must be one of prerouting, input/);
  await wrong(() => own.chain({ name: 'x'.repeat(300) }), /name: must be at most 255 bytes long/);
  await wrong(() => nl.rule.list as never, /no change of the ruleset/);
  assert.is((await nl.generation.get()).id, id);
  assert.is((await failure(() => nl.batch((b) => [b.table.add({ family: 'ip', name: 'x' })]))).code, 'ERR_ARGUMENT');
});

test('an abort and a deadline end it', async () => {
  const signal = AbortSignal.abort(new Error('enough'));
  assert.is((await failure(() => nl.with({ signal }).transaction(base()))).code, 'ABORT_ERR');
  assert.equal(await nl.table.list(), []);
  assert.ok(!(await failure(() => nl.with({ signal }).table.list()) instanceof OverrunError));
});

test('nothing to do is no transaction', async () => {
  const { id } = await nl.generation.get();
  assert.equal(await nl.transaction([]), []);
  assert.is((await nl.generation.get()).id, id);
});

const reason = await nl.generation.get().then(() => undefined, (error: Error) => error.message);
if (reason === undefined) test.run();
else skip(`no nf_tables here: ${reason}`);
