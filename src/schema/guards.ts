import { littleEndian } from '../bytes/memory.ts';
import type { Codec } from './codec.ts';
import type { AttributeStep, Step } from './layout.ts';
import { place, type Place } from './place.ts';
import type { Site } from './source.ts';
import type { Fields, Struct } from './struct.ts';

/** What a layout has and where: the guards that make sure of it, and the payloads, in the order they are met. */
export interface Guarded {
  readonly lines: string[];
  readonly values: { readonly met: number; readonly key: string; readonly site: Place; readonly codec: Codec<unknown> }[];
  readonly unknown: { readonly met: number; readonly site: Place; readonly type: number; readonly inside: readonly number[] }[];
}

/** Writes the guards of a layout: each header is as the layout has it, nothing is missing, and nothing comes behind. */
export function guards(steps: readonly Step[], header: Struct<Fields> | undefined, use: Site['use']): Guarded {
  const lines = ['const u8 = m.bytes, u16 = m.u16, u32 = m.u32, q = at >> 2, bq = base >> 2;'];
  const values: Guarded['values'] = [], unknown: Guarded['unknown'] = [];
  let met = 0, variables = 0;
  for (const [key, { offset, codec, shown }] of Object.entries(header?.fields ?? {}))
    if (shown) values.push({ met: met++, key, codec, site: place('base', 'bq', offset, codec.size, use) });
  level(steps, 'at', 'q', 'end', []);
  return { lines, values, unknown };

  /** One level of nesting, whose attributes start at the variable `p`; `q` is the same in words. */
  function level(steps: readonly Step[], p: string, q: string, end: string, inside: readonly number[]): void {
    let offset = 0;
    for (let i = 0; i < steps.length; ) {
      const tests: string[] = [];
      let last = 0;
      for (; i < steps.length; i++) { // those of a known length lie at known places, and are looked at together
        const step = steps[i]!;
        if ('steps' in step || step.length === undefined) break;
        tests.push(`u32[${q} + ${offset >> 2}] !== ${word(step.length, step.type)}`);
        take(step, place(p, q, offset + 4, step.length - 4, use), inside);
        last = offset + step.length;
        offset = (last + 3) & ~3;
      }
      if (tests.length > 0) lines.push(`if (${end} - ${p} < ${last} || ${tests.join(' || ')}) return undefined;`);
      const step = steps[i++];
      if (step === undefined) break;
      const n = variables++, start = `s${n}`, length = `l${n}`;
      lines.push(
        `const ${start} = ${p} + ${offset}, w${n} = ${start} >> 2;`,
        `if (${end} - ${start} < 4 || u16[w${n} * 2 + 1] !== ${step.type}) return undefined;`,
        `const ${length} = u16[w${n} * 2];`,
        `if (${length} < 4 || ${end} - ${start} < ${length}) return undefined;`,
      );
      if ('steps' in step) {
        lines.push(`const i${n} = ${start} + 4, j${n} = w${n} + 1, e${n} = ${start} + ${length};`);
        level(step.steps, `i${n}`, `j${n}`, `e${n}`, [...inside, step.id]);
      } else {
        take(step, { ...place(start, `w${n}`, 4, undefined, use), end: `(${start} + ${length})` }, inside);
      }
      lines.push(`const p${n} = ${start} + (${length} + 3 & ~3), q${n} = p${n} >> 2;`);
      [p, q, offset] = [`p${n}`, `q${n}`, 0];
    }
    lines.push(`if (${end} - ${p} >= ${offset + 4}) return undefined;`);
  }

  function take({ known, type }: AttributeStep, site: Place, inside: readonly number[]): void {
    if (known === 'padding') return;
    if (known) values.push({ met: met++, ...known, site });
    else unknown.push({ met: met++, site, type, inside });
  }
}

/** The header of an attribute as one number. */
const word = (length: number, type: number): number => (littleEndian ? (type << 16) | length : (length << 16) | type) >>> 0;
