import { memoryOf } from '../../src/bytes/memory.ts';
import { Writer } from '../../src/bytes/writer.ts';
import type { Codec } from '../../src/schema/codec.ts';

/** What a codec makes of some bytes; undefined where it refuses them. */
export function reads(codec: Codec<any>, bytes: readonly number[]): unknown {
  try {
    return codec.read(memoryOf(Uint8Array.from(bytes)), 0, bytes.length, {}, 0);
  } catch {
    return undefined;
  }
}

/** Bytes that a codec writes for a value; undefined where it refuses it. */
function writes(codec: Codec<any>, value: unknown): Uint8Array | undefined {
  try {
    const w = new Writer(64);
    codec.write(w, value, {}, 0);
    return w.written();
  } catch {
    return undefined;
  }
}

/**
 * The byte order of a number, found by reading (or, of a truth value, by writing) one. Undefined for what is not shown
 * as a number: addresses, names. The comparison needs a machine that stores the lowest byte first.
 */
export function orderOf(codec: Codec<any> & { readonly number?: Codec<number> }, width: number): 'host' | 'big' | undefined {
  const number = codec.number ?? codec, rest = new Array<number>(width - 1).fill(0);
  const first = amount(reads(number, [1, ...rest])), last = amount(reads(number, [...rest, 1]));
  if (first !== undefined && last !== undefined && first !== last) return first < last ? 'host' : 'big';
  const bytes = writes(number, true);
  if (bytes?.length !== width) return undefined;
  return bytes[0] === 1 ? 'host' : bytes[width - 1] === 1 ? 'big' : undefined;
}

const amount = (value: unknown): number | undefined =>
  typeof value === 'number' || typeof value === 'bigint' ? Number(value) : undefined;
