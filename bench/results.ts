/** What came out, and how it is shown: tables for a terminal and for RESULTS.md. */
import { median, type Samples } from './inside.ts';
import type { Programs } from './programs.ts';
import type { Workload } from './workloads.ts';

export interface Measured {
  readonly name: string;
  /** Milliseconds for each thing done, median of the rounds; undefined where it was not measured. */
  readonly ms?: number;
  readonly least?: number;
  readonly most?: number;
  /** The first of a program's passes, where it makes several. */
  readonly first?: number;
  readonly peak?: number;
  readonly more?: { readonly [name: string]: number };
  /** Why it was not measured. */
  readonly problem?: string;
}
export interface Result {
  readonly id: string;
  readonly title: string;
  readonly limit: string;
  readonly rows: readonly Measured[];
}

export interface Report {
  readonly machine: { readonly [what: string]: string };
  readonly versions: { readonly [program: string]: string };
  readonly results: readonly Result[];
}

/** Sums up the samples of a workload's rows, with the reason for each row that has none. */
export function result({ id, title, limit, rows, per = 1 }: Workload, samples: Samples, programs: Programs): Result {
  const measured = rows.map(({ name, program }): Measured => {
    const taken = programs[program], { samples: list = [], problem } = samples[name] ?? {};
    if (taken === undefined || 'missing' in taken) return { name, problem: taken?.missing ?? 'no such program' };
    if (list.length === 0) return { name, problem: problem ?? 'not measured' };
    const times = list.map(({ ms }) => ms / per);
    const keys = Object.keys(list[0].more);
    const more = Object.fromEntries(keys.map((key) => [key, median(list.map((sample) => sample.more[key]))]));
    const peak = median(list.map((sample) => sample.peak));
    const firsts = list.flatMap((sample) => sample.first === undefined ? [] : [sample.first / per]);
    const first = firsts.length > 0 ? { first: median(firsts) } : {};
    return { name, ms: median(times), least: Math.min(...times), most: Math.max(...times), ...first, peak, more };
  });
  return { id, title, limit, rows: measured };
}

export const timeOf = (results: readonly Result[], id: string, row: string): number | undefined =>
  find(results, id, row)?.ms;

export const find = (results: readonly Result[], id: string, row: string): Measured | undefined =>
  results.find((result) => result.id === id)?.rows.find(({ name }) => name === row);

const digits = (value: number): string => value === 0 ? '0' : value >= 1000 ? value.toFixed(0) : value.toPrecision(3);

/** The unit in which the numbers of a table are easy to read. */
const unitOf = ({ rows }: Result): readonly [string, number] => {
  const typical = median(rows.flatMap(({ ms }) => ms === undefined ? [] : [ms]));
  return typical < 0.001 ? ['ns', 1e6] : typical < 1 ? ['µs', 1e3] : ['ms', 1];
};

/** The cells of a table, its head first; rows that were not measured are left to `problems`. */
export function cells(table: Result): string[][] {
  const [unit, factor] = unitOf(table);
  const rows = table.rows.filter(({ ms }) => ms !== undefined);
  const limit = rows.find(({ name }) => name === table.limit)?.ms;
  const keys = new Set(rows.flatMap(({ more }) => Object.keys(more!)));
  const extra = [...keys].filter((key) => key !== 'count' && key !== 'refused');
  const several = rows.some(({ first }) => first !== undefined) ? ['first'] : [];
  const scaled = (key: string, value: number | undefined): string => {
    if (value === undefined) return '';
    return digits(key === 'delete' || key === 'create' ? value * factor : value);
  };
  return [
    ['', unit, `x ${table.limit}`, 'least', 'most', ...several, ...extra, 'peak MiB'],
    ...rows.map(({ name, ms = 0, least = 0, most = 0, first, more = {}, peak = 0 }) => [
      name, digits(ms * factor), limit === undefined ? '' : (ms / limit).toFixed(2),
      digits(least * factor), digits(most * factor),
      ...several.map(() => first === undefined ? '' : digits(first * factor)),
      ...extra.map((key) => scaled(key, more[key])), peak.toFixed(0),
    ]),
  ];
}

export const problems = ({ rows }: Result): string[] =>
  rows.flatMap(({ name, problem }) => problem === undefined ? [] : [`${name}: ${problem}`]);

/** Columns of a terminal, the first to the left and the others to the right. */
export function aligned(table: readonly (readonly string[])[]): string {
  const widths = table[0].map((_, column) => Math.max(...table.map((row) => row[column].length)));
  const place = (cell: string, column: number): string =>
    column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]);
  const line = (row: readonly string[]): string => row.map(place).join('  ').trimEnd();
  return table.map(line).join('\n');
}

/** A table of Markdown; what is ours is set in bold. */
export function markdown([head, ...rows]: readonly (readonly string[])[]): string {
  const line = (row: readonly string[]): string => `| ${row.join(' | ')} |`;
  const bold = (row: readonly string[]): readonly string[] =>
    row[0].startsWith('netlink-ts') ? row.map((cell) => cell === '' ? '' : `**${cell}**`) : row;
  const rule = line(head.map((_, i) => i === 0 ? '---' : '---:'));
  return [line(head), rule, ...rows.map((row) => line(bold(row)))].join('\n');
}
