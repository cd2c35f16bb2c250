import { allocate, partOf } from '../bytes/memory.ts';
import { errno } from '../errno.ts';
import { SystemError } from '../errors.ts';
import type { Libc } from '../ffi/libc.ts';
import type { Inbox } from './transport.ts';

/** `struct mmsghdr` is laid out below as 64 bit systems have it. */
export const hasInbox = !['arm', 'ia32', 'mips', 'mipsel', 'ppc', 's390'].includes(process.arch);

const MSG_TRUNC = 0x20, MSG_DONTWAIT = 0x40;
/** Datagrams at a time. Few of the pages that `room` takes are ever touched: most events have a hundred bytes. */
const count = 32;
const sizeofMessage = 64, sizeofVector = 16, sizeofAddress = 12;

/**
 * Events are small and come by the ten thousand, each in a datagram of its own: to call C for each takes longer than
 * all the rest. `recvmmsg` takes what is there at one go.
 *
 *     struct mmsghdr: name *, name length, vector *, vectors, control *, control length, flags, length received
 *                     0       8            16        24       32         40              48     56
 */
export function socketInbox(libc: Libc, room: number, usable: (call: string) => void, fd: number): Inbox {
  const step = (room + 7) & ~7, memory = allocate(step * count);
  // the messages, then their vectors, then the addresses of the senders
  const vectors = sizeofMessage * count, addresses = vectors + sizeofVector * count;
  const structs = new Uint8Array(new ArrayBuffer(addresses + sizeofAddress * count));
  const u32 = new Uint32Array(structs.buffer), u64 = new BigUint64Array(structs.buffer, 0, addresses / 8);
  const here = libc.addressOf(structs.buffer), there = libc.addressOf(memory.bytes.buffer as ArrayBuffer);
  for (let i = 0; i < count; i++) {
    const message = sizeofMessage / 8 * i, vector = (vectors + sizeofVector * i) / 8;
    u64[message] = here + BigInt(addresses + sizeofAddress * i);
    u64[message + 2] = here + BigInt(8 * vector);
    u64[message + 3] = 1n;
    u64[vector] = there + BigInt(step * i);
    u64[vector + 1] = BigInt(step);
  }
  return {
    memories: Array.from({ length: count }, (_, i) => partOf(memory, step * i, step)),
    receive(most) {
      usable('recvmmsg');
      const wanted = Math.min(most, count);
      for (let i = 0; i < wanted; i++) u32[sizeofMessage / 4 * i + 2] = sizeofAddress;
      let result: number;
      do result = libc.recvmmsg(fd, structs, wanted, MSG_DONTWAIT | MSG_TRUNC);
      while (result === -errno.EINTR);
      if (result < 0 && result !== -errno.EAGAIN && result !== -errno.ENOBUFS) throw new SystemError('recvmmsg', result);
      return result;
    },
    length: (i) => u32[sizeofMessage / 4 * i + 14]!,
    sender: (i) => u32[(addresses + sizeofAddress * i) / 4 + 1]!,
  };
}
