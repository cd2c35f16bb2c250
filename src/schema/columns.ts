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

/** Columns while items are added to them. Numbers have room for more than there are. */
export interface Growing {
  readonly columns: { readonly [field: string]: Float64Array | unknown[] };
  readonly length: number;
}

/** Columns of no items yet. */
export function growing(fields: readonly string[], { header, body }: Fields): Growing {
  const columnOf = (field: string) => ((body?.declarations[field] ?? header?.fields[field])?.codec.numeric ? new Float64Array(0) : []);
  return { columns: Object.fromEntries(fields.map((field) => [field, columnOf(field)])), length: 0 };
}

/** Adds the fields of items. */
export function append({ columns, length }: Growing, items: readonly object[]): Growing {
  const all = { ...columns }, sum = length + items.length;
  for (const [field, column] of Object.entries(columns)) {
    if (column instanceof Float64Array) numbers((all[field] = roomFor(column, sum)), length, field, items);
    else for (const item of items) column.push((item as { [field: string]: unknown })[field]);
  }
  return { columns: all, length: sum };
}

/** The columns, each as long as there are items. */
export function columnsOf({ columns, length }: Growing): object {
  const exact = (column: Float64Array | unknown[]) => (column.length > length ? column.slice(0, length) : column);
  return { length, ...Object.fromEntries(Object.entries(columns).map(([field, column]) => [field, exact(column)])) };
}

function roomFor(column: Float64Array, wanted: number): Float64Array {
  if (wanted <= column.length) return column;
  const larger = new Float64Array(Math.max(wanted, 2 * column.length));
  larger.set(column);
  return larger;
}

function numbers(column: Float64Array, at: number, field: string, items: readonly object[]): void {
  for (const item of items) column[at++] = (item as { [field: string]: number | undefined })[field] ?? NaN;
}
