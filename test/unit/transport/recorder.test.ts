import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { allocate } from '../../../src/bytes/memory.ts';
import { errno } from '../../../src/errno.ts';
import { SystemError } from '../../../src/errors.ts';
import { annotateTape, parseTape, record, replay, TapeError } from '../../../src/testing/index.ts';
import { reply, script, type Script } from '../conversation/scripted.ts';

const bytes = reply(7, { index: 1 });
const datagram = { memory: allocate(256), sender: 0 };
/** What a socket fails with, once it is asked to. */
const failing = (transport: Script, part: keyof Script, error: Error): Script => Object.assign(transport, { [part]() { throw error; } });
const code = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    return (error as { code?: string; message: string }).code ?? (error as Error).message;
  }
  return 'done';
};

test('all that can happen to a socket is written down, and happens again when it is played', () => {
  const io = (call: string): SystemError => new SystemError(call, -errno.EIO), tape = record({ title: 'odd', comments: ['first', '', 'last'] });
  const inner = script(() => [bytes]), socket = tape.wrap(inner, [5]);
  socket.send(bytes);
  socket.receive(datagram);
  inner.push({ bytes, sender: 4711 }, { bytes, sender: 0, length: 4000 }, -errno.ENOBUFS);
  for (let i = 0; i < 3; i++) socket.receive(datagram);
  socket.join(3);
  socket.leave(3);
  socket.openNamespace('/proc/123/ns/net');
  assert.is(socket.wait(1), false);
  socket.watch(() => {}).close();
  for (const [part, use] of [['receive', () => socket.receive(datagram)], ['send', () => socket.send(bytes)], ['join', () => socket.join(9)], ['openNamespace', () => socket.openNamespace('/run/netns/none')]] as const) {
    failing(inner, part, io(part));
    assert.is(code(use), 'EIO');
  }
  failing(inner, 'receive', new Error('no failure of a socket'));
  assert.is(code(() => socket.receive(datagram)), 'no failure of a socket');
  assert.is(socket.privileges?.(), undefined);

  const text = tape.text();
  assert.match(text, /^# first\n#\n# last\nsocket 1 sends \d+ holds \d+ groups 5$/m);
  assert.match(text, /^< 1 from 1001$/m);
  assert.match(text, /^< 1 cut 4000$/m);
  assert.is(annotateTape(text), text);

  const { open, done } = replay(text), played = open({ groups: [5] });
  played.send(bytes);
  assert.is(played.receive(datagram), bytes.length);
  assert.equal([played.receive(datagram), datagram.sender], [bytes.length, 1001]);
  assert.is(played.receive(datagram), 4000);
  assert.is(played.receive(datagram), -errno.ENOBUFS);
  played.join(3);
  played.leave(3);
  assert.is(played.openNamespace('/proc/999/ns/net'), 41);
  assert.is(played.wait(1), false);
  assert.is(code(() => played.receive(datagram)), 'EIO');
  assert.is(code(() => played.send(bytes)), 'EIO');
  assert.is(code(() => played.join(9)), 'EIO');
  assert.is(code(() => played.openNamespace('/run/netns/none')), 'EIO');
  done();
});

test('who waited and gave up leaves a silence, once, and none on a socket that only listens', async () => {
  const tape = record(), asks = tape.wrap(script(() => [])), listens = tape.wrap(script(() => []), [1]);
  asks.send(bytes);
  for (const socket of [asks, listens]) for (const end of ['stop', 'close'] as const) {
    const watcher = socket.watch(() => {});
    watcher.start();
    watcher.unref();
    watcher.ref();
    watcher[end]();
  }
  assert.equal(parseTape(tape.text()).entries.flatMap(({ type, socket }) => (type === 'silence' ? [socket] : [])), [1]);
});

test('a watcher of a tape calls when something is there, and keeps the process alive only if it is to', async () => {
  const tape = record(), inner = script(() => [bytes]), recorded = tape.wrap(inner);
  recorded.send(bytes);
  recorded.receive(datagram);
  const socket = replay(tape.text()).open();
  socket.send(bytes);
  await new Promise<void>((resolve) => {
    const watcher = socket.watch(() => {
      assert.is(socket.receive(datagram), bytes.length);
      watcher.close();
      resolve();
    });
    watcher.unref();
    watcher.start();
    watcher.ref();
    watcher.unref();
    watcher.ref();
  });
});

test('words that a tape cannot have are refused', () => {
  const tape = (...lines: string[]): string => ['netlink tape 1', ...lines].join('\n');
  for (const [text, message] of [
    [tape('order: middle'), 'the byte order must be little or big, got "middle"'],
    [tape('protocol: route'), 'the protocol must start with its number, got "route"'],
    [tape('', 'namespace 1 "\\q" is 5'), 'line 3 of the tape: must be a path in quotation marks, as JSON has it, got "\\q"'],
    [tape('', '< 1 fails ENOTHING'), 'line 3 of the tape: there is no error ENOTHING'],
    [tape('', 'sing 1'), 'line 3 of the tape: nothing that a tape can hold: "sing 1"'],
  ] as const)
    assert.throws(() => parseTape(text), (error: unknown) => error instanceof TapeError && error.message === message);
  const { entries, kernel, title } = parseTape(tape('', '< 2 fails E777', 'leave 1 7 fails EPERM'));
  assert.equal(entries, [{ type: 'fault', socket: 2, errno: 777 }, { type: 'group', socket: 1, join: false, group: 7, errno: 1 }]);
  assert.equal([kernel, title], ['', '']);
});

test.run();
