/**
 * Measures which lines and branches of src/ the tests run: unit, replay and live ones together, with the programs and
 * workers that they start. Says which files are below 95 % of lines or 90 % of branches, with the lines that were not
 * run, and fails if one of them has no reason in coverage-reasons.ts. Files that hold nothing but types are left out.
 *
 *     npm run coverage [-- word ...] [--keep] [--report]
 *
 * With words, only test files whose path contains one of them are run. `--keep` adds to what the runs before have
 * measured, `--report` runs nothing and only reports on that. What is measured lies below .tmp/coverage.
 */
import { mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { transformSync } from 'esbuild';
import { reasons } from './coverage-reasons.ts';
import { run } from './run.ts';

interface Share { readonly pct: number }
interface Shares { readonly lines: Share; readonly branches: Share }
interface Place { readonly start: { readonly line: number } }
/** How often each line and each branch of a file was run. */
interface Counts {
  readonly statementMap: { readonly [number: string]: Place };
  readonly s: { readonly [number: string]: number };
  readonly branchMap: { readonly [number: string]: { readonly loc: Place } };
  readonly b: { readonly [number: string]: readonly number[] };
}

/** Percent that a file has without a reason. */
const wanted = { lines: 95, branches: 90 };

const top = dirname(dirname(fileURLToPath(import.meta.url))), measured = join(top, '.tmp/coverage/measured'), reported = join(top, '.tmp/coverage/report');
const { values, positionals: words } = parseArgs({ allowPositionals: true, options: { keep: { type: 'boolean', default: false }, report: { type: 'boolean', default: false } } });

if (!values.keep && !values.report) rmSync(measured, { recursive: true, force: true });
mkdirSync(measured, { recursive: true });
if (!values.report) {
  const tests = await run(process.execPath, ['--import', 'tsx', join(top, 'scripts/test.ts'), ...words], { cwd: top, inherit: true, env: { ...process.env, NODE_V8_COVERAGE: measured } });
  if (tests.code !== 0) process.exitCode = 1;
}
await report();
print(read('coverage-summary.json'), read('coverage-final.json'));

/** Has c8 read what V8 has measured; hundreds of processes' files are merged one by one, for they do not fit the memory together. */
async function report(): Promise<void> {
  const args = [
    'report', '--all', '--src', 'src', '--include', 'src/**', ...typesOnly().flatMap((file) => ['--exclude', file]),
    '--temp-directory', measured, '--reports-dir', reported, '--reporter', 'json-summary', '--reporter', 'json', '--merge-async',
  ];
  const c8 = await run(process.execPath, ['--max-old-space-size=6000', join(top, 'node_modules/c8/bin/c8.js'), ...args], { cwd: top });
  if (c8.code !== 0) throw new Error(`c8 failed: ${c8.output}`);
}

/** Files of which nothing is left to run. */
function typesOnly(): string[] {
  const files = readdirSync(join(top, 'src'), { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts')).map((file) => `src/${file}`);
  return files.filter((file) => transformSync(readFileSync(join(top, file), 'utf8'), { loader: 'ts' }).code.trim() === '');
}

function read<T>(file: string): Record<string, T> {
  return JSON.parse(readFileSync(join(reported, file), 'utf8'));
}

function print({ total, ...files }: Record<string, Shares>, counts: Record<string, Counts>): void {
  const rows = Object.entries(files).map(([path, shares]) => ({ path: relative(top, path), lines: shares.lines.pct, branches: shares.branches.pct }));
  const low = rows.filter(({ lines, branches }) => lines < wanted.lines || branches < wanted.branches);
  for (const { path, lines, branches } of low) {
    const reason = reasons[path];
    if (reason === undefined) process.exitCode = 1;
    console.log(`${reason === undefined ? 'LOW' : 'low'}  ${path}  lines ${lines} %, branches ${branches} %: ${reason ?? notRun(counts[join(top, path)]!)}`);
  }
  for (const path of Object.keys(reasons)) if (!low.some((row) => row.path === path)) console.log(`no reason is needed any more for ${path}`);
  console.log(`\n${rows.length} files, ${low.length} below ${wanted.lines} % of lines or ${wanted.branches} % of branches; in all lines ${total!.lines.pct} %, branches ${total!.branches.pct} %`);
}

/** `lines 7-9, 12, branches 3, 40`: branches outside of those lines, by the line they start in. */
function notRun({ statementMap, s, branchMap, b }: Counts): string {
  const lines = Object.keys(s).filter((number) => s[number] === 0).map((number) => statementMap[number]!.start.line);
  const branches = Object.keys(b).filter((number) => b[number]!.includes(0)).map((number) => branchMap[number]!.loc.start.line);
  return [['lines', lines], ['branches', [...new Set(branches)].filter((line) => !lines.includes(line))]]
    .flatMap(([what, numbers]) => numbers!.length > 0 ? [`${what} ${ranges(numbers as number[])}`] : []).join(', ');
}

/** `1, 2, 3, 7` as `1-3, 7` */
function ranges(numbers: readonly number[]): string {
  const parts: [number, number][] = [];
  for (const number of numbers.toSorted((x, y) => x - y)) {
    const last = parts.at(-1);
    if (last && number <= last[1] + 1) last[1] = number;
    else parts.push([number, number]);
  }
  return parts.map(([from, to]) => (from === to ? from : `${from}-${to}`)).join(', ');
}
