import { allocate, get16 } from '../bytes/memory.ts';
import { eachMessage } from '../conversation/frame.ts';
import { readEvent } from '../conversation/events.ts';
import { errno } from '../errno.ts';
import { DecodeError } from '../errors.ts';
import { sources, type RouteEventType } from '../route/events.ts';
import type { Message } from '../schema/message.ts';
import type { Datagram, Transport } from '../transport/transport.ts';
import { NLMSG_MIN_TYPE } from '../wire/header.ts';

/** How one sort of event is known. */
interface Known {
  readonly new: number;
  readonly del?: number;
  readonly message: Message<any, any>;
  readonly when?: (item: any) => boolean;
}

/** What comes of the events of a socket. */
export interface FeedHooks {
  event(type: RouteEventType, action: 'new' | 'del', item: unknown, flags: number): void;
  /** Events were lost, or cannot be read. */
  lost(): void;
}

/** The multicast groups by which events of these sorts come. */
export const groupsOf = (types: readonly RouteEventType[]): number[] =>
  [...new Set(types.flatMap((type) => [...sources[type].groups]))];

/**
 * Reads events of the given sorts, as many as are there but no more than `most` messages; returns how many there were.
 * The kernel has put an event there before the call that caused it returns: what is read then is all there was.
 */
export function feed(transport: Transport, types: readonly RouteEventType[], { event, lost }: FeedHooks): (most: number) => number {
  const datagram: Datagram = { memory: allocate(65536), sender: 0 };
  const chosen = types.map((type) => [type, sources[type] as Known] as const);

  const read = (at: number, end: number): void => {
    const { memory } = datagram, number = get16(memory, at + 4);
    if (number < NLMSG_MIN_TYPE) return;
    let item: unknown;
    try {
      for (const [type, { message, when, new: made, del }] of chosen) {
        if (number !== made && number !== del) continue;
        item ??= readEvent(message, memory, at, end); // sorts that share a number share their message
        if (!when || when(item)) return event(type, number === made ? 'new' : 'del', item, get16(memory, at + 6));
      }
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      lost();
    }
  };

  return (most) => {
    for (let count = 0; ; ) {
      if (count >= most) return count;
      const length = transport.receive(datagram);
      if (length === -errno.EAGAIN) return count;
      if (length < 0) {
        lost();
        count++;
      } else if (datagram.sender !== 0) {
        continue;
      } else if (length > datagram.memory.bytes.length) {
        datagram.memory = allocate(length * 2);
        lost();
      } else {
        if (eachMessage(datagram.memory, length, (at, end) => (count++, read(at, end))) >= 0) lost();
      }
    }
  };
}
