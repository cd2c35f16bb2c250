import type { Codec } from './codec.ts';

/** A column: numbers as a Float64Array, NaN where there is none; anything else as an array. */
export type Column<V> = [NonNullable<V>] extends [number] ? Float64Array : V[];
/** Columns by field, and how many items they are of. */
export type Columns<T, K extends keyof T> = { readonly [F in K]-?: Column<T[F]> } & { readonly length: number };

/** What tells which fields are numbers. */
interface Fields {
  readonly header?: { readonly fields: { readonly [key: string]: { readonly codec: Codec<any> } } };
  readonly body?: { readonly declarations: { readonly [key: string]: { readonly codec: Codec<any> } } };
}

/** Columns while items are added to them, in parts: an array that grew would be copied again and again. */
export interface Growing {
  readonly parts: { readonly [field: string]: (Float64Array | unknown[])[] };
  /** Which fields are numbers. */
  readonly numeric: ReadonlySet<string>;
  length: number;
}

/** Columns of no items yet. */
export function growing(fields: readonly string[], { header, body }: Fields): Growing {
  const numeric = fields.filter((field) => (body?.declarations[field] ?? header?.fields[field])?.codec.numeric);
  return { parts: Object.fromEntries(fields.map((field) => [field, []])), numeric: new Set(numeric), length: 0 };
}

/** Adds the fields of items. */
export function append(columns: Growing, items: readonly object[]): Growing {
  for (const [field, parts] of Object.entries(columns.parts)) parts.push(columns.numeric.has(field) ? numbers(field, items) : values(field, items));
  columns.length += items.length;
  return columns;
}

/** The columns, each as long as there are items. */
export function columnsOf({ parts, numeric, length }: Growing): object {
  return { length, ...Object.fromEntries(Object.entries(parts).map(([field, all]) =>
    [field, numeric.has(field) ? joined(all as Float64Array[], length) : ([] as unknown[]).concat(...all as unknown[][])])) };
}

function joined(parts: readonly Float64Array[], length: number): Float64Array {
  const all = new Float64Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

type Numbers = { readonly [field: string]: number | undefined };
type Values = { readonly [field: string]: unknown };

function numbers(field: string, items: readonly object[]): Float64Array {
  const part = new Float64Array(items.length);
  for (let i = 0; i < items.length; i++) part[i] = (items[i] as Numbers)[field] ?? NaN;
  return part;
}

const values = (field: string, items: readonly object[]): unknown[] => items.map((item) => (item as Values)[field]);
