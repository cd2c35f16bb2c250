import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { errno } from '../../../src/errno.ts';
import { AbortError, DecodeError, DumpInterruptedError, TimeoutError } from '../../../src/errors.ts';
import { NLM_F } from '../../../src/wire/header.ts';
import { ack, finish, GET, kernel, reply, script, table, talk, type Request, type Script } from './scripted.ts';

const isDump = ({ type, flags }: Request): boolean => type === GET && (flags & NLM_F.DUMP) !== 0;
const three = [{ index: 1 }, { index: 2 }, { index: 3 }];
const failure = (promise: Promise<unknown>): Promise<any> => promise.then(() => assert.unreachable('must be refused'), (error) => error);

/** A kernel that answers later, and refuses a dump while another one runs, as the real one does. */
function slow(indexes: readonly number[]): Script & { readonly most: number } {
  let running = 0, most = 0;
  const answer = kernel(indexes);
  const transport = script((request) => {
    if (isDump(request)) {
      if (running > 0) return [ack(request.sequence, errno.EBUSY)];
      most = Math.max(most, ++running);
    }
    const replies = answer(request);
    setTimeout(() => {
      if (isDump(request)) running--;
      transport.push(...replies);
    }, (request.sequence * 7) % 5);
    return [];
  });
  return Object.defineProperties(transport, { most: { get: () => most } }) as Script & { most: number };
}

test('a dump gives all parts; many messages in one datagram are parts too', async () => {
  const nl = talk(script(({ sequence }) => {
    const parts = table(sequence, three);
    return [new Uint8Array(Buffer.concat([parts[0]!, parts[1]!])), parts[2]!, parts[3]!];
  }));
  assert.equal(await nl.thing.list(), three);
  assert.equal(await nl.thing.list(({ index }) => index > 1), three.slice(1));
  assert.equal(nl.sync.thing.list(), three);
});

test('an empty table is an empty list', async () => {
  assert.equal(await talk(script(({ sequence }) => [finish(sequence)])).thing.list(), []);
});

test('a long list is whole and in order wherever its parts end, and a try that was interrupted leaves nothing in it', async () => {
  const of = (length: number) => Array.from({ length }, (_, index) => ({ index }));
  for (const length of [1023, 1024, 1025, 2048, 5000]) {
    let tries = 0;
    const first = talk(script(({ sequence }) => ++tries % 2 === 1 ? table(sequence, of(3000), NLM_F.DUMP_INTR) : table(sequence, of(length))));
    assert.equal(first.sync.thing.list(), of(length));
    assert.equal(await first.thing.list(), of(length));
    const never = talk(script(({ sequence }) => table(sequence, of(length), NLM_F.DUMP_INTR)));
    assert.equal((await failure(never.thing.list())).partial, of(length));
  }
});

test('a dump is refused by an error, at its start or in its last message', async () => {
  const start = talk(script(({ sequence }) => [ack(sequence, errno.EINVAL, { 1: 'no such filter' })]));
  assert.is((await failure(start.thing.list())).text, 'no such filter');
  const end = talk(script(({ sequence }) => [reply(sequence, { index: 1 }, NLM_F.MULTI), finish(sequence, errno.ENOMEM, 0, { 1: 'too many' })]));
  const error = await failure(end.thing.list());
  assert.equal([error.code, error.text], ['ENOMEM', 'too many']);
});

test('200 calls of mixed kinds at the same time, dumps among them', async () => {
  const transport = slow([1, 2, 3]), nl = talk(transport);
  const calls = Array.from({ length: 200 }, (_, i) => [
    () => nl.thing.get(1 + i % 3).then(({ index, size }) => assert.equal([index, size], [1 + i % 3, 10 * (1 + i % 3)])),
    () => nl.thing.list().then((all) => assert.equal(all.map(({ index }) => index), [1, 2, 3])),
    () => nl.thing.add({ index: i }).then((result) => assert.is(result, undefined)),
    () => failure(nl.thing.get(99)).then((error) => assert.is(error.code, 'ENODEV')),
    () => nl.thing.grow(2),
    () => nl.batch((b) => [b.thing.add({ index: 1 }), b.thing.get(3)]).then(([, got]) => assert.is(got!.size, 30)),
  ][i % 6]!());
  await Promise.all(calls);
  assert.is(transport.most, 1, 'one dump at a time');
  assert.is(nl.counters.strays, 0);
  assert.not.ok(transport.watching);
});

