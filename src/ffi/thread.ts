/**
 * Whether this is the main thread. Asked only when it matters: to load node:worker_threads, and with it Node's streams,
 * takes a good part of a short program's start.
 */
export const isMainThread = (): boolean => process.getBuiltinModule('node:worker_threads').isMainThread;
