import { get16, type Memory } from '../bytes/memory.ts';
import { NLA_TYPE_MASK } from '../wire/header.ts';
import { fits, type Codec } from './codec.ts';
import type { Entry, Level } from './level.ts';

/**
 * How the attributes of a message follow one another: the messages of a dump have few layouts. What belongs to it is the
 * type of each, flags and all, and its length where the way it is read depends on that.
 */
export type Step = AttributeStep | NestStep;

export interface AttributeStep {
  readonly type: number;
  /** Header and payload together; undefined where any length will do. */
  readonly length: number | undefined;
  /** Undefined for one that is kept as it came, 'padding' for one that is not. */
  readonly known: { readonly key: string; readonly codec: Codec<unknown> } | 'padding' | undefined;
}

/** A nest that the user's object does not show. */
export interface NestStep {
  readonly type: number;
  readonly id: number;
  readonly steps: readonly Step[];
}

/** The layout of what lies between `at` and `end`; undefined where it is left to the plain decoder. */
export function layoutOf(level: Level, m: Memory, at: number, end: number): Step[] | undefined {
  const steps: Step[] = [], met = new Set<string>();
  return walk(level, m, at, end, steps, met) ? steps : undefined;
}

function walk(level: Level, m: Memory, at: number, end: number, steps: Step[], met: Set<string>): boolean {
  while (end - at >= 4) {
    const length = get16(m, at), type = get16(m, at + 2), entry = level.byId[type & NLA_TYPE_MASK];
    if (length < 4 || at + length > end || steps.length > 200) return false;
    if (entry === undefined) steps.push({ type, length: undefined, known: undefined });
    else if (entry.key === undefined && entry.level === undefined) steps.push({ type, length, known: length === 4 ? 'padding' : undefined });
    else if (entry.key === undefined) {
      const inner: Step[] = [];
      if (!walk(entry.level, m, at + 4, at + length, inner, met)) return false;
      steps.push({ type, id: entry.id, steps: inner });
    } else {
      const step = attributeStep(entry, type, length);
      if (step === undefined || met.has(entry.key)) return false; // what repeats
      if (entry.after !== undefined && !met.has(entry.after)) return false; // what waits for a sibling
      met.add(entry.key);
      steps.push(step);
    }
    at += (length + 3) & ~3;
  }
  return true;
}

function attributeStep({ key, attribute }: Entry & { key: string }, type: number, length: number): AttributeStep | undefined {
  const codec = attribute.codec as Codec<unknown>;
  if (codec.each !== undefined) return undefined;
  if (!fits(codec, length - 4)) return { type, length, known: undefined };
  const any = codec.size === 0 && codec.fits === undefined && !codec.read.exact;
  return { type, length: any ? undefined : length, known: { key, codec } };
}

/** Two messages of one layout have the same signature. */
export const signature = (steps: readonly Step[]): string =>
  steps.map((step) => ('steps' in step ? `${step.type}(${signature(step.steps)})` : `${step.type}:${step.length ?? ''}`)).join();
