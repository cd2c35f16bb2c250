/**
 * Mixed work at full speed: eight connections and two worker threads with one each make, change, list and delete links,
 * addresses, routes and neighbours, with errors and aborted calls among it, while a ninth reads the events. It runs in a
 * sandbox. Memory must stay flat, descriptors constant, and no call may be lost.
 *
 *     npm run soak -- [--seconds N]
 */
import { readdirSync } from 'node:fs';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openLibc } from '../src/ffi/load.ts';
import { startWorker } from '../test/support/worker.ts';
import { sandbox } from './sandbox.ts';
import { listen, work, type Done } from './soak/work.ts';

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '60' } } });
const seconds = Number(values.seconds), connections = 8, workers = 2;

if (process.env.NETLINK_SANDBOX === undefined) {
  const args = ['--expose-gc', '--import', 'tsx', fileURLToPath(import.meta.url), '--seconds', String(seconds)];
  const { code, output } = await sandbox(process.execPath, args, { print: true, timeout: (seconds + 120) * 1000 });
  if (code === null) console.log(output);
  process.exitCode = code ?? 1;
} else await soak();

async function soak(): Promise<void> {
  openLibc(); // workers cannot be the first to open some bindings
  const stop = new Int32Array(new SharedArrayBuffer(4)), listening = new AbortController(), started = performance.now();
  const all: Done[] = Array.from({ length: connections + 1 }, () => ({ calls: 0, refused: 0, events: 0 }));
  const threads = Array.from({ length: workers }, (_, i) => startWorker(new URL('soak/worker.ts', import.meta.url), { workerData: { name: `w${i}`, stop } }));
  const ended = threads.map((thread) => Promise.race([once(thread, 'message').then(([done]) => done as Done), once(thread, 'error').then(([error]) => Promise.reject(error))]));
  const exits = threads.map((thread) => once(thread, 'exit'));
  const busy = Promise.all([...Array.from({ length: connections }, (_, i) => work(`c${i}`, all[i]!, () => Atomics.load(stop, 0) === 1)), ...ended]);
  const ears = listen(all[connections]!, listening.signal);
  let failure: unknown;
  busy.catch((error: unknown) => { failure ??= error; });
  ears.catch((error: unknown) => { failure ??= error; });

  const samples: { heap: number; rss: number; fds: number }[] = [], every = Math.max(500, (seconds * 1000) / 40);
  while (performance.now() - started < seconds * 1000 && failure === undefined) {
    await pause(Math.min(every, Math.max(1, seconds * 1000 - (performance.now() - started))));
    globalThis.gc?.();
    const { heapUsed, external, rss } = process.memoryUsage();
    samples.push({ heap: (heapUsed + external) / 2 ** 20, rss: rss / 2 ** 20, fds: readdirSync('/proc/self/fd').length });
  }
  Atomics.store(stop, 0, 1);
  const fromWorkers = (await busy).slice(connections) as Done[];
  listening.abort();
  await ears;
  await Promise.all(exits);
  if (failure !== undefined) throw failure;

  const total = (key: keyof Done): number => [...all, ...fromWorkers].reduce((sum, done) => sum + done[key], 0);
  const half = samples.slice(Math.floor(samples.length / 2)), [first, last] = [half[0]!, half.at(-1)!];
  const fds = half.map((sample) => sample.fds), took = (performance.now() - started) / 1000;
  console.log(`${total('calls')} calls in ${took.toFixed(0)} s (${Math.round(total('calls') / took)} a second), ${total('refused')} of them refused as they should be, ${total('events')} events`);
  console.log(`heap and buffers ${first.heap.toFixed(1)} MiB at half time, ${last.heap.toFixed(1)} MiB at the end; rss ${first.rss.toFixed(0)} and ${last.rss.toFixed(0)} MiB`);
  console.log(`descriptors at most ${Math.max(...fds)}, at least ${Math.min(...fds)}; ${readdirSync('/proc/self/fd').length} when all was closed`);
  if (seconds >= 30 && last.heap > first.heap * 1.25 + 8) throw new Error('memory grows');
  // in less time threads are still starting; once they have, they hold a few more while they wait for an answer
  if (seconds >= 30 && Math.max(...fds) - Math.min(...fds) > 8) throw new Error('the number of descriptors changes');
}
