/**
 * Measures us beside the limit in C and other libraries, each workload in a network namespace of its own.
 *
 *     npm run bench -- [--quick] [--only word]... [--rounds n] [--json] [--write]
 */
import { writeFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { run } from '../scripts/run.ts';
import { refusal, isRoot, sandbox } from '../scripts/sandbox.ts';
import { goalCells, goals } from './goals.ts';
import { median, type Job, type Samples } from './inside.ts';
import { glance, plot } from './plot.ts';
import { programs, type Programs } from './programs.ts';
import { aligned, cells, markdown, problems, result, type Report, type Result } from './results.ts';
import { workloads, type Workload } from './workloads.ts';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false }, json: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false }, rounds: { type: 'string' },
    only: { type: 'string', multiple: true, default: [] },
  },
});
const here = dirname(fileURLToPath(import.meta.url));
const { quick } = values, rounds = Number(values.rounds ?? (quick ? 1 : 3));
/** What a workload may take; all together then take some six minutes. Who asks for rounds gets them. */
const seconds = values.rounds === undefined ? 20 : Number.MAX_SAFE_INTEGER; // JSON has no Infinity
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => stop.abort());
const say = (text: string): void => void (values.json ? process.stderr : process.stdout).write(`${text}\n`);

const reason = await refusal(isRoot() ? 'root' : 'user');
if (reason !== undefined) {
  say(`skip: no network namespace can be made here: ${reason}`);
  process.exit(0);
}
const taking = await programs(quick);
for (const name of ['limit', 'ours']) {
  const program = taking[name];
  if ('missing' in program) {
    say(`skip: ${program.missing}`);
    process.exit(0);
  }
}
const absent = Object.entries(taking).flatMap(([name, program]) =>
  'missing' in program ? [`${name}: ${program.missing}`] : []);
if (absent.length > 0) say(`not here:\n  ${absent.join('\n  ')}`);

const results: Result[] = [];
for (const workload of workloads(quick).filter(wanted)) {
  const rows = workload.rows.filter(({ slow }) => !(quick && slow));
  const able = rows.filter(({ program }) => !('missing' in taking[program]));
  const measured = result({ ...workload, rows }, await measure({ ...workload, rows: able }, taking), taking);
  results.push(measured);
  say(`\n${workload.title} (${workload.id})\n${aligned(cells(measured))}`);
  const tried = measured.rows.filter(({ name }) => able.some((row) => row.name === name));
  for (const problem of problems({ ...measured, rows: tried })) say(`  ${problem}`);
  if (stop.signal.aborted) process.exit(130);
}
const reached = goals(results).filter(({ measured }) => measured !== undefined || !quick && values.only.length === 0);
if (reached.length > 0) say(`\n${aligned(goalCells(reached))}`);

const report: Report = {
  machine: {
    processor: `${cpus().length} x ${cpus()[0].model}`, memory: `${(totalmem() / 2 ** 30).toFixed(0)} GiB`,
    'a page touched first': `${await touched()} µs`, kernel: `Linux ${release()}`, node: process.version, rounds: `up to ${rounds}`,
  },
  versions: Object.fromEntries(Object.entries(taking).flatMap(([name, program]) =>
    'missing' in program || program.version === '' ? [] : [[name, program.version]])),
  results,
};
if (values.json) console.log(JSON.stringify({ ...report, goals: reached, absent }, null, 1));
if (values.write) write();

/** The middle one of three, in microseconds. */
async function touched(): Promise<number> {
  const { command } = taking['limit'] as { readonly command: readonly string[] }, times: number[] = [];
  for (let i = 0; i < 3; i++) times.push(Number((await run(command[0], ['touch'])).stdout));
  return median(times);
}

function wanted({ id }: Workload): boolean {
  return values.only.length === 0 || values.only.some((word) => id.includes(word));
}

async function measure(workload: Workload, all: Programs): Promise<Samples> {
  const job: Job = { workload, programs: all, rounds, seconds };
  const inside = ['--import', 'tsx', join(here, 'inside.ts'), JSON.stringify(job)];
  const ended = await sandbox(process.execPath, inside, { cwd: dirname(here), signal: stop.signal });
  if (ended.code === 0) return JSON.parse(ended.stdout) as Samples;
  say(`${workload.id}: ${ended.stderr.trim()}`);
  return {};
}

function write(): void {
  const machine = Object.entries(report.machine).map(([what, value]) => `- ${what}: ${value}`);
  const versions = Object.entries(report.versions).map(([what, value]) => `- ${what}: ${value}`);
  const tables = results.flatMap((table) => [
    `## ${table.title}`, '', markdown(cells(table)), '', ...problems(table).map((problem) => `- ${problem}`), '',
  ]);
  const text = [
    '# Results', '', 'Written by `npm run bench -- --write`; README.md beside this file tells how it was measured.', '',
    '![The same as bars](results.svg)', '', ...machine, '', '## Versions', '', ...versions, '', '## Goals', '',
    markdown(goalCells(reached)), '', ...tables,
  ].join('\n').replaceAll(/\n{3,}/g, '\n\n');
  writeFileSync(join(here, 'RESULTS.md'), `${text.trimEnd()}\n`);
  const { processor, kernel, node } = report.machine;
  const caption = `${processor}, ${kernel}, Node ${node}; logarithmic, shorter is better`;
  writeFileSync(join(here, 'results.svg'), plot(results, caption));
  writeFileSync(join(here, '../docs/speed.svg'), plot(glance(results), caption));
}
