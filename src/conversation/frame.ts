import { get32, set16, set32, type Memory } from '../bytes/memory.ts';
import type { Writer } from '../bytes/writer.ts';
import { headerSize, NLM_F } from '../wire/header.ts';
import type { Exchange } from './operation.ts';

/** Writes the whole request of `exchange`; returns where it starts. Throws an EncodeError and leaves the writer as it was. */
export function writeRequest(w: Writer, exchange: Exchange<unknown>, sequence: number, flags = exchange.flags): number {
  const start = w.take(headerSize);
  try {
    exchange.request.encode(w, exchange.value);
  } catch (error) {
    w.at = start;
    throw error;
  }
  const { memory } = w;
  set32(memory, start, w.at - start);
  set16(memory, start + 4, exchange.type);
  set16(memory, start + 6, flags | NLM_F.REQUEST);
  set32(memory, start + 8, sequence);
  w.align();
  return start;
}

/** Calls `use` for each whole message of a datagram; returns where the rest begins that is no message, or -1. */
export function eachMessage(m: Memory, length: number, use: (at: number, end: number) => void): number {
  let at = 0;
  while (length - at >= headerSize) {
    const size = get32(m, at);
    if (size < headerSize || at + size > length) return at;
    use(at, at + size);
    at += (size + 3) & ~3;
  }
  return at < length ? at : -1;
}
