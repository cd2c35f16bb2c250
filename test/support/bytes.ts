import { get16, memoryOf } from '../../src/bytes/memory.ts';
import { unhex } from '../../src/bytes/hex.ts';
import { Writer } from '../../src/bytes/writer.ts';
import { EncodeError } from '../../src/errors.ts';
import type { Codec, Owner } from '../../src/schema/codec.ts';
import type { Message } from '../../src/schema/message.ts';

/** Hex digits of what a codec writes; blanks between the 32 bit words. Only right where the lowest byte comes first. */
export function written<T>(codec: Codec<T>, value: T, owner: Owner = {}, full = false): string {
  const w = new Writer(64);
  w.full = full;
  codec.write(w, value, owner, 0);
  return words(w.written());
}

export const words = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex').replace(/.{8}(?=.)/g, '$& ');

/** What a codec reads from hex digits. */
export function readFrom<T>(codec: Codec<T>, digits: string, owner: Owner = {}): T {
  const bytes = unhex(digits)!;
  return codec.read(memoryOf(bytes), 0, bytes.length, owner, 0);
}

/** The sentence of the EncodeError that writing `value` ends in. */
export function refusal<T>(codec: Codec<T>, value: unknown, owner: Owner = {}): string {
  try {
    written(codec, value as T, owner);
  } catch (error) {
    if (error instanceof EncodeError) return error.message;
    throw error;
  }
  return 'it was written';
}

/** Hex digits of the payload of a message: a word for its header, one for each attribute with its padding. */
export function encoded(message: Message<any, any>, value: object): string {
  const bytes = payload(message, value), header = (message.header.size + 3) & ~3;
  const parts = [bytes.subarray(0, header)];
  for (let at = header; at < bytes.length; ) {
    const end = at + ((get16(memoryOf(bytes.slice(at, at + 2)), 0) + 3) & ~3);
    parts.push(bytes.subarray(at, end));
    at = end;
  }
  return parts.map((part) => Buffer.from(part).toString('hex')).join(' ');
}

/** What a message is read as from hex digits of its payload. */
export function decoded(message: Message<any, any>, digits: string): any {
  const bytes = unhex(digits)!;
  return message.decode(memoryOf(bytes), 0, bytes.length);
}

/** What becomes of an object that is written with all it has and read back. */
export function roundTrip(message: Message<any, any>, value: object): any {
  const bytes = payload(message, value, true);
  return message.decode(memoryOf(bytes), 0, bytes.length);
}

function payload(message: Message<any, any>, value: object, full = false): Uint8Array {
  const w = new Writer();
  w.full = full;
  message.encode(w, value);
  return Uint8Array.from(w.written());
}
