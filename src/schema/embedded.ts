import { NLA_F_NESTED } from '../wire/header.ts';
import type { Codec } from './codec.ts';
import type { Message } from './message.ts';

export interface EmbeddedCodec<T> extends Codec<T> {
  readonly message: Message<any, any>;
}

/** A payload that is a message of its own, fixed header and attributes: the peer of a pair. */
export const embedded = <T extends object>(message: Message<any, any>): EmbeddedCodec<T> => ({
  message, label: `message ${message.name}`, size: message.header.size, flags: NLA_F_NESTED,
  read: (m, at, end) => message.decode(m, at, end) as T,
  write: (w, value) => message.encode(w, value),
  visit: (visitor, m, at, end) => message.visit(visitor, m, at, end),
});