test('an interrupted dump is asked for again', async () => {
  let tries = 0;
  const transport = script(({ sequence }) => ++tries < 3 ? table(sequence, [{ index: 9 }], NLM_F.DUMP_INTR) : table(sequence, three));
  const nl = talk(transport);
  assert.equal(await nl.thing.list(), three);
  assert.is(nl.counters.interruptions, 2);
  assert.equal(transport.requests.map(({ sequence }) => sequence), [1, 2, 3]);
});

test('DONE alone may tell of the interruption', async () => {
  let tries = 0;
  const nl = talk(script(({ sequence }) => [reply(sequence, { index: ++tries }, NLM_F.MULTI), finish(sequence, 0, tries === 1 ? NLM_F.DUMP_INTR : 0)]));
  assert.equal(nl.sync.thing.list(), [{ index: 2 }]);
});

test('a dump that is interrupted each time is an error with what the last try gave', async () => {
  const transport = script(({ sequence }) => table(sequence, three, NLM_F.DUMP_INTR)), nl = talk(transport);
  for (const error of [await failure(nl.thing.list()), await failure(Promise.resolve().then(() => nl.sync.thing.list()))]) {
    assert.instance(error, DumpInterruptedError);
    assert.is(error.code, 'ERR_DUMP_INTERRUPTED');
    assert.equal(error.partial, three);
  }
  assert.is(transport.sends, 10);
  assert.is(nl.counters.interruptions, 10);
});

test('an interrupted dump is not asked for again after its deadline', async () => {
  const transport = script(({ sequence }) => table(sequence, three, NLM_F.DUMP_INTR)), nl = talk(transport);
  assert.instance(await failure(nl.with({ timeout: 0 }).thing.list()), DumpInterruptedError);
  assert.is(transport.sends, 1);
});

test('a dump goes on after ENOBUFS', async () => {
  const nl = talk(script(({ sequence }) => {
    const [first, ...rest] = table(sequence, three);
    return [first!, -errno.ENOBUFS, ...rest];
  }));
  assert.equal(await nl.thing.list(), three);
  assert.is(nl.counters.overruns, 1);
});

test('a dump that is given up keeps its place until the kernel has ended it', async () => {
  let ended = false;
  const transport = script(({ sequence }) => sequence === 1 ? [] : ended ? table(sequence, three) : [ack(sequence, errno.EBUSY)]), nl = talk(transport);
  assert.instance(await failure(nl.with({ timeout: 5 }).thing.list()), TimeoutError);
  assert.instance(await failure(nl.with({ timeout: 5 }).thing.list()), TimeoutError, 'the kernel has the first one still');
  const next = [nl.thing.list(), nl.thing.list()], sends = transport.sends;
  await new Promise((resolve) => setTimeout(resolve, 5));
  assert.is(transport.sends, sends, 'they wait');
  ended = true;
  transport.push(...table(1, [{ index: 66 }]));
  assert.equal(await Promise.all(next), [three, three]);
  assert.is(nl.counters.strays, 0);
});

test('a dump that is given up may end by a refusal, which is nobody\'s any more', async () => {
  let ended = false;
  const transport = script(({ sequence }) => sequence === 1 ? [] : ended ? table(sequence, three) : [ack(sequence, errno.EBUSY)]), nl = talk(transport);
  const error = await failure(nl.with({ timeout: 5 }).thing.list()), next = nl.thing.list();
  await new Promise((resolve) => setTimeout(resolve, 5));
  ended = true;
  transport.push(ack(1, errno.ENODEV));
  assert.equal(await next, three);
  assert.instance(error, TimeoutError);
  assert.is(nl.counters.strays, 0);
});

