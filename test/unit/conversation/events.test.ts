import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { headerSize } from '../../../src/wire/header.ts';
import { errno } from '../../../src/errno.ts';
import { AbortError, DecodeError, SystemError } from '../../../src/errors.ts';
import { eventStream, type EventOptions } from '../../../src/conversation/events.ts';
import { ack, DEL, frame, GET, NEW, reply, script, thing, type Script, type Thing } from './scripted.ts';

type Event = { readonly type: 'new' | 'del'; readonly thing: Thing };
const silent = (): Script => script(() => []);
const listen = (transport: Script, options?: EventOptions) => eventStream<Event>(transport, (m, at, end, type) =>
  type === GET ? undefined : { type: type === DEL ? 'del' : 'new', thing: thing.decode(m, at + headerSize, end) }, options);
const event = (index: number, type = NEW): Uint8Array => reply(0, { index }, 0, type);
const indexes = (events: readonly any[]): unknown[] => events.map((event) => event.thing?.index ?? event.type);

async function take(stream: AsyncIterator<unknown>, count: number): Promise<any[]> {
  const events: unknown[] = [];
  while (events.length < count) events.push((await stream.next()).value);
  return events;
}

test('events come in their order, new and del kept apart; what nobody asked for is left out', async () => {
  const transport = silent(), stream = listen(transport);
  transport.push(event(1), new Uint8Array(Buffer.concat([event(2), event(3, GET), event(1, DEL)])), ack(5));
  assert.equal((await take(stream, 3)).map(({ type, thing }) => [type, thing.index]), [['new', 1], ['new', 2], ['del', 1]]);
  stream.close();
  assert.ok(transport.closed);
});

test('several readers wait in line', async () => {
  const transport = silent(), stream = listen(transport);
  const waiting = [stream.next(), stream.next(), stream.next()];
  transport.push(event(1), event(2));
  assert.equal(indexes([(await waiting[0]!).value, (await waiting[1]!).value]), [1, 2]);
  stream.close();
  assert.equal(await waiting[2], { done: true, value: undefined });
});

test('breaking out of the loop ends the subscription', async () => {
  const transport = silent();
  transport.push(event(1), event(2));
  for await (const found of listen(transport)) {
    assert.is((found as Event).thing.index, 1);
    break;
  }
  assert.ok(transport.closed);
  assert.not.ok(transport.watching);
});

test('what was received before close() is still given out', async () => {
  const transport = silent();
  transport.push(event(1), event(2));
  const stream = listen(transport);
  stream.close();
  assert.equal(indexes(await take(stream, 2)), [1, 2]);
  assert.ok((await stream.next()).done);
});

test('an overrun is an item of the stream', async () => {
  const transport = silent(), stream = listen(transport);
  transport.push(event(1), -errno.ENOBUFS, event(2));
  assert.equal(indexes(await take(stream, 3)), [1, 'overrun', 2]);
  stream.close();
});

test('what cannot be read is an item, and the rest is read', async () => {
  const transport = silent(), stream = listen(transport);
  const short = frame(NEW, 0, 0, (w) => { w.u32(1); w.u32(0xffff_0040); });
  transport.push(event(1), new Uint8Array(Buffer.concat([short, event(2)])), new Uint8Array([1, 2, 3]), event(3));
  const events = await take(stream, 5);
  assert.equal(indexes(events), [1, 'undecodable', 2, 'undecodable', 3]);
  assert.instance(events[1].error, DecodeError);
  assert.equal(events[3].bytes, new Uint8Array([1, 2, 3]));
  stream.close();
});

test('a datagram that does not fit is told, and the next one fits', async () => {
  const transport = silent(), stream = listen(transport);
  transport.push({ bytes: event(1), sender: 0, length: 70_000 }, event(2));
  assert.equal(indexes(await take(stream, 2)), ['undecodable', 2]);
  stream.close();
});

test('strangers are not listened to', async () => {
  const transport = silent(), stream = listen(transport);
  transport.push({ bytes: event(66), sender: 4711 }, event(1));
  assert.equal(indexes(await take(stream, 1)), [1]);
  stream.close();
});

test('a signal ends the stream with an AbortError, after what was received', async () => {
  const transport = silent(), controller = new AbortController(), stream = listen(transport, { signal: controller.signal });
  const waiting = stream.next().catch((error) => error);
  controller.abort('enough');
  const error = await waiting;
  assert.instance(error, AbortError);
  assert.is(error.cause, 'enough');
  assert.ok((await stream.next()).done);
  const late = silent(), before = listen(late, { signal: AbortSignal.abort() });
  assert.instance(await before.next().catch((error) => error), AbortError);
  assert.ok(late.closed);
});

test('a transport that fails ends the stream with its error', async () => {
  const transport = silent(), stream = listen(transport);
  const waiting = stream.next().catch((error) => error);
  Object.assign(transport, { receive() { throw new SystemError('recv', -errno.EIO); } });
  transport.push(event(1));
  assert.is((await waiting).code, 'EIO');
  assert.ok((await stream.next()).done);
});

test('a slow reader leaves the rest in the socket', async () => {
  const transport = silent();
  transport.push(...Array.from({ length: 10 }, (_, i) => event(i)));
  const stream = listen(transport, { highWaterMark: 4 });
  assert.is(transport.unread, 6);
  assert.not.ok(transport.watching);
  assert.equal(indexes(await take(stream, 10)), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  stream.close();
});

test('an error of the reader that is no matter of bytes ends the stream', async () => {
  const transport = silent(), stream = eventStream(transport, () => { throw new Error('a fault of ours'); });
  transport.push(event(1));
  assert.is(await stream.next().then(() => '', (error) => error.message), 'a fault of ours');
  assert.ok(transport.closed);
});

test('throw() ends it with that error, or says that it is closed', async () => {
  for (const [given, code] of [[new SystemError('recv', -errno.EIO), 'EIO'], ['no error', 'ERR_CLOSED']] as const) {
    const transport = silent(), stream = listen(transport);
    assert.is(await stream.throw!(given).then(() => '', (error) => error.code), code);
    assert.ok(transport.closed);
  }
});

test('who wants no reference gets none, and thousands that wait are given in order', async () => {
  const transport = silent(), { watch } = transport;
  let unrefs = 0;
  const stream = listen(Object.assign(transport, { watch: (readable: () => void) => ({ ...watch(readable), unref() { unrefs++; } }) }), { ref: false });
  assert.is(unrefs, 1);
  const count = 3000, waiting = stream.next();
  transport.push(...Array.from({ length: count }, (_, i) => event(i)));
  assert.is(((await waiting).value as Event).thing.index, 0);
  assert.equal(indexes(await take(stream, count - 1)), Array.from({ length: count - 1 }, (_, i) => i + 1));
  stream.close();
});

test('using ends it', async () => {
  const transport = silent();
  {
    using _ = listen(transport);
  }
  assert.ok(transport.closed);
  const other = silent();
  {
    await using _ = listen(other);
  }
  assert.ok(other.closed);
});

test.run();
