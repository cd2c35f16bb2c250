/** A worker thread that works through one connection of its own until it is told to stop. */
import { parentPort, workerData } from 'node:worker_threads';
import { work, type Done } from './work.ts';

const { name, stop } = workerData as { name: string; stop: Int32Array };
const done: Done = { calls: 0, refused: 0, events: 0 };
await work(name, done, () => Atomics.load(stop, 0) === 1);
parentPort!.postMessage(done);
