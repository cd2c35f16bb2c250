/**
 * Decodes every message of the tapes, whole, cut and with wrong bytes in it, often enough for decoders to be made, and
 * prints a digest of what came of each. `inspect` keeps apart what deep equality does not: the order of keys, a key that
 * is undefined, -0. Run with and without --disallow-code-generation-from-strings.
 */
import { createHash } from 'node:crypto';
import { inspect } from 'node:util';
import { readTape, tapes } from '../../../../scripts/annotate.ts';
import { get16, type Memory } from '../../../../src/bytes/memory.ts';
import { eachMessage } from '../../../../src/conversation/frame.ts';
import { DecodeError } from '../../../../src/errors.ts';
import { routeProtocol } from '../../../../src/route/protocol.ts';
import { parseTape } from '../../../../src/testing/index.ts';
import { memoryCopy } from '../../../../src/transport/tape.ts';
import { headerSize } from '../../../../src/wire/header.ts';

let made = 0;
globalThis.Function = new Proxy(Function, {
  construct(target, parameters: string[]) {
    const maker = new target(...parameters);
    made++;
    return maker;
  },
});

function digest(m: Memory, at: number, end: number, type: number): string {
  try {
    const value = routeProtocol.messages[type]!.message.decode(m, at, end);
    return createHash('sha1').update(inspect(value, { depth: null, maxArrayLength: null, maxStringLength: null, breakLength: Infinity })).digest('base64').slice(0, 12);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return `${error.offset} ${error.message}`;
  }
}

/** The same bytes elsewhere in a buffer: `at` need not be a border of four bytes. */
function moved(bytes: Uint8Array, at: number): Memory {
  const copy = new Uint8Array(bytes.length + at);
  copy.set(bytes, at);
  return memoryCopy(copy);
}

let seed = 11;
const random = (below: number): number => (seed = (seed * 48271) % 0x7fffffff) % below;
const seen = new Map<string, number>();

for (const path of tapes())
  for (const entry of parseTape(readTape(path)).entries) {
    if (entry.type !== 'send' && entry.type !== 'receive') continue;
    eachMessage(memoryCopy(entry.bytes), entry.bytes.length, (from, to) => {
      const bytes = entry.bytes.subarray(from, to), m = memoryCopy(bytes), type = get16(m, 4);
      if (!routeProtocol.messages[type]) return;
      const shape = `${type} ${bytes.length}`, times = (seen.get(shape) ?? 0) + 1;
      seen.set(shape, times);
      if (times > 12) return; // many tapes begin alike
      const results: string[] = [];
      for (let round = 0; round < 12; round++) results.push(digest(m, headerSize, bytes.length, type));
      for (let round = 0; round < 24; round++) {
        const wrong = new Uint8Array(bytes);
        for (let i = 0; i <= random(3) && wrong.length > headerSize; i++)
          wrong[headerSize + random(Math.min(wrong.length - headerSize, 1500))] = random(2) ? random(256) : random(24);
        results.push(digest(memoryCopy(wrong), headerSize, wrong.length, type));
      }
      for (let round = 0; round < 8; round++) results.push(digest(m, headerSize, headerSize + random(bytes.length - headerSize + 1), type));
      for (let at = 1; at < 5; at++) results.push(digest(moved(bytes, at), headerSize + at, bytes.length + at, type));
      console.log(`${path} ${from} ${type}: ${results.join(' ')}`);
    });
  }
console.log(`decoders: ${made}`);
