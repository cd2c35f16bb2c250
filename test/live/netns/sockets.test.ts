import { closeSync, openSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ClosedError } from '../../../src/errors.ts';
import { openLibc } from '../../../src/ffi/load.ts';
import * as netns from '../../../src/netns/index.ts';
import { openRoute } from '../../../src/index.ts';
import { socketsIn } from '../../../src/netns/socket.ts';
import { descriptors } from '../../support/descriptors.ts';

/* All sockets of a connection are of one namespace, which the first of them holds as long as it is open. */
const libc = openLibc();
const refused = (error: Error): boolean => (error as { code?: string }).code === 'EPROTONOSUPPORT', closed = (error: Error): boolean => error instanceof ClosedError;

test('what is opened beside the first socket comes and goes without it, and none comes after it', () => {
  using ns = netns.make();
  const before = descriptors(), open = socketsIn(ns, libc, 0), first = open({});
  open({}).close();
  assert.throws(() => open({ protocol: 99 }), refused);
  open({}).close(); // that failed, and the first is there still
  for (let again = 0; again < 2; again++) first.close();
  assert.throws(() => open({}), closed);
  assert.is(descriptors(), before);
});

test('where the first socket cannot be opened nothing stays open', () => {
  using ns = netns.make();
  const before = descriptors(), open = socketsIn(ns, libc, 99);
  for (let again = 0; again < 2; again++) assert.throws(() => open({}), refused);
  assert.is(descriptors(), before);
});

test('a client takes one descriptor, and its later sockets are where it is, whatever the name means by then', async () => {
  const name = `moved-${process.pid}`;
  netns.create(name);
  const before = descriptors();
  using nl = openRoute({ netns: name });
  assert.is(descriptors(), before + 1);
  await nl.link.add({ name: 'mine', kind: 'ifb' });
  netns.delete(name);
  netns.create(name);
  try {
    using events = nl.events(['link']);
    await nl.link.change('mine', { up: true });
    for await (const event of events) {
      assert.is(event.type === 'link' && event.link.name, 'mine');
      break;
    }
  } finally {
    netns.delete(name);
  }
});

test('a descriptor of something else, or of nothing, is refused in words', () => {
  assert.throws(() => openRoute({ netns: { fd: 9999 } }), /setns into that of descriptor 9999 failed: EBADF/);
  const fd = openSync('/proc/self/ns/mnt', 'r');
  const before = descriptors();
  assert.throws(() => openRoute({ netns: { fd } }), (error: { code?: string; message: string }) => error.code === 'ERR_NOT_A_NAMESPACE' && error.message === `descriptor ${fd} is no network namespace`);
  assert.is(descriptors(), before);
  closeSync(fd);
});

test('which namespace it is can be asked while it is open, and is known from then on', () => {
  const one = netns.make(), other = netns.make(), { dev, ino } = one;
  assert.is.not(ino, other.ino);
  for (const ns of [one, other]) ns.close();
  assert.equal([one.dev, one.ino, one.fd], [dev, ino, -1]);
  const never = netns.make();
  never.close();
  assert.throws(() => never.ino, closed);
});

test.run();
