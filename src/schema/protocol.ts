import type { Privileges } from '../privileges.ts';
import type { Message } from './message.ts';

/** A netlink family: which message stands behind which type. */
export interface Protocol {
  /** `NETLINK_ROUTE` and its number: the third argument of socket(). */
  readonly name: string;
  readonly number: number;
  readonly messages: { readonly [type: number]: MessageType };
  /** What a type of message is about: an answer is about the same as its request. Without it, what has the same declaration. */
  readonly about?: ((type: number) => unknown) | undefined;
  /** What may be done about a refusal, in a sentence; undefined where that is not known. */
  readonly hint?: ((refusal: Refusal) => string | undefined) | undefined;
}

/** A request that the kernel refused. */
export interface Refusal {
  /** `link.add` */
  readonly operation: string;
  /** `EEXIST` */
  readonly code: string;
  /** The kernel's own words, if it had any. */
  readonly text: string | undefined;
  /** What was sent. */
  readonly value: { readonly [key: string]: unknown };
  /** What the thread may do that asked; not known where a tape is played. */
  privileges(): Privileges | undefined;
}

export interface MessageType {
  /** `RTM_NEWLINK` */
  readonly cName: string;
  readonly message: Message<any, any>;
}

/** Joins tables of messages; a type that stands in two of them throws. */
export function protocol(name: string, number: number, ...tables: readonly Protocol['messages'][]): Protocol {
  const messages: { [type: number]: MessageType } = {};
  for (const table of tables)
    for (const [type, entry] of Object.entries(table)) {
      if (messages[Number(type)]) throw new TypeError(`${messages[Number(type)]!.cName} and ${entry.cName} have the same number`);
      messages[Number(type)] = entry;
    }
  return { name, number, messages };
}
