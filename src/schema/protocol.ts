import type { Message } from './message.ts';

/** A netlink family: which message stands behind which type. */
export interface Protocol {
  /** `NETLINK_ROUTE` and its number: the third argument of socket(). */
  readonly name: string;
  readonly number: number;
  readonly messages: { readonly [type: number]: MessageType };
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
