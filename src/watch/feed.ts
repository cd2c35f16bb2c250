import { get16, type Memory } from '../bytes/memory.ts';
import { eachMessage } from '../conversation/frame.ts';
import { readEvent } from '../conversation/events.ts';
import { inboxOf } from '../conversation/inbox.ts';
import { errno } from '../errno.ts';
import { DecodeError } from '../errors.ts';
import { sources, type RouteEventType } from '../route/events.ts';
import type { Message } from '../schema/message.ts';
import type { Inbox, Transport } from '../transport/transport.ts';

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
 * Reads events of the given sorts, as many as are there but no more than `most` messages. The kernel has put an event
 * there before the call that caused it returns: what is read then is all there was.
 */
export function feed(transport: Transport, types: readonly RouteEventType[], { event, lost }: FeedHooks): (most: number) => void {
  const chosen = types.map((type) => [type, sources[type] as Known] as const);
  let inbox: Inbox | undefined;

  const read = (memory: Memory, at: number, end: number): void => {
    const number = get16(memory, at + 4);
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

  /** Returns how many messages a datagram had. */
  const accept = (memory: Memory, length: number): number => {
    if (length > memory.bytes.length) {
      if (inbox!.memories[0]!.bytes.length < length) inbox = inboxOf(transport, length * 2);
      lost();
      return 1;
    }
    let count = 0;
    if (eachMessage(memory, length, (at, end) => (count++, read(memory, at, end))) >= 0) lost();
    return count;
  };

  return (most) => {
    for (let count = 0; count < most; ) {
      const box = inbox ??= inboxOf(transport, 65536), came = box.receive(most - count);
      if (came === -errno.EAGAIN) return;
      if (came < 0) {
        lost();
        count++;
      }
      for (let i = 0; i < came; i++) if (box.sender(i) === 0) count += accept(box.memories[i]!, box.length(i));
    }
  };
}
