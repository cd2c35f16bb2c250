import { littleEndian, type Memory } from '../bytes/memory.ts';
import type { Codec, Owner } from './codec.ts';
import type { AttributeStep, Step } from './layout.ts';
import { copyOf } from './leaves.ts';
import type { Level, RawAttribute } from './level.ts';
import { place, type Place } from './place.ts';
import type { Fields, Struct } from './struct.ts';

/** Reads a message of one layout; undefined where this one has another. `base` is where the fixed header starts. */
export type LayoutDecoder = (m: Memory, at: number, end: number, base: number) => Owner | undefined;

/** One key of the object and the expression of its value; without a source, the codec is called. */
interface Value {
  readonly key: string;
  readonly site: Place;
  readonly codec: Codec<unknown>;
}

/**
 * Makes the decoder of one layout, as a function of straight lines:
 *
 *     if (u32[q + 7] !== 0xf0008) return undefined;       // a guard for each attribute's header
 *     const v0 = names[u8[p]], v1 = u32[q + 8];           // each value once
 *     return { "family": v0, "table": v1 };               // the object in one piece, so that V8 knows its shape
 *
 * Its keys are in the order in which the plain decoder meets them. A codec that brings no source is called; it may look
 * at the object it belongs to, which then exists before its later keys have their values.
 */
