import type { Memory } from '../bytes/memory.ts';
import type { Owner } from './codec.ts';
import { guards } from './guards.ts';
import type { Step } from './layout.ts';
import { copyOf } from './leaves.ts';
import type { Level, RawAttribute } from './level.ts';
import { literal, type Arrange } from './source.ts';
import type { Fields, Struct } from './struct.ts';

/**
 * Reads a message of one layout; undefined where this one has another. `base` is where the fixed header starts, `keep`
 * and `null` are project.ts's.
 */
export type LayoutDecoder = (m: Memory, at: number, end: number, base: number, keep?: (item: never) => boolean) => Owner | null | undefined;

/**
 * Makes the decoder of one layout, as a function of straight lines:
 *
 *     if (u32[q + 7] !== 0xf0008) return undefined;       // a guard for each attribute's header
 *     const v0 = names[u8[p]], v1 = u32[q + 8];           // each value once
 *     return { "family": v0, "table": v1 };               // the object in one piece, so that V8 knows its shape
 *
 * Its keys are in the order in which the plain decoder meets them. A codec that brings no source is called; it may look
 * at the object it belongs to, which then exists before its later keys have their values. Where it exists, `arrange`
 * cannot have the object otherwise: there is no decoder then.
 */
export function compile(steps: readonly Step[], level: Level, header: Struct<Fields> | undefined, arrange: Arrange = literal): LayoutDecoder | undefined {
  const constants: unknown[] = [];
  const use = (value: unknown): string => {
    const i = constants.indexOf(value);
    return `c${i < 0 ? constants.push(value) - 1 : i}`;
  };
  const { lines, values, unknown } = guards(steps, header, use);
  const order = [...new Set([...values.map(({ key, met }) => [met, key] as const), ...unknown.slice(0, 1).map(({ met }) => [met, 'unknown'] as const)]
    .sort(([a], [b]) => a - b).map(([, key]) => key).concat(level.absent.map(({ key }) => key)))];
  const have = new Map<string, string>();
  const absent = new Map(level.absent.map(({ key, value }) => [key, value]));
  /** Which line makes which variable, where nothing but its value comes of it. */
  const idle = new Map<string, number>();
  let made = false;
  const object = (): string => arrange(Object.fromEntries(order.map((key) => [key, have.get(key) ?? 'undefined'])));
  const give = (key: string, expression: string): void => {
    have.set(key, expression);
    if (made) lines.push(`o[${JSON.stringify(key)}] = ${expression};`);
  };

  values.forEach(({ key, site, codec }, i) => {
    const sibling = (name: string): string => have.get(name) ?? 'undefined';
    const source = codec.read.source?.({ ...site, base: 'base', sibling });
    if (source === undefined && !made) {
      lines.push(`const o = ${object()};`);
      made = true;
    }
    const reads: string[] = [`let v${i} = ${source ?? `${use(codec)}.read(m, ${site.at}, ${site.end}, o, base)`};`];
    if (absent.has(key)) reads.push(`if (v${i} === undefined) v${i} = ${use(absent.get(key))};`);
    lines.push(reads.join('\n'));
    if (source !== undefined) idle.set(`v${i}`, lines.length - 1);
    give(key, `v${i}`);
  });
  if (unknown.length > 0)
    give('unknown', `[${unknown.map(({ site, type, inside }) => `${use(keep)}(${use(copyOf)}(m, ${site.at}, ${site.end}), ${type}, ${inside.length > 0 ? use(inside) : 'undefined'})`).join(', ')}]`);
  for (const [key, value] of absent) if (!have.has(key)) give(key, use(value));
  if (made && arrange !== literal) return undefined;
  lines.push(`return ${made ? 'o' : object()};`);
  if (arrange !== literal) dropUnused(lines, idle);
  const source = lines.join('\n');
  // nothing in the source comes from outside: it is made of declarations, their keys spelt as JSON
  return new Function(...constants.map((_, i) => `c${i}`), `return function layout(m, at, end, base, keep) {\n${source}\n}`)(...constants) as LayoutDecoder;
}

const keep = (data: Uint8Array, type: number, inside: readonly number[] | undefined): RawAttribute =>
  inside ? { type, data, inside: [...inside] } : { type, data };

/** Takes away the lines whose variables are of no use to those behind them. */
function dropUnused(lines: string[], idle: ReadonlyMap<string, number>): void {
  for (const [name, at] of [...idle].reverse())
    if (!lines.slice(at + 1).some((line) => new RegExp(`\\b${name}\\b`).test(line))) lines[at] = '';
}
