import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { concat } from './bytes.ts';
import { errno } from '../../../src/errno.ts';
import { DecodeError, KernelError, OverrunError } from '../../../src/errors.ts';
import { NLM_F, NLMSG } from '../../../src/wire/header.ts';
import { ack, finish, frame, GET, kernel, NEW, reply, script, table, talk } from './scripted.ts';

const failure = (promise: Promise<unknown>): Promise<any> => promise.then(() => assert.unreachable('must be refused'), (error) => error);

test('one message answers a request; numbers start at 1 and go up', async () => {
  const transport = script(kernel([1, 2]));
  const nl = talk(transport);
  assert.equal(await nl.thing.get(2), { index: 2, size: 20 });
  assert.equal(await nl.thing.get(1), { index: 1, size: 10 });
  assert.equal(transport.requests.map(({ sequence, type, flags }) => [sequence, type, flags]), [[1, GET, NLM_F.REQUEST], [2, GET, NLM_F.REQUEST]]);
  assert.not.ok(transport.watching);
});

test('an acknowledgement ends what has no other answer', async () => {
  const transport = script(kernel([1]));
  const nl = talk(transport);
  assert.is(await nl.thing.add({ index: 3, name: 'a' }), undefined);
  assert.is(transport.requests[0]!.flags, NLM_F.REQUEST | NLM_F.CREATE | NLM_F.ACK);
  assert.equal(transport.requests[0]!.value, { index: 3, name: 'a' });
});

test('answers find their callers by number, in whatever order they come', async () => {
  const transport = script(() => []);
  const nl = talk(transport);
  const all = Promise.all([nl.thing.get(1), nl.thing.get(2), nl.thing.add({ index: 3 }), nl.thing.get(4)]);
  transport.push(ack(3), reply(4, { index: 4 }), concat(reply(2, { index: 2 }), reply(1, { index: 1 })));
  assert.equal(await all, [{ index: 1 }, { index: 2 }, undefined, { index: 4 }]);
  assert.not.ok(transport.watching);
});

test('a refusal has the name of the operation, the code and the text of the errno', async () => {
  const error = await failure(talk(script(kernel([]))).thing.get(5));
  assert.instance(error, KernelError);
  assert.is(error.message, 'thing.get failed: ENODEV, No such device');
  assert.equal([error.code, error.errno, error.operation, error.text, error.field], ['ENODEV', 19, 'thing.get', undefined, undefined]);
  assert.match(error.stack, /answers\.test\.ts/);
});

test("the kernel's words and the byte it objects to become a sentence with a field", async () => {
  const value = { index: 1, name: 'abc', options: { depth: 1, width: 2 } };
  const at = (offset: number) => failure(talk(script(({ sequence }) => [ack(sequence, errno.ERANGE, { 1: 'out of range', 2: offset })])).thing.add(value));
  // header 16, struct 4, name 8, nest 4 + 8 + 8
  const width = await at(16 + 4 + 8 + 4 + 8);
  assert.is(width.message, 'thing.add failed: ERANGE, the kernel says "out of range" about options.width (THING_WIDTH)');
  assert.equal([width.field, width.attribute, width.text], ['options.width', 'THING_WIDTH', 'out of range']);
  assert.is((await at(16 + 4)).field, 'name');
  assert.is((await at(16)).field, 'index');
  assert.is((await at(16 + 4 + 8)).field, 'options');
  assert.is((await at(4096)).field, undefined);
});

test('a missing attribute is named, at the top and in a nest', async () => {
  const value = { index: 1, options: { depth: 1 } };
  const missing = (tlvs: { [number: number]: number }) =>
    failure(talk(script(({ sequence }) => [ack(sequence, errno.EINVAL, tlvs)])).thing.add(value));
  assert.is((await missing({ 5: 1 })).missing, 'name (THING_NAME)');
  assert.is((await missing({ 5: 2, 6: 16 + 4 })).missing, 'options.width (THING_WIDTH)');
  assert.match((await missing({ 5: 1 })).message, /; name \(THING_NAME\) is missing$/);
  assert.is((await missing({ 5: 99 })).missing, undefined);
});

test('an answer that is not capped repeats the request before its attributes', async () => {
  const transport = script(({ sequence, bytes }) => {
    const plain = frame(NLMSG.ERROR, NLM_F.ACK_TLVS, sequence, (w) => {
      w.u32(-errno.EPERM >>> 0);
      w.bytes(bytes);
      w.align();
      const start = w.open(1);
      w.bytes(Buffer.from('no\0'));
      w.close(start);
    });
    return [plain];
  });
  const error = await failure(talk(transport).thing.add({ index: 1, name: 'some name' }));
  assert.equal([error.code, error.text], ['EPERM', 'no']);
});

test('a positive errno is taken as well', async () => {
  const error = await failure(talk(script(({ sequence }) => [ack(sequence, -errno.EBUSY)])).thing.get(1));
  assert.is(error.code, 'EBUSY');
});

test('an errno without a name keeps its number', async () => {
  const error = await failure(talk(script(({ sequence }) => [ack(sequence, 3999)])).thing.get(1));
  assert.is(error.code, 'E3999');
});

test('an error message too short for an errno is a DecodeError', async () => {
  const error = await failure(talk(script(({ sequence }) => [frame(NLMSG.ERROR, 0, sequence)])).thing.get(1));
  assert.is(error.code, 'ERR_DECODE');
});

