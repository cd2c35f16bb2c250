// timeout: 300 s
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openLibc } from '../../../src/ffi/load.ts';
import { eachBinding } from './each.ts';
import { signal } from './programs/event.ts';

// The main thread loads no other binding than ffi-napi here: a worker has to get along alone.

/** In Node 20 a worker does not inherit the loader of TypeScript. */
const program = new URL(`data:text/javascript,${encodeURIComponent(`
  import { register } from ${JSON.stringify(import.meta.resolve('tsx/esm/api'))};
  register();
  await import(${JSON.stringify(new URL('programs/worker.ts', import.meta.url))});`)}`);

test('ffi-napi: a worker is refused what would crash it', async () => {
  const worker = new Worker(program, { workerData: { binding: 'ffi-napi' } });
  const [error] = await once(worker, 'error');
  assert.is(error.code, 'ERR_FFI');
  assert.match(error.message, 'only when the main thread opened it before');
});

eachBinding((binding) => {
  if (binding === 'ffi-napi') test('ffi-napi: the main thread opens it first', () => void openLibc(binding));

  /** A worker that watches: itself, its descriptor, and the exit code it will end with. */
  async function start(data: object = {}) {
    const worker = new Worker(program, { workerData: { binding, ...data } });
    const code = once(worker, 'exit').then(([code]) => code as number);
    const [{ fd, loop }] = await once(worker, 'message');
    assert.is(loop, false);
    return { worker, fd: fd as number, code };
  }

  test(`${binding}: events arrive in a worker, and it ends when told`, async () => {
    const { worker, fd, code } = await start({ reads: true });
    for (let i = 0; i < 20; i++) {
      signal(fd);
      assert.equal(await once(worker, 'message'), [1]);
    }
    worker.postMessage('close');
    assert.is(await code, 0);
  });

  test(`${binding}: a worker is terminated while it waits`, async () => {
    const { worker, code } = await start();
    await pause(20);
    await worker.terminate(); // a wait that nothing ends would keep it
    assert.is(await code, 1);
  });

  test(`${binding}: a worker is terminated in the midst of events`, async () => {
    const { worker, fd, code } = await start();
    signal(fd);
    await pause(20);
    await worker.terminate();
    assert.is(await code, 1);
  });

  test(`${binding}: a worker ends by itself when its watcher has no reference`, async () => {
    assert.is(await (await start({ unref: true })).code, 0);
  });

  test(`${binding}: a worker exits when something is readable`, async () => {
    const { fd, code } = await start({ exits: true });
    signal(fd);
    assert.is(await code, 7);
  });

  if (binding === 'koffi') test(`${binding}: waiting workers leave the thread pool to others`, async () => {
    const workers = await Promise.all(Array.from({ length: 5 }, () => start()));
    await readFile('/proc/self/stat'); // there are four threads: it would wait for ever
    await Promise.all(workers.map(({ worker }) => worker.terminate()));
  });
});

test.run();
