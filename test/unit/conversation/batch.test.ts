import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { errno } from '../../../src/errno.ts';
import { BatchError } from '../../../src/errors.ts';
import { NLM_F } from '../../../src/wire/header.ts';
import { ack, DEL, GET, kernel, NEW, reply, script, talk } from './scripted.ts';

const failure = (promise: Promise<unknown>): Promise<BatchError> =>
  promise.then(() => assert.unreachable('must be refused') as never, (error) => error);

test('many requests go in one datagram, and only the last asks for an acknowledgement', async () => {
  const transport = script(kernel([1, 2])), nl = talk(transport);
  const result = await nl.batch((b) => [b.thing.add({ index: 5 }), b.thing.delete(1), b.thing.add({ index: 6 })]);
  assert.equal(result, [undefined, undefined, undefined]);
  assert.is(transport.sends, 1);
  assert.equal(transport.requests.map(({ type, flags, sequence }) => [type, (flags & NLM_F.ACK) !== 0, sequence]), [[NEW, false, 1], [DEL, false, 2], [NEW, true, 3]]);
});

test('the result has the shape of what the builder returns', async () => {
  const nl = talk(script(kernel([1, 2])));
  const build = (b: any) => ({ one: b.thing.get(1), rest: [b.thing.get(2), { added: b.thing.add({ index: 3 }) }], note: 'kept', none: null });
  const expected = { one: { index: 1, size: 10 }, rest: [{ index: 2, size: 20 }, { added: undefined }], note: 'kept', none: null };
  assert.equal(await nl.batch(build), expected);
  assert.equal(nl.sync.batch(build), expected);
  assert.equal(await nl.batch((b) => b.thing.get(1)), { index: 1, size: 10 });
  assert.equal(await nl.batch(() => []), []);
});

test('a batch that ends with a question needs no acknowledgement', async () => {
  const transport = script(kernel([1])), nl = talk(transport);
  const [, got] = await nl.batch((b) => [b.thing.add({ index: 2 }), b.thing.get(1)]);
  assert.is(got!.size, 10);
  assert.is(transport.requests.some(({ flags }) => flags & NLM_F.ACK), false);
});

test('each failure is named with its place and its operation, the others are done', async () => {
  const nl = talk(script(kernel([1])));
  const error = await failure(nl.batch((b) => [b.thing.delete(7), b.thing.delete(1), b.thing.get(8), b.thing.get(1), b.thing.delete(9)]));
  assert.instance(error, BatchError);
  assert.equal(error.failures.map(({ index, operation, error }) => [index, operation, (error as any).code]),
    [[0, 'thing.delete', 'ENODEV'], [2, 'thing.get', 'ENODEV'], [4, 'thing.delete', 'ENODEV']]);
  assert.equal(error.results.map((result) => (result as any)?.size), [undefined, undefined, undefined, 10, undefined]);
  assert.is(error.message, '3 of 5 requests failed, the first at 0: thing.delete failed: ENODEV, No such device');
  assert.is(error.cause, error.failures[0]!.error);
});

test('what cannot be encoded fails alone and is not sent', async () => {
  const transport = script(kernel([])), nl = talk(transport);
  const error = await failure(nl.batch((b) => [b.thing.add({ index: 1 }), b.thing.add({ index: -1 }), b.thing.add({ index: 2 })]));
  assert.equal(error.failures.map(({ index, error }) => [index, (error as any).code]), [[1, 'ERR_ENCODE']]);
  assert.equal(transport.requests.map(({ value }) => value.index), [1, 2]);
});

test('datagrams hold no more than refusals fit the receive buffer', async () => {
  const transport = script(kernel([]), { receiveLimit: 16_640 }), nl = talk(transport);
  await nl.batch((b) => Array.from({ length: 25 }, (_, index) => b.thing.add({ index })));
  assert.is(transport.sends, 3);
  assert.is(transport.requests.length, 25);
});

test('datagrams stay within the send limit; one large request goes alone', async () => {
  const sizes: number[] = [];
  const transport = script(kernel([]), { sendLimit: 10_000 }), { send } = transport;
  const nl = talk(Object.assign(transport, { send(bytes: Uint8Array) {
    sizes.push(bytes.length);
    send(bytes);
  } }));
  const name = 'n'.repeat(4000);
  await nl.batch((b) => [...Array.from({ length: 5 }, (_, index) => b.thing.add({ index, name })), b.thing.add({ index: 9, name: 'm'.repeat(9000) })]);
  assert.ok(Math.max(...sizes) <= 10_000, sizes.join(' '));
  assert.is(transport.requests.length, 6);
});

test('a datagram whose answers are lost fails as a whole with ENOBUFS', async () => {
  const transport = script(({ sequence, type }, all) => {
    if (type === GET) return [reply(sequence, { index: 1 })];
    return sequence === all.at(-1)!.sequence ? [-errno.ENOBUFS] : [];
  });
  const nl = talk(transport);
  const error = await failure(nl.batch((b) => [b.thing.add({ index: 1 }), b.thing.add({ index: 2 })]));
  assert.equal(error.failures.map(({ error }) => (error as any).code), ['ENOBUFS', 'ENOBUFS']);
  assert.equal(await nl.thing.get(1), { index: 1 });
});

test('ENOBUFS before the last acknowledgement leaves the others open', async () => {
  const transport = script(({ sequence }, all) => sequence === all.at(-1)!.sequence ? [-errno.ENOBUFS, ack(sequence)] : []);
  const error = await failure(talk(transport).batch((b) => [b.thing.add({ index: 1 }), b.thing.add({ index: 2 })]));
  assert.equal(error.failures.map(({ index, error }) => [index, (error as any).code]), [[0, 'ENOBUFS']]);
});

test('a look-up is asked once, and again after a change', async () => {
  const transport = script(kernel([1, 2])), nl = talk(transport);
  await nl.batch((b) => [b.thing.grow(1), b.thing.grow(1), b.thing.delete(2), b.thing.grow(1)]);
  assert.equal(transport.requests.map(({ type }) => type), [GET, NEW, NEW, DEL, GET, NEW]);
  assert.equal(transport.requests.at(-1)!.value, { index: 1, size: 11 });
});

test('a step that fails fails its operation alone', async () => {
  const error = await failure(talk(script(kernel([1]))).batch((b) => [b.thing.grow(7), b.thing.grow(1)]));
  assert.equal(error.failures.map(({ index, error }) => [index, (error as any).operation, (error as any).code]), [[0, 'thing.grow', 'ENODEV']]);
});

test('a dump in a batch is a list', async () => {
  const [list, , got] = await talk(script(kernel([1, 2]))).batch((b) => [b.thing.list(), b.thing.add({ index: 3 }), b.thing.get(2)]);
  assert.equal(list!.map(({ index }) => index), [1, 2]);
  assert.is(got!.size, 20);
});

test('a thousand requests', async () => {
  const nl = talk(script(kernel(Array.from({ length: 1000 }, (_, i) => i))));
  const got = await nl.batch((b) => Array.from({ length: 1000 }, (_, index) => b.thing.get(index)));
  assert.ok(got.every(({ index, size }, i) => index === i && size === i * 10));
});

test.run();
