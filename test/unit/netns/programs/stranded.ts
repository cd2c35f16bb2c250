/** Enters a namespace from which, so its C library says, there is no way back. */
import { writeSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';
import { errno } from '../../../../src/errno.ts';
import type { Libc } from '../../../../src/ffi/libc.ts';
import { inside } from '../../../../src/netns/inside.ts';
import { startWorker } from '../../../support/worker.ts';

const results = [0, 0, -errno.EPERM];
const libc = { open: () => 7, close: () => 0, setns: () => results.shift() } as Partial<Libc> as Libc;

if (isMainThread && process.argv[2] === 'worker') startWorker(new URL(import.meta.url));
else {
  inside(libc, 5, () => writeSync(1, 'working\n'));
  writeSync(1, 'went on\n');
}
