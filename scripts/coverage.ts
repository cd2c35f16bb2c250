/**
 * Measures which lines and branches of src/ the tests run: unit, replay and live ones together, with the programs and
 * workers that they start. Says which files are below 95 % of lines or 90 % of branches, and fails if one of them has no
 * reason in coverage-reasons.ts.
 *
 *     npm run coverage [-- word ...] [--keep] [--report]
 *
 * With words, only test files whose path contains one of them are run. `--keep` adds to what the runs before have
 * measured, `--report` runs nothing and only reports on that. What is measured lies below .tmp/coverage.
 */
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { reasons } from './coverage-reasons.ts';
import { run } from './run.ts';

interface Share { readonly pct: number }
interface Shares { readonly lines: Share; readonly branches: Share }

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
const files = JSON.parse(readFileSync(join(reported, 'coverage-summary.json'), 'utf8')) as Record<string, Shares>;
print(files);

/** Has c8 read what V8 has measured; hundreds of processes' files are merged one by one, for they do not fit the memory together. */
async function report(): Promise<void> {
  const args = ['report', '--all', '--src', 'src', '--include', 'src/**', '--temp-directory', measured, '--reports-dir', reported, '--reporter', 'json-summary', '--merge-async'];
  const c8 = await run(process.execPath, ['--max-old-space-size=6000', join(top, 'node_modules/c8/bin/c8.js'), ...args], { cwd: top });
  if (c8.code !== 0) throw new Error(`c8 failed: ${c8.output}`);
}

function print({ total, ...files }: Record<string, Shares>): void {
  const rows = Object.entries(files).map(([path, shares]) => ({ path: relative(top, path), lines: shares.lines.pct, branches: shares.branches.pct }));
  const low = rows.filter(({ lines, branches }) => lines < wanted.lines || branches < wanted.branches);
  for (const { path, lines, branches } of low) {
    const reason = reasons[path];
    if (reason === undefined) process.exitCode = 1;
    console.log(`${reason === undefined ? 'LOW' : 'low'}  ${path}  lines ${lines} %, branches ${branches} %${reason === undefined ? '' : `: ${reason}`}`);
  }
  for (const path of Object.keys(reasons)) if (!low.some((row) => row.path === path)) console.log(`no reason is needed any more for ${path}`);
  console.log(`\n${rows.length} files, ${low.length} below ${wanted.lines} % of lines or ${wanted.branches} % of branches; in all lines ${total!.lines.pct} %, branches ${total!.branches.pct} %`);
}
