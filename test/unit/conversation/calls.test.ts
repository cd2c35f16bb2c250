import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { AbortError, ClosedError, EncodeError, SystemError, TimeoutError } from '../../../src/errors.ts';
import { errno } from '../../../src/errno.ts';
import { ack, kernel, NEW, reply, script, table, talk, type Script } from './scripted.ts';

const failure = (promise: Promise<unknown>): Promise<any> => promise.then(() => assert.unreachable('must be refused'), (error) => error);
const silent = (): Script => script(() => []);

test('no answer within the time is a TimeoutError; the answer may come late', async () => {
  const transport = silent(), nl = talk(transport, { timeout: 20 });
  const error = await failure(nl.thing.get(1));
  assert.instance(error, TimeoutError);
  assert.equal([error.code, error.message], ['ERR_TIMEOUT', 'thing.get had no answer within 20 ms']);
  assert.not.ok(transport.watching, 'nobody waits any more');
  const next = nl.thing.get(2);
  transport.push(reply(1, { index: 1 }), reply(2, { index: 2 }));
  assert.equal(await next, { index: 2 });
  assert.is(nl.counters.strays, 1);
});

test('the same, synchronously', () => {
  const transport = silent(), nl = talk(transport);
  assert.throws(() => nl.with({ timeout: 50 }).sync.thing.get(1), (error: Error) => error instanceof TimeoutError);
  assert.ok(transport.waits > 0);
});

test('a call waits synchronously for an answer that is late', () => {
  const transport = silent();
  const nl = talk(Object.assign(transport, { wait() {
    transport.push(reply(1, { index: 1 }));
    return true;
  } }));
  assert.equal(nl.sync.thing.get(1), { index: 1 });
});

test('a signal that fired already sends nothing', async () => {
  const transport = silent(), nl = talk(transport), signal = AbortSignal.abort('why');
  const error = await failure(nl.with({ signal }).thing.get(1));
  assert.instance(error, AbortError);
  assert.equal([error.name, error.code, error.cause], ['AbortError', 'ABORT_ERR', 'why']);
  assert.throws(() => nl.with({ signal }).sync.thing.get(1), (error: Error) => error instanceof AbortError);
  assert.instance(await failure(nl.with({ signal }).batch((b) => [b.thing.add({})])), AbortError);
  assert.is(transport.sends, 0);
});

test('a signal ends what waits', async () => {
  const transport = silent(), nl = talk(transport), controller = new AbortController();
  const waiting = failure(nl.with({ signal: controller.signal }).thing.get(1)), other = nl.thing.get(2);
  controller.abort();
  assert.instance(await waiting, AbortError);
  transport.push(reply(2, { index: 2 }));
  assert.equal(await other, { index: 2 });
});

test('a signal between two steps ends the operation', async () => {
  const controller = new AbortController();
  const transport = script(({ sequence, type }) => {
    if (type !== NEW) controller.abort();
    return [type === NEW ? ack(sequence) : reply(sequence, { index: 1 })];
  });
  assert.instance(await failure(talk(transport).with({ signal: controller.signal }).thing.grow(1)), AbortError);
  assert.is(transport.sends, 1);
});

test('a signal ends a batch at once, all of it', async () => {
  const transport = silent(), nl = talk(transport), controller = new AbortController();
  const started = performance.now();
  const batch = failure(nl.with({ signal: controller.signal }).batch((b) => [b.thing.add({}), b.thing.add({}), b.thing.get(1)]));
  setTimeout(() => controller.abort(), 5);
  const error = await batch;
  assert.is(error.code, 'ERR_BATCH');
  assert.equal(error.failures.map((failure: any) => failure.error.code), ['ABORT_ERR', 'ABORT_ERR', 'ABORT_ERR']);
  assert.ok(performance.now() - started < 2000);
});

test('close() settles all: the sent, the queued and those in a batch', async () => {
  const transport = silent(), nl = talk(transport);
  const waiting = [nl.thing.get(1), nl.thing.list(), nl.thing.list(), nl.thing.grow(1), nl.batch((b) => [b.thing.add({}), b.thing.add({})])].map(failure);
  nl.close();
  nl.close();
  const errors = await Promise.all(waiting);
  assert.equal(errors.map(({ code }) => code), ['ERR_CLOSED', 'ERR_CLOSED', 'ERR_CLOSED', 'ERR_CLOSED', 'ERR_BATCH']);
  assert.equal(errors[4].failures.map((failure: any) => failure.error.code), ['ERR_CLOSED', 'ERR_CLOSED']);
  assert.ok(transport.closed);
  assert.not.ok(transport.watching);
});

