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

/** Turns objects into columns. */
export function columnsOf(fields: readonly string[], items: readonly object[], { header, body }: Fields): object {
  const columns: { [field: string]: unknown } = { length: items.length };
  for (const field of fields) {
    const { codec } = body?.declarations[field] ?? header?.fields[field] ?? {};
    columns[field] = codec?.numeric ? numbers(items, field) : items.map((item) => (item as typeof columns)[field]);
  }
  return columns;
}

function numbers(items: readonly object[], field: string): Float64Array {
  const column = new Float64Array(items.length);
  for (let i = 0; i < items.length; i++) column[i] = (items[i] as { [field: string]: number | undefined })[field] ?? NaN;
  return column;
}
