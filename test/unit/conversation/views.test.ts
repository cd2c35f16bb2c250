import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ArgumentError, DumpInterruptedError, KernelError, TimeoutError } from '../../../src/errors.ts';
import { errno } from '../../../src/errno.ts';
import { NLM_F } from '../../../src/wire/header.ts';
import { bindable } from '../../../src/conversation/bindable.ts';
import { clients } from '../../../src/conversation/client.ts';
import { Connection } from '../../../src/conversation/connection.ts';
import { done, type Steps } from '../../../src/conversation/operation.ts';
import { ack, finish, kernel, reply, script, table, talk, things, type Thing } from './scripted.ts';

const three = [{ index: 1, size: 10 }, { index: 2 }, { index: 3, size: 30, name: 'c' }];
const failure = (promise: Promise<unknown>): Promise<any> => promise.then(() => assert.unreachable('must be refused'), (error) => error);

async function gather<T>(chunks: AsyncIterable<T[]> | Iterable<T[]>): Promise<T[][]> {
  const all: T[][] = [];
  for await (const chunk of chunks) all.push(chunk);
  return all;
}

test('fields of a list, and columns of them, are those of the list', async () => {
  const nl = talk(script(({ sequence }) => table(sequence, three)));
  for (const pass of Array.from({ length: 20 }, (_, i) => i)) { // later ones by decoders made for them
    assert.equal(nl.sync.thing.select(['size', 'index']), [{ size: 10, index: 1 }, { index: 2 }, { size: 30, index: 3 }], `pass ${pass}`);
    assert.equal(await nl.thing.select(['name'], ({ index }) => index > 1), [{}, { name: 'c' }]);
  }
  const { length, index, size, name } = await nl.thing.columns(['index', 'size', 'name']);
  assert.ok(index instanceof Float64Array && size instanceof Float64Array);
  assert.equal([length, [...index], [...size], name], [3, [1, 2, 3], [10, NaN, 30], [undefined, undefined, 'c']]);
  assert.equal((await nl.batch((b) => [b.thing.select(['size'])]))[0], [{ size: 10 }, {}, { size: 30 }]);
  assert.throws(() => nl.sync.thing.select('size' as never), (error: unknown) => error instanceof ArgumentError);
});

test('columns of a long list are the list, however often it had to be asked for', async () => {
  const long = Array.from({ length: 5000 }, (_, i) => ({ index: i, ...(i % 3 === 0 ? {} : { size: i * 2 }), ...(i % 2 === 0 ? {} : { name: `n${i}` }) }));
  let tries = 0;
  const nl = talk(script(({ sequence }) => (tries++ % 2 === 0 ? table(sequence, long.slice(0, 3000), NLM_F.DUMP_INTR) : table(sequence, long))));
  for (const { length, index, size, name } of [nl.sync.thing.columns(['index', 'size', 'name']), await nl.thing.columns(['index', 'size', 'name'])]) {
    assert.is(length, 5000);
    assert.equal([[...index], [...size], name], [long.map((one) => one.index), long.map((one) => one.size ?? NaN), long.map((one) => one.name)]);
    assert.is(index.buffer.byteLength, 5000 * 8);
  }
  assert.is(nl.sync.thing.columns(['size'], ({ index }) => index >= 2500).length, 2500);
  assert.equal([tries, nl.counters.interruptions], [6, 3]);
});

test('a stream gives what comes, chunk by chunk, filtered as the list is', async () => {
  const nl = talk(script(({ sequence }) => table(sequence, three)));
  assert.equal(await gather(nl.thing.stream()), three.map((one) => [one]));
  assert.equal(await gather(nl.sync.thing.stream()), three.map((one) => [one]));
  assert.equal(await gather(nl.sync.thing.stream(({ index }) => index === 2)), [[three[1]]]);
  assert.equal(await gather(talk(script(({ sequence }) => [finish(sequence)])).thing.stream()), []);
});

test('a list that has nothing to ask is chosen from, turned into columns and streamed as others are', async () => {
  const transport = script(() => []), known = function* (): Steps<Thing[]> { return done(three as Thing[]); };
  const nl = clients(bindable({ thing: { list: known } }))(new Connection(transport, things), {});
  assert.equal(await nl.thing.select(['size']), [{ size: 10 }, {}, { size: 30 }]);
  const { length, index } = nl.sync.thing.columns(['index']);
  assert.equal([length, [...index]], [3, [1, 2, 3]]);
  assert.equal(await gather(nl.thing.stream()), [three]);
  assert.equal(await gather(nl.sync.thing.stream()), [three]);
  assert.is(transport.sends, 0);
});

test('nothing is received before it is wanted, and who stops early leaves the connection usable', async () => {
  const answer = kernel([1, 2, 3]), transport = script(answer), nl = talk(transport);
  for (const chunk of nl.sync.thing.stream()) {
    assert.is(chunk.length, 1);
    assert.ok(transport.unread >= 2, 'the rest is still to be received');
    break;
  }
  assert.is(nl.sync.thing.get(2).index, 2);
  for await (const _ of nl.thing.stream()) break;
  assert.equal((await nl.thing.list()).map(({ index }) => index), [1, 2, 3]);
  assert.is(nl.counters.strays, 0);
});

test('chunks that come later are waited for, and the loop runs meanwhile', async () => {
  let sequence = 0;
  const transport = script((request) => {
    sequence = request.sequence;
    setTimeout(() => transport.push(reply(sequence, { index: 1 }, NLM_F.MULTI)), 5);
    setTimeout(() => transport.push(reply(sequence, { index: 2 }, NLM_F.MULTI), finish(sequence)), 10);
    return [];
  });
  assert.equal((await gather(talk(transport).thing.stream())).flat(), [{ index: 1 }, { index: 2 }]);
  assert.not.ok(transport.watching);
});

test('a refusal, silence and an abort end a stream, behind what came before', async () => {
  const seen: unknown[] = [];
  const reading = async (nl: ReturnType<typeof talk>): Promise<void> => { for await (const chunk of nl.thing.stream()) seen.push(...chunk); };
  const refused = await failure(reading(talk(script(({ sequence }) => [ack(sequence, errno.EPERM)]))));
  assert.instance(refused, KernelError);
  const late = talk(script(({ sequence }) => [reply(sequence, { index: 1 }, NLM_F.MULTI)]));
  assert.instance(await failure(reading(late.with({ timeout: 5 }) as typeof late)), TimeoutError);
  assert.equal(seen, [{ index: 1 }]);
  assert.throws(() => [...late.with({ timeout: 5 }).sync.thing.stream()], (error: unknown) => error instanceof TimeoutError);
  const stop = new AbortController();
  const aborted = failure((async () => {
    for await (const _ of late.with({ signal: stop.signal }).thing.stream()) stop.abort();
  })());
  assert.ok(['ABORT_ERR', 'ERR_TIMEOUT'].includes((await aborted).code));
});

test('a table that changes meanwhile cannot be asked for again once some of it was given', async () => {
  let dumps = 0;
  const nl = talk(script(({ sequence }) => {
    dumps++;
    return [reply(sequence, { index: 1 }, NLM_F.MULTI | NLM_F.DUMP_INTR), finish(sequence)];
  }));
  const seen: unknown[] = [];
  const error = await failure((async () => { for await (const chunk of nl.thing.stream()) seen.push(...chunk); })());
  assert.instance(error, DumpInterruptedError);
  assert.equal([seen, dumps], [[{ index: 1 }], 1]);
});

test.run();
