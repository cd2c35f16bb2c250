import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ClosedError } from '../../../src/errors.ts';
import { openLibc } from '../../../src/ffi/load.ts';
import * as netns from '../../../src/netns/index.ts';
import { socketsIn } from '../../../src/netns/socket.ts';
import { descriptors } from '../../support/descriptors.ts';

/* All sockets of a connection are of one namespace, which is held as long as the first of them is open. */
const libc = openLibc();
const refused = (error: Error): boolean => (error as { code?: string }).code === 'EPROTONOSUPPORT', closed = (error: Error): boolean => error instanceof ClosedError;

test('what is opened beside the first socket comes and goes without it, and none comes after it', () => {
  using ns = netns.make();
  const before = descriptors(), open = socketsIn(ns, libc, 0), first = open({});
  open({}).close();
  assert.throws(() => open({ protocol: 99 }), refused);
  open({}).close(); // that failed, and the namespace is held still
  for (let again = 0; again < 2; again++) first.close();
  assert.throws(() => open({}), closed);
  assert.is(descriptors(), before);
});

test('where the first socket cannot be opened the namespace is let go', () => {
  using ns = netns.make();
  const before = descriptors(), open = socketsIn(ns, libc, 99);
  for (let again = 0; again < 2; again++) assert.throws(() => open({}), again === 0 ? refused : closed);
  assert.is(descriptors(), before);
});

test.run();