test('a dump that is given up and never answered costs nobody anything', async () => {
  for (const end of ['timeout', 'abort', 'stream'] as const) {
    const transport = script(({ sequence }) => sequence === 1 ? [] : table(sequence, three)), nl = talk(transport);
    const controller = new AbortController();
    const first = end === 'stream' ? failure(nl.with({ timeout: 5 }).thing.stream().next())
      : failure(nl.with(end === 'abort' ? { signal: controller.signal } : { timeout: 5 }).thing.list());
    while (transport.sends === 0) await new Promise(setImmediate); // a stream asks in a later turn
    const behind = [nl.with({ timeout: Infinity }).thing.list(), nl.with({ timeout: Infinity }).thing.list()];
    assert.is(transport.sends, 1, 'they wait while it may be answered');
    controller.abort();
    assert.ok(['ERR_TIMEOUT', 'ABORT_ERR'].includes((await first).code), end);
    assert.equal(await Promise.all(behind), [three, three], end);
    transport.push(...table(1, [{ index: 66 }])); // what comes of it after all is nobody's
    assert.equal(await nl.thing.list(), three);
    assert.equal(nl.sync.thing.list(), three);
    assert.not.ok(transport.watching);
  }
});

test('of dumps that are never answered each is given up by itself, and the next one is', async () => {
  const transport = script(({ sequence }) => sequence < 5 ? [] : table(sequence, three)), nl = talk(transport);
  for (let sequence = 1; sequence < 5; sequence++) assert.instance(await failure(nl.with({ timeout: 2 }).thing.list()), TimeoutError);
  assert.is(transport.sends, 4);
  assert.equal(await nl.thing.list(), three);
});

test('EBUSY that has no dump before it is a refusal; where that has ended by then, the next is asked for again', async () => {
  assert.is((await failure(talk(script(({ sequence }) => [ack(sequence, errno.EBUSY)])).thing.list())).code, 'EBUSY');
  const transport = script(({ sequence }) => sequence === 1 ? [] : sequence === 2 ? [...table(1, three), ack(2, errno.EBUSY)] : table(sequence, three));
  const nl = talk(transport);
  assert.instance(await failure(nl.with({ timeout: 2 }).thing.list()), TimeoutError);
  assert.equal(await nl.thing.list(), three);
  assert.is(transport.sends, 3);
});

test('a dump that waits for its turn can be given up', async () => {
  const transport = script(({ sequence }) => sequence === 1 ? [] : table(sequence, three)), nl = talk(transport);
  const first = nl.thing.list(), controller = new AbortController();
  const second = failure(nl.with({ signal: controller.signal }).thing.list()), third = failure(nl.with({ timeout: 5 }).thing.list());
  controller.abort(new Error('enough'));
  assert.instance(await second, AbortError);
  assert.instance(await third, TimeoutError);
  transport.push(...table(1, three));
  assert.equal(await first, three);
  assert.is(transport.sends, 1, 'those given up are never sent');
});

test('after a corrupt datagram the rest of a dump is out of the way before the next', async () => {
  let count = 0;
  const transport: Script = script((request) => {
    if (transport.unread > 0) return [ack(request.sequence, errno.EBUSY)];
    const parts = table(request.sequence, three);
    return count++ === 0 ? [parts[0]!.subarray(0, 17), ...parts.slice(1)] : parts;
  });
  const nl = talk(transport);
  const [first, second] = await Promise.all([failure(nl.thing.list()), nl.thing.list().catch((error) => error)]);
  assert.instance(first, DecodeError);
  assert.equal(second, three);
});

test('a gentle dump lets the event loop run', async () => {
  const transport = script(({ sequence }) => table(sequence, Array.from({ length: 400 }, (_, index) => ({ index }))));
  const { receive } = transport;
  let turns = 0, running = true;
  const nl = talk(Object.assign(transport, {
    receive(datagram: Parameters<Script['receive']>[0]) {
      const until = performance.now() + 0.2;
      while (performance.now() < until);
      return receive(datagram);
    },
  }));
  const count = (): void => {
    turns++;
    if (running) setImmediate(count);
  };
  setImmediate(count);
  const all = await nl.with({ gentle: true }).thing.list();
  running = false;
  assert.is(all.length, 400);
  assert.ok(turns >= 3, `${turns} turns in about 80 ms`);
});

test.run();
