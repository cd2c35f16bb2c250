import type { Memory } from '../bytes/memory.ts';
import { DecodeError } from '../errors.ts';
import { compile, type LayoutDecoder } from './compile.ts';
import { layoutOf, signature } from './layout.ts';
import type { Level } from './level.ts';
import type { Arrange } from './source.ts';
import type { Fields, Struct } from './struct.ts';

/** So many messages are read before their layouts are looked at: a short program looks at none. */
const ignored = 8;
/** A layout is met this often before a decoder is made for it. */
const worth = 8;
/** Decoders that are kept for one declaration, those that are made in all, and layouts that are counted. */
const most = 24, mostMade = 64, mostCounted = 256;

/**
 * The fast decoder beside the plain one of attributes.ts, which reads attribute by attribute through their codecs. Most
 * messages of a dump have the same few layouts (layout.ts); for a layout that comes often, a decoder is made that reads
 * exactly this one (compile.ts). Its guards look at every attribute's header, so that it either gives what the plain
 * decoder would give, key for key, or nothing, and then the plain one reads.
 *
 * What is broken, repeats or lies off its border is always left to the plain one, and everything is where code must not
 * be made of strings (`node --disallow-code-generation-from-strings`).
 */
export function specialised(level: Level, header?: Struct<Fields>, arrange?: Arrange): LayoutDecoder {
  const decoders: LayoutDecoder[] = [];
  let first: LayoutDecoder | undefined, counts = new Map<string, number>(), left = mostMade, met = 0;

  const learn = (m: Memory, at: number, end: number): void => {
    const steps = layoutOf(level, m, at, end);
    if (!steps) return;
    const name = signature(steps), count = (counts.get(name) ?? 0) + 1;
    if (counts.size >= mostCounted) counts = new Map();
    counts.set(name, count);
    if (count !== worth) return;
    left--;
    try {
      const decoder = compile(steps, level, header, arrange);
      if (decoder === undefined) return;
      first = decoder;
      if (decoders.unshift(first) > most) decoders.pop();
    } catch (error) {
      if (!(error instanceof EvalError)) throw error;
      left = 0; // code generation is forbidden here
    }
  };

  return (m, at, end, base, keep) => {
    if (((at | base) & 3) !== 0) return undefined;
    try {
      if (first !== undefined) {
        const value = first(m, at, end, base, keep);
        if (value !== undefined) return value;
        for (const decoder of decoders) {
          const value = decoder === first ? undefined : decoder(m, at, end, base, keep);
          if (value === undefined) continue;
          first = decoder;
          return value;
        }
      }
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      return undefined; // broken inside: the plain decoder keeps that as unknown
    }
    if (left > 0 && ++met > ignored) learn(m, at, end);
    return undefined;
  };
}

/** The same for a whole message, between `at` and `end`: its fixed header, and the attributes behind that. */
export function specialisedMessage(
  level: Level, header: Struct<Fields>, arrange?: Arrange,
): (m: Memory, at: number, end: number, keep?: (item: never) => boolean) => ReturnType<LayoutDecoder> {
  const aligned = (header.size + 3) & ~3, quick = specialised(level, header, arrange);
  return (m, at, end, keep) => (end - at >= aligned && end <= m.bytes.length ? quick(m, at + aligned, end, at, keep) : undefined);
}
