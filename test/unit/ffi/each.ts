import { isBuiltin } from 'node:module';
import { test } from 'uvu';
import type { Binding, Libc } from '../../../src/ffi/libc.ts';
import { bindings } from '../../../src/ffi/load.ts';
import { watchByEpoll, watchFd, type Watch } from '../../../src/ffi/readiness.ts';
import { skip } from '../../support/skip.ts';

/** The bindings that this Node can have. */
export const available: readonly Binding[] = bindings.filter((name) => name !== 'node-ffi' || isBuiltin('node:ffi'));

/** Registers tests once for each binding, and for a missing one a test that says so. */
export function eachBinding(register: (binding: Binding) => void): void {
  for (const binding of bindings) {
    if (available.includes(binding)) register(binding);
    else test(binding, () => skip(`${binding} needs Node 26`));
  }
}

/** Both ways to watch, in the main thread. */
export const watches: Readonly<Record<string, Watch>> = { loop: watchFd, epoll: watchByEpoll };

const EFD_NONBLOCK = 0o4000, EFD_CLOEXEC = 0o2000000;

/** An eventfd: readable once something was written. */
export function newEvent(libc: Libc): number {
  return libc.eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
}
