import { allocate } from '../bytes/memory.ts';
import type { Datagram, Inbox, Transport } from '../transport/transport.ts';

/** Room for datagrams of up to `room` bytes: for many at a time where the transport has a way, for one elsewhere. */
export const inboxOf = (transport: Transport, room: number): Inbox => transport.inbox?.(room) ?? singleInbox(transport, room);

function singleInbox(transport: Transport, room: number): Inbox {
  const datagram: Datagram = { memory: allocate(room), sender: 0 };
  let length = 0;
  return {
    memories: [datagram.memory],
    receive() {
      length = transport.receive(datagram);
      return length < 0 ? length : 1;
    },
    length: () => length,
    sender: () => datagram.sender,
  };
}