test('a closed connection refuses', async () => {
  const nl = talk(silent());
  {
    using _ = nl;
  }
  assert.instance(await failure(nl.thing.get(1)), ClosedError);
  assert.throws(() => nl.sync.thing.get(1), (error: Error) => error instanceof ClosedError);
  await failure(nl.batch((b) => [b.thing.add({})]));
});

test('a synchronous call in the midst of asynchronous ones settles those too, if their answers come', async () => {
  const transport = silent(), nl = talk(transport);
  const first = nl.thing.get(1), second = nl.thing.get(2);
  transport.push(reply(1, { index: 1 }), reply(3, { index: 3 }));
  assert.equal(nl.sync.thing.get(3), { index: 3 });
  assert.equal(await first, { index: 1 });
  transport.push(reply(2, { index: 2 }));
  assert.equal(await second, { index: 2 });
});

test('a synchronous dump waits for the one that runs', async () => {
  const transport = script(({ sequence }) => sequence === 1 ? [] : table(sequence, [{ index: 2 }])), nl = talk(transport);
  const first = nl.thing.list();
  transport.push(...table(1, [{ index: 1 }]));
  assert.equal(nl.sync.thing.list(), [{ index: 2 }]);
  assert.equal(await first, [{ index: 1 }]);
});

test('what cannot be encoded is refused before anything is sent', async () => {
  const transport = silent(), nl = talk(transport);
  const error = await failure(nl.thing.add({ index: 1, options: { depth: -1 } }));
  assert.instance(error, EncodeError);
  assert.is(error.field, 'options.depth');
  assert.is((await failure(nl.thing.add({ nonsense: 1 }))).code, 'ERR_ENCODE');
  assert.is(transport.sends, 0);
});

test('a send that fails is the error of its call alone', async () => {
  const transport = script(kernel([1])), { send } = transport;
  let fails = true;
  const nl = talk(Object.assign(transport, { send(bytes: Uint8Array) {
    if (fails) throw new SystemError('send', -errno.ENOBUFS);
    send(bytes);
  } }));
  const error = await failure(nl.thing.list());
  assert.instance(error, SystemError);
  fails = false;
  assert.is((await nl.thing.list()).length, 1, 'its place is free again');
});

test('a transport that fails while the event loop waits takes all that waits with it', async () => {
  const transport = silent(), { receive } = transport;
  let fails = false;
  const nl = talk(Object.assign(transport, { receive(datagram: Parameters<Script['receive']>[0]) {
    if (fails) throw new SystemError('recv', -errno.EIO);
    return receive(datagram);
  } }));
  const waiting = [nl.thing.get(1), nl.thing.list(), nl.thing.list()].map(failure);
  fails = true;
  transport.push(new Uint8Array(0));
  const codes = (await Promise.all(waiting)).map(({ code }) => code);
  assert.equal(codes, ['EIO', 'EIO', 'EIO']);
});

test('an error has the stack of its caller, whether it waited or not', async () => {
  const late = silent(), nl = talk(late);
  const waited = failure(nl.thing.get(1));
  late.push(ack(1, errno.ENODEV));
  assert.match((await waited).stack, /calls\.test\.ts/);
  assert.match((await failure(talk(script(kernel([]))).thing.grow(1))).stack, /calls\.test\.ts/);
  try {
    talk(script(kernel([]))).sync.thing.get(1);
  } catch (error) {
    assert.match((error as Error).stack!, /calls\.test\.ts/);
  }
});

test('descriptors of namespaces live as long as their operation', async () => {
  const transport = silent(), nl = talk(transport);
  assert.is(await nl.thing.inNamespace('/run/netns/blue'), 41);
  assert.is(nl.sync.thing.inNamespace('/run/netns/red'), 42);
  assert.equal(await nl.batch((b) => [b.thing.inNamespace('/run/netns/green')]), [43]);
  assert.equal(transport.namespaces, { opened: ['/run/netns/blue', '/run/netns/red', '/run/netns/green'], closed: [41, 42, 43] });
});

test.run();
