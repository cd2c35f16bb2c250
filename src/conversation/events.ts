import { abortSignal, boolean, byteCount, checkOptions, count, type OptionTable } from '../arguments.ts';
import { get16 } from '../bytes/memory.ts';
import { AbortError, ClosedError, DecodeError } from '../errors.ts';
import { errno } from '../errno.ts';
import type { Inbox, Transport, Watcher } from '../transport/transport.ts';
import type { Message } from '../schema/message.ts';
import { headerSize, NLMSG_MIN_TYPE } from '../wire/header.ts';
import type { Memory } from '../bytes/memory.ts';
import { eachMessage } from './frame.ts';
import { inboxOf } from './inbox.ts';

/** Items of every event stream, whatever else it carries. */
export type StreamEvent =
  /** The kernel dropped events: the receive buffer was full. What was missed must be listed anew. */
  | { readonly type: 'overrun' }
  /** An event that could not be read; the stream goes on. */
  | { readonly type: 'undecodable'; readonly error: DecodeError; readonly bytes: Uint8Array };

export interface EventOptions {
  readonly signal?: AbortSignal | undefined;
  /** Bytes of the socket's receive buffer (SO_RCVBUF): what the kernel can hold while we are busy. */
  readonly receiveBuffer?: number | undefined;
  /** Whether waiting for events keeps the process alive; true. */
  readonly ref?: boolean | undefined;
  /** Events held for a slow reader before the socket is left to fill; 4096. */
  readonly highWaterMark?: number | undefined;
}

const eventOptions: OptionTable<EventOptions> = { signal: abortSignal, receiveBuffer: byteCount, ref: boolean, highWaterMark: count };

/** Refuses options that are none, before a socket is opened. */
export const checkEventOptions = (options: EventOptions): void => checkOptions('events', options, eventOptions);

/** Events, one after the other. Breaking out of the loop, `return()`, `close()` and `using` end the subscription. */
export interface EventStream<E> extends AsyncIterableIterator<E | StreamEvent>, Disposable, AsyncDisposable {
  /** Datagrams that did not come from the kernel; they are dropped. */
  readonly strangers: number;
  /** Ends the subscription; what was received and not read yet is still given out. */
  close(): void;
}

/** Reads the notification between `at` and `end`; undefined leaves it out. */
export type ReadEvent<E> = (m: Memory, at: number, end: number, type: number) => E | undefined;

/** Reads what an event tells. Read patiently, one that is shorter than its fixed header would be about nothing. */
export function readEvent<T extends object>(message: Message<T, any>, m: Memory, at: number, end: number): T {
  const length = end - at - headerSize, { size } = message.header;
  if (length < size) throw new DecodeError(`an event of a ${message.name} with ${length} bytes where its header has ${size}`, at);
  return message.decode(m, at + headerSize, end);
}

/**
 * The notifications of `transport`, which must be subscribed already. Nothing else may use it: requests and
 * notifications never share a socket.
 */
export function eventStream<E>(transport: Transport, read: ReadEvent<E>, options: EventOptions = {}): EventStream<E> {
  const { signal, highWaterMark = 4096 } = options;
  const queue: (E | StreamEvent)[] = [];
  const readers: { resolve: (result: IteratorResult<E | StreamEvent>) => void; reject: (error: unknown) => void }[] = [];
  let inbox: Inbox | undefined; // made where a failure ends the stream, and closes the transport with it
  let strangers = 0, head = 0, ended = false, failure: unknown, watcher: Watcher | undefined;

  const give = (event: E | StreamEvent): void => {
    const reader = readers.shift();
    if (reader) reader.resolve({ done: false, value: event });
    else queue.push(event);
  };

  const accept = (memory: Memory, length: number, sender: number): void => {
    if (sender !== 0) {
      strangers++;
      return;
    }
    const unreadable = (error: DecodeError, from: number, to: number): void =>
      give({ type: 'undecodable', error, bytes: new Uint8Array(memory.bytes.subarray(from, to)) });
    if (length > memory.bytes.length) {
      unreadable(new DecodeError(`a datagram of ${length} bytes where ${memory.bytes.length} fit`, 0), 0, memory.bytes.length);
      if (inbox!.memories[0]!.bytes.length < length) inbox = inboxOf(transport, length * 2);
      return;
    }
    const rest = eachMessage(memory, length, (at, end) => {
      const type = get16(memory, at + 4);
      if (type < NLMSG_MIN_TYPE) return;
      try {
        const event = read(memory, at, end, type);
        if (event !== undefined) give(event);
      } catch (error) {
        if (!(error instanceof DecodeError)) throw error;
        unreadable(error, at, end);
      }
    });
    if (rest >= 0) unreadable(new DecodeError('bytes that are no netlink message', rest), rest, length);
  };

  /** Takes what is there, but no more than a slow reader can hold: then the kernel's buffer fills, and it says so. */
  const pump = (): void => {
    try {
      while (!ended && queue.length - head < highWaterMark) {
        const box = inbox ??= inboxOf(transport, 65536), count = box.receive(highWaterMark - (queue.length - head));
        for (let i = 0; i < count && !ended; i++) accept(box.memories[i]!, box.length(i), box.sender(i));
        if (count === -errno.ENOBUFS) give({ type: 'overrun' });
        else if (count < 0) break;
      }
    } catch (error) {
      end(error);
    }
    watch();
  };

  const watch = (): void => {
    if (ended) return;
    try {
      if (!watcher) {
        watcher = transport.watch(pump);
        if (options.ref === false) watcher.unref();
      }
      if (queue.length - head < highWaterMark) watcher.start();
      else watcher.stop();
    } catch (error) {
      end(error);
    }
  };

  const end = (error?: unknown): void => {
    if (ended) return;
    ended = true;
    failure = error;
    signal?.removeEventListener('abort', aborted);
    watcher?.close();
    transport.close();
    for (const reader of readers.splice(0)) {
      if (failure === undefined) reader.resolve({ done: true, value: undefined });
      else reader.reject(failure);
      failure = undefined; // it is told once
    }
  };

  const aborted = (): void => end(new AbortError('events', signal?.reason));
  if (signal?.aborted) aborted();
  else {
    signal?.addEventListener('abort', aborted, { once: true });
    pump();
  }

  const stream: EventStream<E> = {
    next() {
      if (head < queue.length) {
        const value = queue[head++]!;
        if (head > 1024 && head * 2 > queue.length) {
          queue.splice(0, head);
          head = 0;
        }
        if (!ended && queue.length - head === highWaterMark - 1) watch();
        return Promise.resolve({ done: false, value });
      }
      if (ended) {
        const error = failure;
        failure = undefined;
        return error === undefined ? Promise.resolve({ done: true, value: undefined }) : Promise.reject(error);
      }
      return new Promise((resolve, reject) => readers.push({ resolve, reject }));
    },
    return() {
      queue.length = head = 0;
      end();
      return Promise.resolve({ done: true, value: undefined });
    },
    throw(error: unknown) {
      end();
      return Promise.reject(error instanceof Error ? error : new ClosedError('events'));
    },
    get strangers() {
      return strangers;
    },
    close: () => end(),
    [Symbol.asyncIterator]: () => stream,
    [Symbol.dispose]: () => end(),
    [Symbol.asyncDispose]: () => Promise.resolve(end()),
  };
  return stream;
}
