/**
 * Gives random and mutated bytes to every decoder and random objects to every encoder; the seeds are the tapes below
 * fixtures/ and the declarations.
 *
 *     npm run fuzz -- [--inputs N] [--seed N] [--target messages|dumps|controls|datagrams|tapes|values] [--round N]
 *
 * Nothing but DecodeError, EncodeError and TapeError may come of it; nothing outside its window may make a difference;
 * no input may take longer than a minute of the processor's time, and all of them 1 GiB. Goes on with the next seed until there were as many inputs as wanted.
 */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { fuzz, repeat } from '../test/fuzz/run.ts';
import { targets } from '../test/fuzz/targets.ts';
import { startWorker } from '../test/support/worker.ts';

/** What the worker is in the midst of: how many rounds it began, its seed, target and round. */
type Progress = Int32Array;
const began = 0, seedAt = 1, targetAt = 2, roundAt = 3, names = Object.keys(targets);
const patience = 60_000, chunk = 250_000;

/** Milliseconds of the processor's time that this process has had. */
const spent = (): number => process.cpuUsage().user / 1000;

if (isMainThread) main();
else work(workerData as { seed: number; inputs: number; target?: string; progress: Progress });

function work({ seed, inputs, target, progress }: { seed: number; inputs: number; target?: string; progress: Progress }): void {
  const totals = new Map<string, number>();
  for (let done = 0; done < inputs; seed++) {
    progress[seedAt] = seed;
    const { counts, failures, longest } = fuzz({ seed, inputs: Math.min(chunk, inputs - done), target, started(name, round) {
      progress[targetAt] = names.indexOf(name);
      progress[roundAt] = round;
      Atomics.add(progress, began, 1);
    } });
    for (const [name, count] of counts) {
      totals.set(name, (totals.get(name) ?? 0) + count);
      done += count;
    }
    parentPort!.postMessage({ totals, longest, failures: failures.map((failure) => `${repeat(seed, failure)}: ${failure.error}`) });
    if (failures.length > 0) return;
  }
}

function main(): void {
  const { values } = parseArgs({ options: {
    inputs: { type: 'string', default: '200000' }, seed: { type: 'string', default: '1' }, target: { type: 'string' }, round: { type: 'string' },
  } });
  const seed = Number(values.seed), started = performance.now();
  if (values.round !== undefined) {
    const { failures } = fuzz({ seed, inputs: 1, target: values.target, round: Number(values.round) });
    for (const { error } of failures) console.log(error);
    process.exitCode = failures.length > 0 ? 1 : 0;
    return;
  }
  console.log(`seed ${seed}`);
  const progress = new Int32Array(new SharedArrayBuffer(16));
  const worker = startWorker(new URL(`file://${fileURLToPath(import.meta.url)}`), {
    workerData: { seed, inputs: Number(values.inputs), target: values.target, progress }, resourceLimits: { maxOldGenerationSizeMb: 1024 },
  });
  let totals = new Map<string, number>(), seen = -1, longest = 0, since = spent();
  const watch = setInterval(() => {
    const now = spent(); // on a machine that is busy with other things, time passes without us
    if (progress[began] !== seen) [seen, since] = [progress[began]!, now];
    if (now - since < patience) return;
    console.log(`an input takes for ever: ${repeat(progress[seedAt]!, { target: names[progress[targetAt]!]!, round: progress[roundAt]! })}`);
    process.exit(1);
  }, 50);
  worker.on('message', (message: { totals: Map<string, number>; longest: number; failures: string[] }) => {
    totals = message.totals;
    longest = Math.max(longest, message.longest);
    for (const failure of message.failures) console.log(failure);
    if (message.failures.length > 0) process.exitCode = 1;
    report();
  });
  worker.on('error', (error) => {
    console.log(error);
    process.exitCode = 1;
  });
  worker.on('exit', () => clearInterval(watch));

  function report(): void {
    const count = [...totals.values()].reduce((sum, n) => sum + n, 0), seconds = (performance.now() - started) / 1000;
    const parts = [...totals].map(([name, n]) => `${name} ${n}`).join(', ');
    console.log(`${count} inputs in ${seconds.toFixed(0)} s (${parts}); ${Math.round(count / seconds)} a second; no round took longer than ${Math.round(longest)} ms`);
  }
}
