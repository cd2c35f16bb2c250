/** A worker thread that watches as told; worker.test.ts looks at how it ends. */
import { parentPort, workerData } from 'node:worker_threads';
import { openLibc } from '../../../../src/ffi/load.ts';
import { watchFd } from '../../../../src/ffi/readiness.ts';
import { newEvent } from '../each.ts';
import { drain } from './event.ts';

const { binding, reads, unref, exits } = workerData;
const libc = openLibc(binding);
const fd = newEvent(libc);
const watcher = watchFd(libc, fd, () => {
  if (exits) process.exit(7);
  if (reads) parentPort!.postMessage(drain(fd));
});
parentPort!.once('message', () => {
  watcher.close();
  libc.close(fd);
}).unref();
watcher.start();
if (unref) watcher.unref();
parentPort!.postMessage({ fd, loop: libc.loop !== undefined });
