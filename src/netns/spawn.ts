import type * as child from 'node:child_process';
import type { Libc } from '../ffi/libc.ts';
import { openLibc } from '../ffi/load.ts';
import type { NamespaceRef } from '../route/namespace.ts';
import { inside } from './inside.ts';
import { openFd, type NetnsOptions } from './namespace.ts';

/**
 * Starts a process in a namespace, as `child_process.spawn` starts one in ours; no helper program is involved.
 *
 * Equivalent to `ip netns exec NAME COMMAND`, but for files: the process sees our /etc and our /sys.
 * Fails as `open` does; a command that cannot be run is told by the child's `error` event, as Node does.
 */
export function spawn(
  ref: NamespaceRef, command: string, args?: readonly string[], options?: child.SpawnOptionsWithoutStdio & NetnsOptions,
): child.ChildProcessWithoutNullStreams;
export function spawn(
  ref: NamespaceRef, command: string, args: readonly string[], options: child.SpawnOptions & NetnsOptions,
): child.ChildProcess;
export function spawn(
  ref: NamespaceRef, command: string, args: readonly string[] = [], { ffi, ...options }: child.SpawnOptions & NetnsOptions = {},
): child.ChildProcess {
  return within(openLibc(ffi), ref, () => processes().spawn(command, args, options));
}

/** Runs a process in a namespace and waits for its end, as `child_process.spawnSync` does; it gives its output as text. */
export function spawnSync(
  ref: NamespaceRef, command: string, args: readonly string[] = [], { ffi, ...options }: child.SpawnSyncOptions & NetnsOptions = {},
): child.SpawnSyncReturns<string> {
  return within(openLibc(ffi), ref, () => processes().spawnSync(command, args, { ...options, encoding: 'utf8' }));
}

/** Much to load for those who start none. */
const processes = () => process.getBuiltinModule('node:child_process');

function within<T>(libc: Libc, ref: NamespaceRef, work: () => T): T {
  const fd = openFd(libc, ref);
  try {
    return inside(libc, fd, work);
  } finally {
    libc.close(fd);
  }
}
