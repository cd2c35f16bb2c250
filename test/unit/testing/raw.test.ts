import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { allocate, getInt32 } from '../../../src/bytes/memory.ts';
import { errno } from '../../../src/errno.ts';
import { routeProtocol } from '../../../src/route/protocol.ts';
import { fakeKernel } from '../../../src/testing/index.ts';
import { headerSize, NLM_F } from '../../../src/wire/header.ts';
import { frame } from '../conversation/scripted.ts';

// Requests that no operation sends, and those that lack what every operation gives.

const { CREATE, EXCL, REPLACE, ACK } = NLM_F, RTM = { NEWLINK: 16, DELLINK: 17, GETLINK: 18, SETLINK: 19, NEWNEIGH: 28, DELNEIGH: 29, NEWRULE: 32, NEWNSID: 88, GETNSID: 90, GETQDISC: 38 } as const;

/** The answer to a message: the name of its error, `ok`, or the number of the type that it came with. */
function answer(type: number, value: object, flags = 0): string | number {
  const socket = fakeKernel().open({}), datagram = { memory: allocate(4096), sender: 0 };
  socket.send(frame(type, ACK | flags, 1, (w) => routeProtocol.messages[type]?.message.encode(w, value)));
  assert.ok(socket.receive(datagram) > 0);
  socket.close();
  const { memory } = datagram;
  if (memory.u16[2] !== 2) return memory.u16[2]!;
  const number = -getInt32(memory, headerSize);
  return number === 0 ? 'ok' : Object.entries(errno).find(([, one]) => one === number)![0];
}

for (const [what, said, type, value, flags] of [
  ['a message of a type that it does not know', 'EOPNOTSUPP', 9999, {}],
  ['one that it knows and does not do', 'EOPNOTSUPP', RTM.GETQDISC, {}],
  ['a link that nothing names', 'EINVAL', RTM.GETLINK, {}], ['to change such a one', 'EINVAL', RTM.NEWLINK, { mtu: 1400 }], ['to delete such a one', 'EINVAL', RTM.DELLINK, {}],
  ['a link by another name', 'ENODEV', RTM.GETLINK, { altname: 'a-name-of-more-than-15-bytes' }],
  ['to make a link without a kind', 'EOPNOTSUPP', RTM.NEWLINK, { name: 'x' }, CREATE | EXCL], ['of an index, too', 'ENODEV', RTM.NEWLINK, { index: 7, name: 'x' }, CREATE | EXCL],
  ['to replace a link', 'EOPNOTSUPP', RTM.NEWLINK, { name: 'lo' }, CREATE | REPLACE], ['one of another kind', 'ok', RTM.NEWLINK, { name: 'lo', kind: 'bridge' }, CREATE],
  ['to change a link in the old way', 'ok', RTM.SETLINK, { index: 1, mtu: 1400 }],
  ['a link that nobody named', 'ok', RTM.NEWLINK, { kind: 'ifb' }, CREATE | EXCL], ['a pair whose other end is up', 'ok', RTM.NEWLINK, { name: 'a', kind: 'veth', options: { peer: { name: 'b', flags: { up: true } } } }, CREATE | EXCL],
  ['a neighbour of no address', 'EINVAL', RTM.NEWNEIGH, { index: 1 }, CREATE], ['to delete one of none', 'EINVAL', RTM.DELNEIGH, { index: 1 }],
  ['a rule that does nothing', 'EINVAL', RTM.NEWRULE, { family: 'inet', action: 'unspec' }, CREATE | EXCL],
  ['a number for no namespace', 'EINVAL', RTM.NEWNSID, { nsid: 5 }], ['the number of none', 'EINVAL', RTM.GETNSID, {}],
] as const)
  test(`${what}: ${said}`, () => assert.is(answer(type, value, flags), said));

test.run();