test('warnings on success are handed on, also those of a dump', async () => {
  const warnings: string[] = [];
  const transport = script(({ sequence, flags }) => flags & NLM_F.DUMP ? [finish(sequence, 0, 0, { 1: 'old' })] : [ack(sequence, 0, { 1: 'odd' })]);
  const nl = talk(transport, { onWarning: (warning) => warnings.push(warning) });
  await nl.thing.add({ index: 1 });
  await nl.thing.list();
  assert.equal(warnings, ['thing.add: the kernel warns "odd"', 'thing.list: the kernel warns "old"']);
});

test('what does not come from the kernel is dropped and counted', async () => {
  const transport = script(({ sequence }) => [
    { bytes: ack(sequence, errno.EPERM), sender: 4711 }, { bytes: reply(sequence, { index: 66 }), sender: 1 }, reply(sequence, { index: 1 }),
  ]);
  const nl = talk(transport);
  assert.equal(await nl.thing.get(1), { index: 1 });
  assert.is(nl.counters.strangers, 2);
});

test('answers that nobody waits for are counted', async () => {
  const transport = script(({ sequence }) => [reply(sequence + 1000, { index: 9 }), reply(0, { index: 8 }), reply(sequence, { index: 1 })]);
  const nl = talk(transport);
  assert.equal(await nl.thing.get(1), { index: 1 });
  assert.is(nl.counters.strays, 2);
});

test('ENOBUFS fails what was not answered, and only that', async () => {
  const transport = script(({ sequence, value }) => value.index === 1 ? [] : value.index === 2 ? [-errno.ENOBUFS] : [reply(sequence, { index: 3 })]);
  const nl = talk(transport);
  const first = nl.thing.get(1).catch((error) => error), second = nl.thing.get(2).catch((error) => error);
  assert.instance(await first, OverrunError);
  assert.instance(await second, OverrunError);
  assert.is((await second).code, 'ENOBUFS');
  assert.equal(await nl.thing.get(3), { index: 3 });
  assert.is(nl.counters.overruns, 1);
});

test('an answer behind ENOBUFS still counts', async () => {
  const nl = talk(script(({ sequence }) => [-errno.ENOBUFS, reply(sequence, { index: 1 })]));
  assert.equal(await nl.thing.get(1), { index: 1 });
});

test('NLMSG_OVERRUN is the same', async () => {
  const nl = talk(script(({ sequence }) => [frame(NLMSG.OVERRUN, 0, sequence)]));
  assert.instance(await failure(nl.thing.get(1)), OverrunError);
});

test('NLMSG_NOOP says nothing', async () => {
  const nl = talk(script(({ sequence }) => [concat(frame(NLMSG.NOOP, 0, sequence), reply(sequence, { index: 1 }))]));
  assert.equal(await nl.thing.get(1), { index: 1 });
});

test('a datagram that does not fit is asked for again with room enough', async () => {
  const name = 'x'.repeat(300);
  const transport = script(({ sequence }) => [reply(sequence, { index: 1, name })]);
  const nl = talk(transport, { buffer: 64 });
  assert.equal(await nl.thing.get(1), { index: 1, name });
  assert.is(transport.sends, 2);
  await nl.thing.get(1);
  assert.is(transport.sends, 3, 'the buffer stays large');
});

test('a dump with a datagram that does not fit is read to its end and asked for again', async () => {
  const values = [{ index: 1 }, { index: 2, name: 'y'.repeat(500) }, { index: 3 }];
  const transport = script(({ sequence }) => table(sequence, values));
  const nl = talk(transport, { buffer: 64 });
  assert.equal(await nl.thing.list(), values);
  assert.is(transport.sends, 2);
});

test('bytes that are no message are a DecodeError, and the connection stays usable', async () => {
  let broken = true;
  const whole = (sequence: number) => reply(sequence, { index: 1 });
  for (const cut of [(bytes: Uint8Array) => bytes.subarray(0, 18), (bytes: Uint8Array) => concat(bytes.subarray(0, 0), new Uint8Array(20)), () => new Uint8Array(7)]) {
    broken = true;
    const nl = talk(script(({ sequence }) => broken ? [cut(whole(sequence))] : [whole(sequence)]));
    assert.instance(await failure(nl.thing.get(1)), DecodeError);
    broken = false;
    assert.equal(await nl.thing.get(1), { index: 1 });
  }
});

test('an empty datagram says nothing', async () => {
  const nl = talk(script(({ sequence }) => [new Uint8Array(0), reply(sequence, { index: 1 })]));
  assert.equal(await nl.thing.get(1), { index: 1 });
});

test('what cannot be read fails its call alone', async () => {
  const nl = talk(script(({ sequence, type }) => type === NEW ? [ack(sequence)] : [reply(sequence, { index: 7 })]));
  const [odd, good] = await Promise.all([nl.thing.odd().catch((error) => error), nl.thing.get(7)]);
  assert.is(odd.message, 'cannot read');
  assert.equal(good, { index: 7 });
  await nl.thing.add({ index: 1 });
});

test('the trace shows both ways, with the command', async () => {
  const lines: string[] = [];
  const nl = talk(script(kernel([1])));
  nl.trace = (text) => lines.push(text);
  await nl.thing.add({ index: 3, name: 'a' });
  nl.trace = false;
  await nl.thing.get(1);
  assert.is(lines.length, 2);
  assert.match(lines[0]!, /^> thing\.add {3}# thing add\n> TEST_NEW 28 bytes, REQUEST\|ACK\|CREATE, sequence 1/);
  assert.match(lines[0]!, /THING_NAME name "a"/);
  assert.match(lines[1]!, /^< NLMSG_ERROR 36 bytes, CAPPED, sequence 1, port 99/);
});

test.run();
