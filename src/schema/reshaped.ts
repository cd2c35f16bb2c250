import type { Memory } from '../bytes/memory.ts';
import type { Message } from './message.ts';
import type { Arrange } from './source.ts';
import { specialisedMessage } from './specialise.ts';

/**
 * The `decode` of a message that users see in another shape than the wire has it. `fromWire` makes the one of the other;
 * `arrange` writes the same for decoders that are made for one layout, so that they need not make an object to take it
 * apart again.
 */
export function reshaped<W extends object, U extends object>(
  wire: Message<W, any>, fromWire: (wire: W) => U, arrange: Arrange,
): (m: Memory, at: number, end: number) => U {
  const quick = specialisedMessage(wire.body.root, wire.header, arrange);
  return (m, at, end) => {
    const value = quick(m, at, end);
    return value === undefined ? fromWire(wire.decode(m, at, end)) : value as U;
  };
}
