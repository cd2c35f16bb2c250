import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { errno } from '../../../src/errno.ts';
import { openLibc } from '../../../src/ffi/load.ts';
import { openSocket } from '../../../src/transport/socket.ts';
import { eachBinding } from './each.ts';

/** RTM_GETLINK for the loopback device. */
function request(sequence: number): Uint8Array {
  const words = new Uint32Array(8);
  words.set([32, 18 | 1 << 16, sequence, 0, 0, 1]);
  return new Uint8Array(words.buffer);
}

eachBinding((binding) => {
  test(`${binding}: datagrams are received many at a time, no more than are asked for`, () => {
    const transport = openSocket(openLibc(binding), 0), inbox = transport.inbox!(8192)!;
    assert.is(inbox.receive(32), -errno.EAGAIN);
    for (let sequence = 1; sequence <= 40; sequence++) transport.send(request(sequence));
    const seen: number[] = [];
    for (const [most, count] of [[2, 2], [100, 32], [100, 6]] as const) {
      assert.is(inbox.receive(most), count);
      for (let i = 0; i < count; i++) {
        const { u32 } = inbox.memories[i]!;
        assert.is(inbox.length(i), u32[0]);
        assert.is(inbox.sender(i), 0);
        seen.push(u32[2]!);
      }
    }
    assert.equal(seen, Array.from({ length: 40 }, (_, i) => i + 1));
    assert.is(inbox.receive(32), -errno.EAGAIN);
    transport.close();
    assert.throws(() => inbox.receive(1), /closed socket/);
  });

  test(`${binding}: of a datagram that does not fit the length is told, and its neighbours are whole`, () => {
    const transport = openSocket(openLibc(binding), 0), inbox = transport.inbox!(100)!;
    for (const sequence of [7, 8]) transport.send(request(sequence));
    assert.is(inbox.receive(2), 2);
    for (const i of [0, 1]) {
      assert.is(inbox.memories[i]!.bytes.length, 104);
      assert.ok(inbox.length(i) > 500);
      assert.equal([...inbox.memories[i]!.u32.subarray(0, 3)].map((word, at) => (at === 1 ? word & 0xffff : word)), [inbox.length(i), 16, 7 + i]);
    }
    transport.close();
  });
});

test.run();
