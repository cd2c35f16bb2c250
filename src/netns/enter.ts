import { ArgumentError } from '../errors.ts';
import { openLibc } from '../ffi/load.ts';
import { isMainThread } from '../ffi/thread.ts';
import type { NamespaceRef } from '../route/namespace.ts';
import { check, CLONE_NEWNET } from './inside.ts';
import { openFd, type NetnsOptions } from './namespace.ts';

export interface EnterOptions extends NetnsOptions {
  /** Let the main thread enter too. The threads that Node has started, for files and host names, stay where they are. */
  readonly mainThread?: boolean | undefined;
}

/**
 * Moves this worker thread into a namespace for good: its sockets, servers and connections are made there from now on.
 * To be called before the worker does anything else. Other threads are not touched.
 *
 * Host names are looked up by threads that all workers share, in the namespace where they were started: use addresses,
 * or `dns.resolve`, which sends its questions from this thread.
 *
 * Fails as `open` does, and with ERR_ARGUMENT in the main thread unless that is asked for.
 */
export function enter(ref: NamespaceRef, options: EnterOptions = {}): void {
  if (isMainThread() && options.mainThread !== true)
    throw new ArgumentError('netns.enter: this is the main thread; call it in a worker, or with { mainThread: true }');
  const libc = openLibc(options.ffi);
  const fd = openFd(libc, ref);
  try {
    check('setns', libc.setns(fd, CLONE_NEWNET));
  } finally {
    libc.close(fd);
  }
}
