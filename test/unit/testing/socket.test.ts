import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { allocate } from '../../../src/bytes/memory.ts';
import { errno } from '../../../src/errno.ts';
import { openRoute } from '../../../src/open.ts';
import { fakeKernel } from '../../../src/testing/index.ts';
import { fakeSocket } from '../../../src/testing/kernel/socket.ts';
import { refusal } from '../../support/witness.ts';

// A socket of the fake kernel refuses and keeps what a real one does.

const code = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    return (error as { code: string }).code;
  }
  return 'ok';
};
const socket = (options = {}) => {
  const said = { sent: 0, closed: 0 };
  return { said, socket: fakeSocket(4001, options, { sent: () => void said.sent++, openNamespace: () => 7, closed: () => void said.closed++ }) };
};
const datagram = { memory: allocate(64), sender: 0 };

test('a closed socket is of no use, and is closed once', () => {
  const { socket: closed, said } = socket();
  closed.close();
  closed.close();
  assert.is(said.closed, 1);
  closed.deliver(Uint8Array.of(1, 2, 3, 4)); // nobody is there
  for (const use of [() => closed.send(new Uint8Array(4)), () => closed.receive(datagram), () => closed.wait(1), () => closed.watch(() => {}), () => closed.join(1), () => closed.leave(1)])
    assert.is(code(use), 'EBADF');
});

test('what is longer than the send buffer is refused, what does not fit the receive buffer is lost', () => {
  const { socket: small, said } = socket({ sendBuffer: 132, receiveBuffer: 1 });
  assert.equal([code(() => small.send(new Uint8Array(101))), code(() => small.send(new Uint8Array(100))), said.sent], ['EMSGSIZE', 'ok', 1]);
  for (let i = 0; i < 4; i++) small.deliver(new Uint8Array(8));
  assert.is(small.wait(1000), true);
  assert.equal(Array.from({ length: 4 }, () => small.receive(datagram)), [-errno.ENOBUFS, 8, 8, -errno.EAGAIN]);
});

test('who waits gets what comes within that time, soonest first, or nothing', () => {
  const { socket: patient } = socket();
  assert.is(patient.wait(1), false);
  patient.deliver(new Uint8Array(12), { late: 40_000 });
  patient.deliver(new Uint8Array(4), { late: 20_000, sender: 5 });
  assert.is(patient.wait(1), false, 'it comes later');
  assert.is(patient.wait(30_000), true);
  assert.equal([patient.receive(datagram), datagram.sender, patient.receive(datagram)], [4, 5, -errno.EAGAIN]);
  patient.close(); // the other is not waited for
});

test('groups are joined and left, a watcher calls while it is started', async () => {
  const { socket: open } = socket({ groups: [1] }), calls: string[] = [];
  open.join(5);
  open.leave(1);
  assert.equal([...open.groups], [5]);
  const watcher = open.watch(() => void calls.push(String(open.receive(datagram))));
  open.deliver(new Uint8Array(4));
  watcher.unref();
  watcher.start();
  watcher.ref();
  watcher.stop();
  await new Promise(setImmediate);
  assert.equal(calls, [], 'stopped before its turn');
  watcher.start();
  await new Promise(setImmediate);
  watcher.unref();
  open.deliver(new Uint8Array(8));
  await new Promise((resolve) => setTimeout(resolve, 1));
  assert.equal(calls, ['4', '8']);
  watcher.close();
  open.deliver(new Uint8Array(12));
  await new Promise((resolve) => setTimeout(resolve, 1));
  assert.is(calls.length, 2);
});

test('namespaces by name and path, made later, and those that are not there', async () => {
  const kernel = fakeKernel();
  kernel.addNamespace('blue');
  assert.is(code(() => kernel.addNamespace('blue')), 'EEXIST');
  assert.is(code(() => kernel.in('red')), 'ENOENT');
  using nl = openRoute({ transport: kernel.open }), blue = openRoute({ transport: kernel.in('blue') });
  await nl.link.add({ name: 'i0', kind: 'ifb', netns: '/run/netns/blue' });
  assert.equal((await blue.link.list()).map(({ name }) => name), ['lo', 'i0']);
  assert.is((await refusal(nl.link.add({ name: 'i1', kind: 'ifb', netns: { fd: 5 } }))).code, 'EBADF');
  assert.is((await refusal(nl.link.add({ name: 'i1', kind: 'ifb', netns: 'red' }))).code, 'ENOENT');
});

test('what this kernel does not have is refused as such', async () => {
  using nl = openRoute({ transport: fakeKernel().open });
  assert.is((await refusal(nl.qdisc.add('lo', { kind: 'pfifo' }))).code, 'EOPNOTSUPP');
  assert.is((await refusal(nl.link.add({ name: 'x', kind: 'vxlan', options: { id: 5 } }))).code, 'EOPNOTSUPP');
});

test.run();
