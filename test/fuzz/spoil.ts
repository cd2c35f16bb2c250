import { isDeepStrictEqual } from 'node:util';
import { memoryOf } from '../../src/bytes/memory.ts';
import { Writer } from '../../src/bytes/writer.ts';
import { DecodeError, EncodeError } from '../../src/errors.ts';
import type { Owner } from '../../src/schema/codec.ts';
import type { MessageType } from '../../src/schema/protocol.ts';
import type { Roll } from '../support/generate.ts';
import { declared, randomValue } from './seeds.ts';

/** What no field, or hardly any, can be. */
const wrong: readonly unknown[] = [
  null, true, false, 0, 1, -1, 0.5, NaN, Infinity, 2 ** 31, 2 ** 32, 2 ** 53, 0n, -1n, 2n ** 64n, '', 'x', 'a\0b', '\ud800', '1.2.3', '::1/200',
  'x'.repeat(70_000), [], [null], {}, { x: 1 }, new Uint8Array(0), new Uint8Array(70_000), Symbol('odd'), () => 1, new Date(0),
];

/** Encodes an object with a wrong value in some place, whole or as requests have it; and before that, the object without it. */
export function spoil(roll: Roll): void {
  const type = declared[roll(declared.length)]!, value = randomValue(type, roll);
  const bytes = encoded(type, value);
  if (bytes) sameAgain(type, bytes);
  for (let round = 0; round < 8; round++) {
    const path = place(value, roll), odd = wrong[roll(wrong.length)];
    encoded(type, put(value, path, odd) as Owner, path, roll(2) === 0);
  }
}

/** The bytes of a message; undefined where it was refused with a way that leads to something in it. */
function encoded({ message, cName }: MessageType, value: Owner, path?: readonly string[], full = true): Uint8Array | undefined {
  const w = new Writer(1024);
  w.full = full;
  try {
    message.encode(w, value);
  } catch (error) {
    if (!(error instanceof EncodeError)) throw error;
    const about = `${cName}${path ? ` with a wrong ${path.join('.')}` : ''}: ${error.message.slice(0, 200)}`;
    const first = /^[^.[]*/.exec(error.field)![0];
    if (error.field === '' && !/there is no field/.test(error.reason)) throw new Error(`refused without a way to it: ${about}`, { cause: error });
    if (path && path.length > 1 && path[0] === first && !/^[\w$\-.[\] ]+$/.test(error.field)) throw new Error(`an odd way: ${about}`);
    return undefined;
  }
  return Uint8Array.from(w.written());
}

/** What was encoded is read, encoded and read as the same. */
function sameAgain(type: MessageType, bytes: Uint8Array): void {
  const value = decoded(type, bytes);
  if (value === undefined) throw new Error(`${type.cName}: what was written cannot be read`);
  const again = encoded(type, value as Owner);
  if (again && !isDeepStrictEqual(decoded(type, again), value)) throw new Error(`${type.cName}: what was read and written is read as another`);
}

function decoded({ message }: MessageType, bytes: Uint8Array): object | undefined {
  try {
    return message.decode(memoryOf(bytes), 0, bytes.length);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return undefined;
  }
}

/** The way to some member of an object, or of one within. */
function place(value: object, roll: Roll): string[] {
  const keys = Object.keys(value);
  if (keys.length === 0) return [];
  const key = keys[roll(keys.length)]!, inner = (value as Owner)[key];
  if (typeof inner !== 'object' || inner === null || inner instanceof Uint8Array || roll(3) === 0) return [key];
  return [key, ...place(inner, roll)];
}

/** A copy with another value at the end of a way. */
function put(value: unknown, [key, ...rest]: readonly string[], odd: unknown): unknown {
  if (key === undefined) return odd;
  const copy: Owner = Array.isArray(value) ? ([...value] as unknown as Owner) : { ...(value as Owner) };
  copy[key] = put(copy[key], rest, odd);
  return copy;
}
