/**
 * Runs the tests: each file in its own process, those under test/live in a sandbox, and the type check.
 *
 *     npm test -- [word ...] [--as root|user] [--ffi all|koffi|ffi-napi|node-ffi] [--timeout seconds]
 *
 * With words, only files whose path contains one of them. As root the live files run twice: as root, and as a plain
 * user in a user namespace. A file has two minutes, or says by a line `// timeout: 300 s` what else; `--timeout` gives all of
 * them that long at least.
 *
 * A live file shares the kernel and the processors with whatever else runs. If a few of them fail, each runs once more,
 * alone: what fails then has failed, what does not is named as unsteady, with what it said the first time.
 */
import { chmodSync, existsSync, readFileSync, readdirSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { availableParallelism, release } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { outcome, type Outcome } from './outcome.ts';
import { run, type Ended } from './run.ts';
import { isRoot, refusal, sandbox, type Identity } from './sandbox.ts';

interface Job {
  readonly name: string;
  readonly run: () => Promise<Result>;
  /** It talks to a real kernel. */
  readonly live?: boolean;
  /** How long it may take, in milliseconds. */
  readonly timeout?: number;
}
interface Result extends Outcome {
  readonly output: string;
  readonly milliseconds: number;
}

const { values, positionals: words } = parseArgs({
  allowPositionals: true,
  options: {
    as: { type: 'string' }, ffi: { type: 'string' }, timeout: { type: 'string' },
    root: { type: 'string', default: dirname(dirname(fileURLToPath(import.meta.url))) },
  },
});
const root = resolve(values.root);
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => stop.abort());

/** More failures than this are no accident. */
const accidents = 3;

// What asks for much time starts first, so that nothing long is left to run alone.
const jobs = [...typeCheck(), ...await testFiles()].sort((a, b) => (b.timeout ?? 0) - (a.timeout ?? 0));
const results = await inParallel(jobs, availableParallelism());
if (stop.signal.aborted) process.exit(130);
const unsteady = await onceMore(jobs, results);
process.exitCode = report(results);

function typeCheck(): Job[] {
  if (!existsSync(join(root, 'tsconfig.json')) || !wanted('tsconfig.json')) return [];
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  return [{
    name: 'tsconfig.json',
    async run() {
      const ended = await run(process.execPath, [tsc, '-p', 'tsconfig.json'], { cwd: root, signal: stop.signal });
      const passed = ended.code === 0 ? 1 : 0;
      return { ...ended, passed, failed: 1 - passed, skips: [] };
    },
  }];
}

async function testFiles(): Promise<Job[]> {
  const files = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
    .map((path) => `test/${path}`).filter((path) => path.endsWith('.test.ts') && wanted(path)).sort();
  const live = files.filter((path) => path.startsWith('test/live/'));
  const jobs = files.filter((path) => !live.includes(path)).map(anywhere);
  for (const as of live.length === 0 ? [] : identities()) {
    const reason = await refusal(as);
    if (as === 'user' && process.env.NODE_V8_COVERAGE) chmodSync(process.env.NODE_V8_COVERAGE, 0o777);
    for (const ffi of bindings()) {
      jobs.push(...live.map((file) => reason === undefined ? inSandbox(file, as, ffi) : notHere(file, as, reason)));
    }
  }
  return jobs;
}

function anywhere(file: string): Job {
  const all = options(file);
  return { name: file, timeout: all.timeout, run: async () => read(await run(process.execPath, ['--import', 'tsx', file], all)) };
}

function inSandbox(file: string, as: Identity, ffi: string | undefined): Job {
  const env = ffi === undefined ? process.env : { ...process.env, NETLINK_FFI: ffi };
  const all = { ...options(file), env, as };
  return {
    name: `${file} (${[as, ffi].filter(Boolean).join(', ')})`, live: true, timeout: all.timeout,
    run: async () => read(await sandbox(process.execPath, ['--import', 'tsx', file], all)),
  };
}

function notHere(file: string, as: Identity, reason: string): Job {
  const skips = [`no sandbox as ${as}: ${reason} (${file})`];
  return { name: `${file} (${as})`, run: async () => ({ passed: 0, failed: 0, skips, output: '', milliseconds: 0 }) };
}

