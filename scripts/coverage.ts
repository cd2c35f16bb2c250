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
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { transformSync } from 'esbuild';
import { reasons } from './coverage-reasons.ts';
import { run } from './run.ts';

interface Place { readonly start: { readonly line: number; readonly column: number } }
/** How often each line and each branch of a file was run, as c8 has it. */
interface Counts {
  readonly statementMap: { readonly [number: string]: Place };
  readonly s: { readonly [number: string]: number };
  readonly branchMap: { readonly [number: string]: { readonly loc: Place } };
  readonly b: { readonly [number: string]: readonly number[] };
}
type Report = Record<string, Counts>;

/** Percent that a file has without a reason. */
const wanted = { lines: 95, branches: 90 };

const top = dirname(dirname(fileURLToPath(import.meta.url))), work = join(top, '.tmp/coverage'), measured = join(work, 'measured');
const { values, positionals: words } = parseArgs({ allowPositionals: true, options: { keep: { type: 'boolean', default: false }, report: { type: 'boolean', default: false } } });

if (!values.keep && !values.report) rmSync(measured, { recursive: true, force: true });
mkdirSync(measured, { recursive: true });
if (!values.report) {
  const tests = await run(process.execPath, ['--import', 'tsx', join(top, 'scripts/test.ts'), ...words], { cwd: top, inherit: true, env: { ...process.env, NODE_V8_COVERAGE: measured } });
  if (tests.code !== 0) process.exitCode = 1;
}
const files = await report(measured, 'src/**', ...['--all', '--src', 'src'], ...typesOnly().flatMap((file) => ['--exclude', file]));
for (const [path, counts] of Object.entries(files)) files[path] = withoutHelpers(path, counts);
for (const [path, counts] of Object.entries(await reportProgram())) files[path] = inEither(files[path]!, counts);
print(files);

/** Has c8 read what V8 has measured; hundreds of processes' files are merged one by one, for they do not fit the memory together. */
async function report(from: string, include: string, ...more: readonly string[]): Promise<Report> {
  const into = `${from}-report`;
  const args = ['report', '--include', include, ...more, '--temp-directory', from, '--reports-dir', into, '--reporter', 'json', '--merge-async'];
  const c8 = await run(process.execPath, ['--max-old-space-size=6000', join(top, 'node_modules/c8/bin/c8.js'), ...args], { cwd: top });
  if (c8.code !== 0) throw new Error(`c8 failed: ${c8.output}`);
  return JSON.parse(readFileSync(join(into, 'coverage-final.json'), 'utf8'));
}

/** Files of which nothing is left to run. */
function typesOnly(): string[] {
  const sources = readdirSync(join(top, 'src'), { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts')).map((file) => `src/${file}`);
  return sources.filter((file) => transformSync(readFileSync(join(top, file), 'utf8'), { loader: 'ts' }).code.trim() === '');
}

/**
 * What engines start is two files in which all sources are joined, and one that starts them, in a folder of each test's
 * own: they are made once more, and what was run of them is found in the sources by their maps.
 */
async function reportProgram(): Promise<Report> {
  const dist = join(work, 'dist'), from = join(work, 'program');
  rmSync(from, { recursive: true, force: true });
  mkdirSync(from, { recursive: true });
  const built = await run(process.execPath, ['--import', 'tsx', join(top, 'scripts/build.ts'), dist, 'code', 'plain'], { cwd: top });
  if (built.code !== 0) throw new Error(`the build failed: ${built.output}`);
  const urlOf = (name: string): string => pathToFileURL(join(dist, name)).href;
  const maps = Object.fromEntries(['engines/main.cjs', 'engines/rest.cjs', 'engines/bin.cjs'].map((name) => {
    const map = JSON.parse(readFileSync(join(dist, `${name}.map`), 'utf8')) as { sources: string[] };
    return [urlOf(name), { data: { ...map, sources: map.sources.map((source) => resolve(dist, 'engines', source)) } }];
  }));
  for (const file of readdirSync(measured)) {
    const ours = scriptsOf(join(measured, file)).flatMap((script) => {
      const name = /\/dist\/(engines\/(?:main|rest|bin)\.cjs)$/.exec(script.url)?.[1];
      return name === undefined ? [] : [{ ...script, url: urlOf(name) }];
    });
    if (ours.length > 0) writeFileSync(join(from, file), JSON.stringify({ result: ours, 'source-map-cache': maps }));
  }
  return readdirSync(from).length === 0 ? {} : report(from, 'src/engines/**', '--exclude-after-remap');
}

/**
 * What was run of a source, by itself or as a part of the joined file. Both have its lines; their branches cannot be
 * told to be the same ones, so that those count of which more were run.
 */
function inEither(source: Counts, program: Counts): Counts {
  const lines = new Set(Object.keys(program.s).filter((number) => program.s[number]! > 0).map((number) => program.statementMap[number]!.start.line));
  const s = Object.fromEntries(Object.entries(source.s).map(([number, count]) => [number, count + Number(lines.has(source.statementMap[number]!.start.line))]));
  const { branchMap, b } = branchesOf(program) > branchesOf(source) ? program : source;
  return { ...source, s, branchMap, b };
}

function scriptsOf(file: string): { url: string }[] {
  try {
    return (JSON.parse(readFileSync(file, 'utf8')) as { result?: { url: string }[] }).result ?? [];
  } catch {
    return []; // its process was killed while it wrote
  }
}

function print(files: Report): void {
  const rows = Object.entries(files).map(([path, counts]) => ({ path: relative(top, path), counts, lines: linesOf(counts), branches: branchesOf(counts) }));
  const low = rows.filter(({ lines, branches }) => lines < wanted.lines || branches < wanted.branches);
  for (const { path, lines, branches, counts } of low) {
    const reason = reasons[path];
    if (reason === undefined) process.exitCode = 1;
    console.log(`${reason === undefined ? 'LOW' : 'low'}  ${path}  lines ${lines} %, branches ${branches} %: ${reason ?? notRun(counts)}`);
  }
  for (const path of Object.keys(reasons)) {
    if (!existsSync(join(top, path))) process.exitCode = 1;
    if (!low.some((row) => row.path === path)) console.log(`no reason is needed any more for ${path}`);
  }
  const all = rows.map(({ counts }) => counts);
  console.log(`\n${rows.length} files, ${low.length} below ${wanted.lines} % of lines or ${wanted.branches} % of branches; in all lines ${linesOf(...all)} %, branches ${branchesOf(...all)} %`);
}

/**
 * The loader puts code of its own before a file that has `using`, whose branches are told of the first line: that is an
 * import or a comment, and has none. And it looks at what comes of `import()`, with a branch inside of its brackets.
 */
function withoutHelpers(path: string, counts: Counts): Counts {
  const lines = readFileSync(path, 'utf8').split('\n'), bare = /^(import |\/[/*])/.test(lines[0]!);
  const own = Object.entries(counts.b).filter(([number]) => {
    const { line, column } = counts.branchMap[number]!.loc.start;
    return !(bare && line === 1) && !/\bimport\('[^']*'?$/.test((lines[line - 1] ?? '').slice(0, column));
  });
  return { ...counts, b: Object.fromEntries(own) };
}

function linesOf(...counts: readonly Counts[]): number {
  return percent(counts.flatMap(({ s }) => Object.values(s)));
}

function branchesOf(...counts: readonly Counts[]): number {
  return percent(counts.flatMap(({ b }) => Object.values(b).flat()));
}

function percent(counts: readonly number[]): number {
  return counts.length === 0 ? 100 : Math.floor(10_000 * counts.filter((count) => count > 0).length / counts.length) / 100;
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
