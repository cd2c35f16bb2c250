import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Writer } from '../../../src/bytes/writer.ts';
import { errno } from '../../../src/errno.ts';
import { openLibc } from '../../../src/ffi/load.ts';
import type { Libc } from '../../../src/ffi/libc.ts';
import { openRoute } from '../../../src/open.ts';
import { linkMessage } from '../../../src/route/link/message.ts';
import { RTM_NEWLINK } from '../../../src/route/link/types.ts';
import { writeRequest } from '../../../src/conversation/frame.ts';
import { acknowledged } from '../../../src/conversation/operation.ts';
import { openSocket } from '../../../src/transport/socket.ts';
import { NLMSG } from '../../../src/wire/header.ts';
import { memoryOf, set16 } from '../../../src/bytes/memory.ts';

const AF_NETLINK = 16, SOCK_RAW = 3, SOCK_CLOEXEC = 0o2000000, RTMGRP_LINK = 1;
const libc = openLibc();

const address = (port: number, groups = 0): Uint8Array => {
  const bytes = new Uint8Array(12);
  new Uint16Array(bytes.buffer)[0] = AF_NETLINK;
  new Uint32Array(bytes.buffer).set([port, groups], 1);
  return bytes;
};

const portOf = (fd: number): number => {
  const own = address(0);
  assert.ok(libc.getsockname(fd, own) > 0);
  return new Uint32Array(own.buffer)[1]!;
};

/** A socket like any other program's in this namespace, that writes to whom it likes. */
function stranger() {
  const fd = libc.socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, 0);
  assert.ok(fd >= 0);
  assert.is(libc.bind(fd, address(0)), 0);
  return {
    port: portOf(fd),
    send: (bytes: Uint8Array, port: number, groups = 0): number => libc.sendto(fd, bytes, bytes.length, 0, address(port, groups)),
    [Symbol.dispose]: () => void libc.close(fd),
  };
}

/** A link that there is not, as the kernel would tell of it; `sequence` says whose answer it is. */
function forgedLink(sequence: number): Uint8Array {
  const w = new Writer();
  writeRequest(w, acknowledged('forged', RTM_NEWLINK, 0, linkMessage, { index: 1, name: 'forged' }), sequence, 0);
  const bytes = new Uint8Array(w.written());
  set16(memoryOf(bytes), 6, 0);
  return bytes;
}

/** A refusal of the request with this number. */
function forgedError(sequence: number): Uint8Array {
  const words = new Int32Array([36, NLMSG.ERROR, sequence, 0, -errno.EPERM, 16, 0, sequence, 0]);
  return new Uint8Array(words.buffer);
}

test('a forged answer that was there first is dropped and counted, and the true one is taken', async () => {
  using other = stranger();
  // a socket that has a port and is not connected yet is open to everybody: that is when they come
  const early: Libc = { ...libc, connect(fd, to) {
    assert.is(libc.bind(fd, address(0)), 0);
    for (const bytes of [forgedError(1), forgedLink(1)]) assert.is(other.send(bytes, portOf(fd)), bytes.length);
    return libc.connect(fd, to);
  } };
  using nl = openRoute({ transport: openSocket(early, 0) });
  assert.is((await nl.link.get(1)).name, 'lo');
  assert.is(nl.counters.strangers, 2);
  assert.is(nl.sync.link.list()[0]!.name, 'lo');
  assert.is(nl.counters.strangers, 2);
});

test('what comes later, the kernel refuses the sender', async () => {
  using other = stranger();
  const transport = openSocket(libc, 0);
  using nl = openRoute({ transport });
  assert.is(other.send(forgedError(1), transport.port), -errno.ECONNREFUSED);
  assert.is((await nl.link.get(1)).name, 'lo');
  assert.is(nl.counters.strangers, 0);
});

test('a forged event is dropped and counted', async () => {
  using other = stranger();
  using nl = openRoute();
  using events = nl.events(['link']);
  using mirror = await nl.watch({ links: true });
  for (let i = 0; i < 3; i++) assert.ok(other.send(forgedLink(0), other.port, RTMGRP_LINK) > 0);
  await nl.link.add({ name: 'true0', kind: 'ifb' });
  for await (const event of events) {
    assert.is(event.type, 'link');
    if (event.type !== 'link') continue;
    assert.is.not(event.link.name, 'forged');
    if (event.link.name === 'true0') break;
  }
  assert.is(events.strangers, 3);
  for await (const change of mirror) {
    assert.ok([...mirror.links.values()].every((link) => link.name !== 'forged'));
    if (change.type === 'link' && [...mirror.links.values()].some((link) => link.name === 'true0')) break;
  }
  await nl.link.delete('true0');
});

test.run();