function read(ended: Ended): Result {
  return { ...ended, ...outcome(ended) };
}

function options(file: string) {
  const own = /^\/\/ timeout: (\d+) s$/m.exec(readFileSync(join(root, file), 'utf8'))?.[1];
  const seconds = values.timeout === undefined ? Number(own ?? 120) : Math.max(Number(own ?? 0), Number(values.timeout));
  return { cwd: root, timeout: seconds * 1000, signal: stop.signal };
}

function wanted(path: string): boolean {
  return words.length === 0 || words.some((word) => path.includes(word));
}

function identities(): Identity[] {
  if (values.as === undefined) return isRoot() ? ['root', 'user'] : ['user'];
  if (values.as === 'root' || values.as === 'user') return [values.as];
  throw new Error(`--as is root or user, not ${values.as}`);
}

/** Undefined: what NETLINK_FFI says, or the default binding. */
function bindings(): (string | undefined)[] {
  if (values.ffi !== 'all') return [values.ffi];
  return ['koffi', 'ffi-napi', ...(isBuiltin('node:ffi') ? ['node-ffi'] : [])];
}

async function inParallel(jobs: readonly Job[], workers: number): Promise<Map<string, Result>> {
  console.log(`Node ${process.versions.node}, Linux ${release()}`);
  const results = new Map<string, Result>();
  const queue = jobs.values();
  const worker = async () => {
    for (const job of queue) {
      const result = await job.run();
      if (stop.signal.aborted) return;
      results.set(job.name, result);
      print(job.name, result);
    }
  };
  await Promise.all(Array.from({ length: workers }, worker));
  return results;
}

/** Runs the live files among the failed ones again, each alone; returns the names of those that now pass. */
async function onceMore(jobs: readonly Job[], results: Map<string, Result>): Promise<string[]> {
  const failed = jobs.filter(({ name }) => results.get(name)!.failed > 0), passed: string[] = [];
  if (failed.length > accidents) return passed;
  for (const job of failed.filter(({ live }) => live)) {
    console.log(`once more, alone: ${job.name}`);
    const result = await job.run();
    if (stop.signal.aborted) process.exit(130);
    print(job.name, result);
    results.set(job.name, result);
    if (result.failed === 0) passed.push(job.name);
  }
  return passed;
}

function print(name: string, { passed, failed, skips, complaint, output, milliseconds }: Result): void {
  const counts = Object.entries({ passed, failed, skipped: skips.length }).filter(([, n]) => n > 0);
  const words = [...counts.map(([what, n]) => `${n} ${what}`), ...(complaint === undefined ? [] : [complaint])];
  console.log(`${failed === 0 ? 'ok  ' : 'FAIL'}  ${name}  ${words.join(', ')}  ${milliseconds} ms`);
  if (failed > 0) console.log(output.trimEnd().replaceAll(/^(?=.)/gm, '        '));
}

/** Prints reasons, failures and the closing line; returns the exit code. */
function report(results: Map<string, Result>): number {
  const all = [...results.values()];
  const passed = all.reduce((sum, result) => sum + result.passed, 0);
  const skips = all.flatMap((result) => result.skips);
  const bad = [...results].filter(([, { failed }]) => failed > 0);
  const failed = bad.reduce((sum, [, result]) => sum + result.failed, 0);
  const nothing = results.size === 0;

  if (skips.length > 0) console.log(`\nskipped:\n  ${[...new Set(skips)].join('\n  ')}`);
  if (unsteady.length > 0) console.log(`\nunsteady, failed first and passed alone:\n  ${unsteady.join('\n  ')}`);
  if (bad.length > 0) console.log(`\nfailed:\n  ${bad.map(([name]) => name).join('\n  ')}`);
  if (nothing) console.log(`\nno test file's path has ${words.join(' or ')} in it`);
  console.log(`\n${passed} passed, ${failed} failed${skips.length > 0 ? `, ${skips.length} skipped` : ''}`);
  return failed > 0 || nothing ? 1 : 0;
}
