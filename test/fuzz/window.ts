import { isDeepStrictEqual } from 'node:util';
import { allocate, type Memory } from '../../src/bytes/memory.ts';
import { DecodeError } from '../../src/errors.ts';

/** What came of reading a window: a value, or a DecodeError. */
export type Outcome = { readonly value: unknown } | { readonly refused: string };

type Read = (m: Memory, at: number, end: number) => unknown;

/** Two memories with other bytes around the window: what looks outside sees something else in each. */
const surroundings = [0x00, 0x7e].map((fill) => ({ memory: allocate(16384), fill }));

/**
 * Reads `bytes` twice, with other bytes before and behind them. Throws where that makes a difference, where anything
 * but a DecodeError is thrown, and where the value is much larger than what it was made of.
 */
export function readWindow(bytes: Uint8Array, read: Read, at = 32): Outcome {
  const [one, other] = surroundings.map(({ memory, fill }) => {
    memory.bytes.fill(fill, 0, at);
    memory.bytes.set(bytes, at);
    memory.bytes.fill(fill, at + bytes.length, at + bytes.length + 512);
    return outcome(() => read(memory, at, at + bytes.length));
  });
  if (!isDeepStrictEqual(one, other)) throw new Error('what stands outside the window makes a difference');
  if ('value' in one!) bound(one.value, bytes.length);
  return one!;
}

export function outcome(read: () => unknown): Outcome {
  try {
    return { value: read() };
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return { refused: error.message };
  }
}

/** The most values that a byte may become, and those that there are without any bytes. */
const each = 64, always = 2000;

function bound(value: unknown, length: number): void {
  const count = weigh(value);
  if (count > always + each * length) throw new Error(`${length} bytes became ${count} values`);
}

/** Values within a value: members, elements, bytes. */
function weigh(value: unknown): number {
  if (value instanceof Uint8Array) return value.length;
  if (typeof value !== 'object' || value === null) return typeof value === 'string' ? value.length : 1;
  let count = 1;
  for (const key in value) count += weigh((value as { [key: string]: unknown })[key]);
  return count;
}