export function compile(steps: readonly Step[], level: Level, header: Struct<Fields> | undefined, only?: ReadonlySet<string>): LayoutDecoder {
  const names: string[] = [], constants: unknown[] = [];
  const use = (value: unknown): string => {
    let i = constants.indexOf(value);
    if (i < 0) i = constants.push(value) - 1;
    return (names[i] = `c${i}`);
  };
  const values: Value[] = [], unknown: { site: Place; type: number; inside: readonly number[] }[] = [], lines: string[] = [];
  const order: string[] = [];
  const met = (key: string): void => { if (!order.includes(key)) order.push(key); };
  const variables = { count: 0 };

  if (header)
    for (const [key, { offset, codec, shown }] of Object.entries(header.fields))
      if (shown) {
        values.push({ key, codec, site: place('base', 'bq', offset, codec.size, use) });
        met(key);
      }
  guards(steps, 'at', 'q', 'end', []);

  /** Guards of one level, whose attributes start at the variable `p`, `q` being the same in words. */
  function guards(level: readonly Step[], p: string, q: string, end: string, inside: readonly number[]): void {
    let offset = 0, i = 0;
    while (i < level.length) {
      const run: { step: AttributeStep; offset: number }[] = [];
      let last = offset;
      for (; i < level.length; i++) { // those of a known length lie at known places, and are looked at together
        const step = level[i]!;
        if ('steps' in step || step.length === undefined) break;
        run.push({ step, offset });
        last = offset + step.length;
        offset = (last + 3) & ~3;
      }
      if (run.length > 0) {
        const tests = run.map(({ step, offset }) => `u32[${q} + ${offset >> 2}] !== ${word(step.length!, step.type)}`);
        lines.push(`if (${end} - ${p} < ${last} || ${tests.join(' || ')}) return undefined;`);
        for (const { step, offset } of run) take(step, place(p, q, offset + 4, step.length! - 4, use), inside);
      }
      const step = level[i++];
      if (step === undefined) break;
      const n = variables.count++, [start, length, next] = [`s${n}`, `l${n}`, `p${n}`];
      lines.push(
        `const ${start} = ${p} + ${offset};`,
        `if (${end} - ${start} < 4 || u16[${start} + 2 >> 1] !== ${step.type}) return undefined;`,
        `const ${length} = u16[${start} >> 1];`,
        `if (${length} < 4 || ${end} - ${start} < ${length}) return undefined;`,
      );
      if ('steps' in step) {
        lines.push(`const ${start}i = ${start} + 4, ${start}q = ${start}i >> 2, ${start}e = ${start} + ${length};`);
        guards(step.steps, `${start}i`, `${start}q`, `${start}e`, [...inside, step.id]);
      } else {
        take(step, { ...place(start, `(${start} >> 2)`, 4, undefined, use), end: `${start} + ${length}` }, inside);
      }
      lines.push(`const ${next} = ${start} + (${length} + 3 & ~3), q${n} = ${next} >> 2;`);
      [p, q, offset] = [next, `q${n}`, 0];
    }
    lines.push(`if (${end} - ${p} >= ${offset + 4}) return undefined;`);
  }

  function take(step: AttributeStep, site: Place, inside: readonly number[]): void {
    if (step.known) {
      values.push({ ...step.known, site });
      met(step.known.key);
    } else {
      unknown.push({ site, type: step.type, inside });
      met('unknown');
    }
  }

  const absent = new Map(level.absent.map(({ key, value }) => [key, value]));
  for (const key of absent.keys()) met(key);
  const wanted = (key: string): boolean => only === undefined || only.has(key);
  const have = new Map<string, string>(), body: string[] = [];
  let made = false;
  /** The object with the values there are; its other keys are there, too, and have theirs later. */
  const literal = (): string => `{ ${order.filter((key) => made || wanted(key)).map((key) => `${JSON.stringify(key)}: ${have.get(key) ?? 'undefined'}`).join(', ')} }`;

  const wholly = only !== undefined && values.some(({ key, codec, site }) => wanted(key) && codec.read.source?.({ ...site, base: 'base', sibling: () => 'undefined' }) === undefined);
  const needed = (key: string): boolean => wholly || wanted(key);
  const define = (value: Value, i: number): void => {
    const { key, site, codec } = value, earlier = values.slice(0, i);
    const sibling = (name: string): string => {
      const at = earlier.findLastIndex((other) => other.key === name);
      if (at < 0) return 'undefined';
      if (!have.has(name)) define(earlier[at]!, at);
      return have.get(name)!;
    };
    const source = codec.read.source?.({ ...site, base: 'base', sibling });
    const or = absent.has(key) ? use(absent.get(key)) : undefined;
    if (source === undefined && !made) {
      made = true;
      body.push(`const o = ${literal()};`);
    }
    const expression = source ?? `${use(codec)}.read(m, ${site.at}, ${site.end}, o, base)`;
    body.push(`${or === undefined ? 'const' : 'let'} v${i} = ${expression};`);
    if (or !== undefined) body.push(`if (v${i} === undefined) v${i} = ${or};`);
    have.set(key, `v${i}`);
    if (made) body.push(`o[${JSON.stringify(key)}] = v${i};`);
  };
  values.forEach((value, i) => { if (needed(value.key) && !(have.get(value.key) === `v${i}`)) define(value, i); });

  if (unknown.length > 0 && wanted('unknown')) {
    const kept = unknown.map(({ site, type, inside }) => `${use(keep)}(${use(copyOf)}(m, ${site.at}, ${site.end}), ${type}, ${inside.length > 0 ? use(inside) : 'undefined'})`);
    have.set('unknown', `[${kept.join(', ')}]`);
    if (made) body.push(`o["unknown"] = ${have.get('unknown')};`);
  }
  for (const [key, value] of absent)
    if (!have.has(key) && needed(key)) {
      have.set(key, use(value));
      if (made) body.push(`o[${JSON.stringify(key)}] = ${have.get(key)};`);
    }
  const whole = made && only === undefined ? 'o' : (made = false, literal());
  const source = [
    'const u8 = m.bytes, u16 = m.u16, u32 = m.u32, q = at >> 2, bq = base >> 2;', ...lines, ...body, `return ${whole};`,
  ].join('\n');
  // nothing in the source comes from outside: it is made of declarations, their keys spelt as JSON
  return new Function(...names, `return function layout(m, at, end, base) {\n${source}\n}`)(...constants) as LayoutDecoder;
}

/** The header of an attribute as one number. */
const word = (length: number, type: number): number => (littleEndian ? ((type << 16) | length) >>> 0 : ((length << 16) | type) >>> 0);

const keep = (data: Uint8Array, type: number, inside: readonly number[] | undefined): RawAttribute =>
  inside ? { type, data, inside: [...inside] } : { type, data };
