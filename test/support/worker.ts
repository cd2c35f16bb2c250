import { Worker, type WorkerOptions } from 'node:worker_threads';

/** Starts a worker of a TypeScript file: in Node 20 workers do not inherit the loader. */
export function startWorker(file: URL, options: WorkerOptions = {}): Worker {
  const program = `import { register } from ${JSON.stringify(import.meta.resolve('tsx/esm/api'))};
    register();
    await import(${JSON.stringify(file)});`;
  return new Worker(new URL(`data:text/javascript,${encodeURIComponent(program)}`), options);
}
