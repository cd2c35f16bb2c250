import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { errno } from '../../../src/errno.ts';
import { SystemError } from '../../../src/errors.ts';
import { eventStream } from '../../../src/conversation/events.ts';
import { openRoute } from '../../../src/open.ts';
import { fakeKernel } from '../../../src/testing/index.ts';
import { NLM_F } from '../../../src/wire/header.ts';
import { finish, kernel, reply, script, talk, type Script } from './scripted.ts';

// What is lacking beneath a connection, memory or descriptors, is an error of the call that wanted it, and the connection goes on.

const code = (promise: Promise<unknown>): Promise<string> => promise.then(() => 'done', (error) => error.code);
/** More than any machine has: V8 refuses at once. */
const endless = 2 ** 45;

/** As long as `lacks` says so, nobody can be told what becomes readable. */
function withoutDescriptors(transport: Script): { transport: Script; lacks: boolean } {
  const { watch } = transport, state = { transport, lacks: true };
  Object.assign(transport, { watch(readable: () => void) {
    if (state.lacks) throw new SystemError('epoll_create1', -errno.EMFILE);
    return watch(readable);
  } });
  return state;
}

test('an answer for which there is no memory fails its call; another has room', async () => {
  let large = true;
  const transport = script(({ sequence, flags }) => {
    const bytes = reply(sequence, { index: 1 }, flags & NLM_F.DUMP ? NLM_F.MULTI : 0);
    const first = large ? { bytes, sender: 0, length: endless } : bytes;
    return flags & NLM_F.DUMP ? [first, reply(sequence, { index: 2 }, NLM_F.MULTI), finish(sequence)] : [first];
  });
  const nl = talk(transport);
  assert.is(await code(nl.thing.get(1)), 'ENOMEM');
  assert.throws(() => nl.sync.thing.get(1), (error: SystemError) => error.code === 'ENOMEM' && error.message.startsWith(`malloc of ${endless * 2} bytes failed: ENOMEM`));
  assert.is(await code(nl.thing.list()), 'ENOMEM');
  assert.is(transport.unread, 0, 'what is left of the table is read and dropped');
  large = false;
  assert.equal((await Promise.all([nl.thing.list(), nl.thing.list()])).map(({ length }) => length), [2, 2]);
  assert.is(nl.counters.strays, 0);
});

test('an event for which there is no memory ends the stream, and its socket is closed', async () => {
  const transport = script(() => []), stream = eventStream(transport, () => 'event');
  transport.push({ bytes: reply(0, { index: 1 }), sender: 0, length: endless });
  assert.is((await stream.next()).value.type, 'undecodable');
  assert.is(await code(stream.next()), 'ENOMEM');
  assert.ok(transport.closed);
  assert.ok((await stream.next()).done);
});

test('without a descriptor to wait by, calls that must wait fail; those that need not do not', async () => {
  const late = withoutDescriptors(script(() => [])), nl = talk(late.transport);
  assert.is(await code(nl.thing.get(1)), 'EMFILE');
  assert.is(await code((async () => { for await (const _ of nl.thing.stream()); })()), 'EMFILE');
  late.transport.push(finish(2));
  late.lacks = false;
  const waiting = nl.thing.get(7);
  late.transport.push(reply(3, { index: 7 }));
  assert.equal(await waiting, { index: 7 });
  assert.not.ok(late.transport.watching, 'nobody waits any more');
  const { transport } = withoutDescriptors(script(kernel([1])));
  assert.is((await talk(transport).thing.get(1)).index, 1);
});

test('without a descriptor to wait by, events are refused and their socket is closed', async () => {
  const { transport } = withoutDescriptors(script(() => [])), stream = eventStream(transport, () => undefined);
  assert.is(await code(stream.next()), 'EMFILE');
  assert.ok(transport.closed);
});

test('without a descriptor to wait by, a mirror is refused, and one that cannot go on ends', async () => {
  const fake = fakeKernel();
  let lacks = true;
  const nl = openRoute({ transport: (options) => {
    const transport = fake.open(options), { watch } = transport;
    return { ...transport, watch(readable) {
      const watcher = watch(readable);
      return { ...watcher, start() {
        if (lacks) throw new SystemError('epoll_create1', -errno.EMFILE);
        watcher.start();
      } };
    } };
  } });
  assert.is(await code(nl.watch({ links: true })), 'EMFILE');
  assert.is(fake.sockets, 1, 'that of the connection');
  lacks = false;
  const mirror = await nl.watch({ links: true }, { coalesce: false, highWaterMark: 1 });
  await nl.link.add({ name: 'br0', kind: 'bridge' });
  await nl.link.up('br0');
  await new Promise((resolve) => setTimeout(resolve, 20));
  lacks = true;
  assert.is((await mirror.next()).value!.action, 'new');
  assert.is(await code(mirror.next()), 'EMFILE');
  assert.ok((await mirror.next()).done);
  assert.is(fake.sockets, 1);
  nl.close();
});

test('a socket that fails while it is read or waited for fails the call, a batch too, whose namespaces are closed', async () => {
  for (const part of ['receive', 'wait'] as const) {
    const transport = script(() => []), nl = talk(transport), works = transport[part];
    const fail = (): void => void Object.assign(transport, { [part]() { throw new SystemError('recv', -errno.EIO); } });
    fail();
    assert.throws(() => nl.sync.thing.get(1), (error: SystemError) => error.code === 'EIO');
    assert.throws(() => [...nl.sync.thing.stream()], (error: SystemError) => error.code === 'EIO');
    assert.throws(() => nl.sync.batch((b) => [b.thing.inNamespace('/run/netns/blue'), b.thing.add({ index: 1 })]),
      (error: any) => error.code === 'ERR_BATCH' && error.failures.length === 1 && error.failures[0].error.code === 'EIO');
    assert.equal(transport.namespaces.closed, [41]);
    Object.assign(transport, { [part]: works });
    const next = nl.thing.get(8);
    transport.push(reply(4, { index: 8 }));
    assert.equal(await next, { index: 8 });
  }
});

test.run();
