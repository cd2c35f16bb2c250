import type { Answer, Exchange } from '../conversation/operation.ts';
import type { Message } from '../schema/message.ts';
import { headerSize, NLM_F } from '../wire/header.ts';

/**
 * A change of the ruleset. The kernel takes changes in transactions alone: run by itself, it has one of its own.
 */
export interface Change<T = void> extends Exchange<T> {
  readonly inTransaction: true;
  /**
   * The messages that it takes, where it is more than one; the last one's answer is the result. `newId` gives numbers
   * that nothing else in the transaction has.
   */
  readonly messages?: ((newId: () => number) => readonly Exchange<unknown>[]) | undefined;
}

/** Whether the result is what came of the change, handle and all; without it there is none. */
export interface Echo {
  /**
   * Costs a message for each: a transaction of hundreds may overrun the receive buffer, and loses results alone then.
   */
  readonly echo?: boolean | undefined;
}

const silent: Answer<void> = { ends: 'ack', read: () => undefined, finish: () => undefined };

/** A change that is answered by success or failure. */
export const change = (
  operation: string, type: number, flags: number, request: Message<any, any>, value: object, command?: () => string,
): Change => ({ operation, type, flags, request, value, answer: silent, command, inTransaction: true });

/** The same change, where asked for resulting in the object that came of it; undefined where nothing was changed. */
export function echoed<R extends object>(one: Change, reply: Message<R, any>, options: Echo): Change<R | undefined> {
  if (!options.echo) return one as unknown as Change<undefined>;
  const answer: Answer<R | undefined> = {
    ends: 'echo',
    read: (m, at, end) => reply.decode(m, at + headerSize, end),
    finish: (items) => items[0] as R | undefined,
  };
  return { ...one, flags: one.flags | NLM_F.ECHO, answer };
}

/** Several changes as one; its result is that of the last. */
export const several = <T>(
  operation: string, last: Change<T>, messages: (newId: () => number) => readonly Exchange<unknown>[],
): Change<T> =>
  ({ ...last, operation, messages });

export const isChange = (operation: object): operation is Change<unknown> => 'inTransaction' in operation;
