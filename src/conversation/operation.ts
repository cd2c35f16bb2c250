import type { Memory } from '../bytes/memory.ts';
import { headerSize, NLM_F } from '../wire/header.ts';
import { DecodeError, type IgnoredField } from '../errors.ts';
import type { Message } from '../schema/message.ts';

/**
 * One request and what its answer means. It is data: how and when it is sent is the connection's matter, so that one
 * definition serves promises, synchronous calls, batches, tapes and dry runs.
 */
export interface Exchange<T> {
  /** What the user called: `link.add`. It starts the sentence of an error. */
  readonly operation: string;
  /** The message type: RTM_NEWLINK. */
  readonly type: number;
  /** NLM_F_ flags besides REQUEST. */
  readonly flags: number;
  readonly request: Message<any, any>;
  readonly value: object;
  readonly answer: Answer<T>;
  /** The `ip` command that asks the kernel for the same, where there is one. */
  readonly command?: (() => string) | undefined;
  /** A look-up whose answer the later operations of a batch may use again: `link br0`. */
  readonly memo?: string | undefined;
  /** What is remembered under this word is no longer true after this exchange: `link`. */
  readonly forgets?: string | undefined;
  /** Inside steps, once it is acknowledged: reads back what was made or changed, and gives what the kernel ignored. */
  readonly verify?: (() => Generator<Asked, readonly IgnoredField[], any>) | undefined;
}

/**
 * How an exchange ends: `ack` with an acknowledgement, `one` with a single message, `dump` with DONE after many,
 * `echo` with an acknowledgement after any number of messages.
 */
export interface Answer<T> {
  readonly ends: 'ack' | 'one' | 'dump' | 'echo';
  /** Reads one message of the answer; undefined leaves it out. */
  read(m: Memory, at: number, end: number, type: number): unknown;
  /** Makes the result of what was read; `kept` is what `keep` made of the items before these. */
  finish(items: unknown[], kept?: unknown): T;
  /** Of a long answer, takes from its items, every now and then, what is needed of them: the rest need not stay in memory. */
  keep?(items: unknown[], kept: unknown): unknown;
  /** An errno by which the kernel says that there is nothing. */
  readonly none?: number | undefined;
  /** What the messages of the answer are; and how to read some of their fields alone, where that is less work. */
  readonly reply?: Message<any, any> | undefined;
  project?(fields: readonly string[]): Answer<T>['read'] | undefined;
}

/** Several exchanges, one after the other: each is yielded and its result comes back; the last is returned. */
export type Steps<T> = Generator<Asked, Exchange<T> | Done<T>, any>;

/** What steps may ask for: an answer of the kernel, or a descriptor of a namespace that is known by its path. */
export type Asked = Exchange<any> | NamespaceRequest;

export interface NamespaceRequest {
  /** A path: `/run/netns/blue`, `/proc/123/ns/net`. The descriptor lives as long as the operation. */
  readonly namespace: string;
}

/** The result of steps that end without another exchange. */
export interface Done<T> {
  readonly done: T;
}

export type Operation<T> = Exchange<T> | Steps<T>;

/** What an operation results in. */
export type ResultOf<O> = O extends Exchange<infer T> ? T : O extends Generator<any, Exchange<infer T> | Done<infer T>, any> ? T : never;

export const done = <T>(value: T): Done<T> => ({ done: value });

/** Inside steps: asks and waits for the answer. `const link = yield* ask(getLink('br0'))` */
export function* ask<T>(operation: Operation<T>): Generator<Asked, T, any> {
  if (!isSteps(operation)) return yield operation;
  const last = yield* operation;
  return 'done' in last ? last.done : yield last;
}

/** Inside steps: all but the last exchange of an operation, which is given. */
export function* lastOf<T>(operation: Operation<T>): Generator<Asked, Exchange<T> | Done<T>, any> {
  return isSteps(operation) ? yield* operation : operation;
}

export const isSteps = <T>(operation: Operation<T>): operation is Steps<T> => 'next' in operation;

/**
 * A request that is answered with an acknowledgement alone. Batches make them by the thousand: one literal, for to copy an
 * object and add to it takes ten times as long.
 */
export function acknowledged(
  operation: string, type: number, flags: number, request: Message<any, any>, value: object, command?: () => string, verify?: Exchange<void>['verify'],
  forgets?: string,
): Exchange<void> {
  return { operation, type, flags: flags | NLM_F.ACK, request, value, answer: ackAnswer, command, forgets, verify };
}

/** An exchange that was just made, with what reads back what it does. */
export function verifiable<T>(exchange: Exchange<T>, verify: Exchange<T>['verify']): Exchange<T> {
  (exchange as { verify: typeof verify }).verify = verify;
  return exchange;
}

const ackAnswer: Answer<void> = { ends: 'ack', read: () => undefined, finish: () => undefined };

/** A request for one message. */
export function single<R extends object>(
  operation: string, type: number, flags: number, request: Message<any, any>, value: object, reply: Message<R, any>, command?: () => string, memo?: string,
): Exchange<R> {
  return {
    operation, type, flags, request, value, command, memo,
    answer: { ends: 'one', read: (m, at, end) => reply.decode(m, at + headerSize, end), finish: (items) => theOne(items) as R },
  };
}

function theOne(items: unknown[]): unknown {
  if (items.length === 0) throw new DecodeError('an answer that ends without a message', 0);
  return items[0];
}

/** A request for a whole table. `keep` filters what an older kernel would not; it looks at no fields but `looksAt`. */
export function dump<R extends object>(
  operation: string, type: number, request: Message<any, any>, value: object, reply: Message<R, any>,
  keep?: (item: R) => boolean, command?: () => string, looksAt?: readonly string[],
): Exchange<R[]> {
  return {
    operation, type, flags: NLM_F.DUMP, request, value, command,
    answer: {
      ends: 'dump',
      read: (m, at, end) => {
        const item = reply.decode(m, at + headerSize, end);
        return keep === undefined || keep(item) ? item : undefined;
      },
      finish: (items) => items as R[],
      reply,
      project(fields) {
        if (keep !== undefined && looksAt === undefined) return undefined;
        const decode = reply.decode.project?.(fields, looksAt ?? []);
        return decode && ((m, at, end) => decode(m, at + headerSize, end, keep as never));
      },
    },
  };
}
