/**
 * Runs one workload in the namespace it finds itself in, and prints its samples: started by run.ts in a sandbox with
 * the job as JSON. All rows run once, then all again: what disturbs the machine disturbs all of them.
 */
import { spawn } from 'node:child_process';
import { run, type Ended } from '../scripts/run.ts';
import type { Program, Programs } from './programs.ts';
import type { Row, Workload } from './workloads.ts';

export interface Job {
  readonly workload: Workload;
  readonly programs: Programs;
  readonly rounds: number;
  /** No further round is begun that would end later; what is slow and has its turn once does not count. */
  readonly seconds: number;
}

/** One run of one row. */
export interface Sample {
  /** Milliseconds: the median of what the program measured, its first, slower half left out. */
  readonly ms: number;
  /** The first of several, before V8 has seen anything. */
  readonly first?: number;
  /** Milliseconds of processor time in user mode and in the kernel, of the whole program. */
  readonly user: number;
  readonly system: number;
  /** The most memory the program had, in MiB. */
  readonly peak: number;
  /** What else it told. */
  readonly more: { readonly [name: string]: number };
}
export interface Samples {
  readonly [row: string]: { readonly samples: readonly Sample[]; readonly problem?: string };
}

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b), half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
};

async function main({ workload, programs, rounds, seconds }: Job): Promise<Samples> {
  const [command] = usable(programs['limit']);
  await succeed(await run(command, ['setup', ...workload.setup.map(String)]));
  for (const row of workload.before ?? []) await once(row, programs, false);
  const samples = new Map<string, Sample[]>(workload.rows.map(({ name }) => [name, []]));
  const problems = new Map<string, string>();
  const begun = performance.now();
  let others = 0, slow = 0; // what a round costs without the slow rows, which take part in the first only, and what they cost
  for (let round = 0; round < rounds; round++) {
    if (round > 0 && performance.now() - begun - slow + others > seconds * 1000) break;
    others = 0;
    for (const row of workload.rows) {
      if (problems.has(row.name) || round > 0 && row.slow) continue;
      const start = performance.now();
      try {
        const sample = workload.events === undefined
          ? await once(row, programs, workload.apart ?? false) : await heard(row, programs, workload.events, workload.warm ?? 0);
        samples.get(row.name)!.push(sample);
      } catch (error) {
        problems.set(row.name, (error as Error).message);
      }
      if (row.slow) slow += performance.now() - start;
      else others += performance.now() - start;
    }
  }
  return Object.fromEntries([...samples].map(([name, list]) => {
    const problem = problems.get(name);
    return [name, { samples: list, ...(problem === undefined ? {} : { problem }) }];
  }));
}

function usable(program: Program | undefined): readonly string[] {
  if (program === undefined || 'missing' in program) throw new Error(program?.missing ?? 'no such program');
  return program.command;
}

/** The command of a row, below one that measures what it takes, and its environment. */
function command(row: Row, programs: Programs): { readonly words: readonly string[]; readonly env: NodeJS.ProcessEnv } {
  const program = programs[row.program];
  const [limit] = usable(programs['limit']), words = usable(program);
  const env = { ...process.env, NODE_EXTRA_CA_CERTS: undefined, ...('env' in program ? program.env : {}) }; // those take Node longer than all else
  return { words: [limit, 'measure', ...words, ...row.args.map(String)], env };
}

async function once(row: Row, programs: Programs, apart: boolean): Promise<Sample> {
  const { words, env } = command(row, programs);
  const [program, ...args] = apart ? ['unshare', '--net', ...words] : words;
  const ended = await succeed(await run(program, args, { env, timeout: 300_000 }));
  return sample(ended.stdout, ended.stderr, row.whole ?? false);
}

async function succeed(ended: Ended): Promise<Ended> {
  if (ended.timedOut) throw new Error('no end after five minutes');
  if (ended.code !== 0) throw new Error(complaint(ended.stderr) || `ended with ${ended.code ?? ended.signal}`);
  return ended;
}

/** The line of a stack that says what is wrong. */
const complaint = (stderr: string): string => {
  const lines = stderr.split('\n').map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('{'));
  return lines.find((line) => /^\w*Error\b.*:/.test(line)) ?? lines.at(-1) ?? '';
};

function sample(stdout: string, stderr: string, whole: boolean): Sample {
  const { wall, user, system, peak: kib } = JSON.parse(stderr.trimEnd().split('\n').at(-1)!) as Record<string, number>;
  const cost = { user, system, peak: kib / 1024 };
  if (whole) return { ms: wall, ...cost, more: {} };
  const line = stdout.split('\n').find((text) => text.startsWith('{'));
  if (line === undefined) throw new Error('it printed no result');
  const { ms, ...more } = JSON.parse(line) as { ms: number[]; [name: string]: number[] | number };
  const warm = ms.slice(ms.length >> 1);
  const first = ms.length > 1 ? { first: ms[0] } : {};
  return { ms: median(warm), ...first, ...cost, more: more as Sample['more'] };
}

/** Events of a warm-up at a time: so many fit the default receive buffer, and nobody loses any of them. */
const fewEvents = 100;

/** Starts a listener, lets the limit change routes once it is ready, at first a few at a time, and takes the routes away again. */
async function heard(row: Row, programs: Programs, events: number, warm: number): Promise<Sample> {
  const { words: [program, ...args], env } = command(row, programs);
  const [limit] = usable(programs['limit']);
  const listener = spawn(program, args, { env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '', stderr = '';
  listener.stderr.on('data', (text: Buffer) => { stderr += text.toString(); });
  const ready = new Promise<boolean>((resolve) => {
    listener.stdout.on('data', (text: Buffer) => {
      stdout += text.toString();
      if (stdout.includes('READY')) resolve(true);
    });
    listener.once('close', () => resolve(false));
  });
  const ended = new Promise<number | null>((resolve) => listener.once('close', resolve));
  const timer = setTimeout(() => process.kill(-listener.pid!, 'SIGKILL'), 60_000);
  const listens = await ready;
  for (let done = 0; listens && done < warm; done += 2 * fewEvents)
    for (const verb of ['add', 'delete']) await run(limit, ['produce', verb, String(fewEvents)]);
  const produced = listens ? await run(limit, ['produce', 'add', String(events)]) : undefined;
  const code = await ended;
  clearTimeout(timer);
  if (produced === undefined || code !== 0) throw new Error(complaint(stderr) || `ended with ${code}`);
  await run(limit, ['produce', 'delete', String(events)]);
  const { ms: [producer] } = JSON.parse(produced.stdout) as { ms: number[] };
  const taken = sample(stdout, stderr, false), { got = 0, overruns = 0 } = taken.more;
  return { ...taken, more: { 'producer ms': producer, lost: events - got, overruns } };
}

if (process.argv[2] !== undefined && process.argv[1]?.endsWith('inside.ts')) {
  console.log(JSON.stringify(await main(JSON.parse(process.argv[2]) as Job)));
}
