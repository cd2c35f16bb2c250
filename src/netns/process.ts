import { existsSync } from 'node:fs';
import { errno } from '../errno.ts';
import { SystemError } from '../errors.ts';
import type { Libc } from '../ffi/libc.ts';
import { openLibc } from '../ffi/load.ts';
import { check } from './inside.ts';
import { open, type Namespace, type NetnsOptions } from './namespace.ts';

const POLLIN = 1;

/** The namespace of a process, and a hold on the process itself: its number cannot come to mean another one unnoticed. */
export interface ProcessNamespace extends Disposable {
  readonly pid: number;
  readonly ns: Namespace;
  /** Whether the very process still lives. */
  alive(): boolean;
  close(): void;
}

/**
 * Opens the namespace of a process and stays able to tell whether that process lives.
 *
 * The descriptor of the process is opened first, the namespace then, and at last it is asked whether the process still
 * lives: if so, the namespace is its own. Fails with ESRCH where it does not. Without pidfds (before Linux 5.3) its
 * folder in /proc is looked at instead.
 */
export const ofProcess = (pid: number, options: NetnsOptions = {}): ProcessNamespace => held(openLibc(options.ffi), pid, options);

/** The same by the calls that are given. */
export function held(libc: Pick<Libc, 'pidfd_open' | 'poll' | 'close'>, pid: number, options: NetnsOptions): ProcessNamespace {
  const result = libc.pidfd_open(pid, 0);
  if (result < 0 && result !== -errno.ENOSYS) throw new SystemError('pidfd_open', result, `${pid}`);
  let fd = result < 0 ? undefined : result;
  const alive = (): boolean => {
    if (fd === undefined) return existsSync(`/proc/${pid}`);
    const fds = new Int32Array([fd, 0]);
    new Int16Array(fds.buffer)[2] = POLLIN;
    return check('poll', libc.poll(new Uint8Array(fds.buffer), 1, 0)) === 0;
  };
  let ns: Namespace | undefined;
  const close = (): void => {
    ns?.close();
    if (fd !== undefined) libc.close(fd);
    fd = undefined;
  };
  try {
    ns = open({ pid }, options);
    if (!alive()) throw new SystemError('pidfd_open', -errno.ESRCH, `${pid}`);
    return { pid, ns, alive, close, [Symbol.dispose]: close };
  } catch (error) {
    close();
    throw error;
  }
}
