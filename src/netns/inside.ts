import { writeSync } from 'node:fs';
import { SystemError } from '../errors.ts';
import type { Libc } from '../ffi/libc.ts';
import { isMainThread } from '../ffi/thread.ts';

/** include/uapi/linux/sched.h */
export const CLONE_NEWNET = 0x40000000;

const O_CLOEXEC = 0o2000000;

/**
 * Runs `work` in the network namespace that `fd` is of, then goes back. A namespace belongs to the thread: until `work`
 * returns, nothing else can run on it, so `work` must do all it has to do before it returns. That is why users are not
 * offered this function: a socket of Node's connects in a later turn, when the thread has long gone back.
 *
 * A thread that cannot go back would do everything after this in the wrong namespace. That ends the process.
 */
export const inside = <T>(libc: Libc, fd: number, work: () => T): T =>
  away(libc, () => check('setns', libc.setns(fd, CLONE_NEWNET)), work);

/** Runs `work` in a new network namespace, under the same conditions. */
export const insideNew = <T>(libc: Libc, work: () => T): T =>
  away(libc, () => check('unshare', libc.unshare(CLONE_NEWNET), 'into a new network namespace'), work);

function away<T>(libc: Libc, leave: () => void, work: () => T): T {
  const back = openCurrent(libc);
  try {
    // Going back takes the same right as this, which changes nothing: better refused before we have left.
    check('setns', libc.setns(back, CLONE_NEWNET), 'into the namespace of this very thread (to go back there later)');
    leave();
    try {
      return work();
    } finally {
      const result = libc.setns(back, CLONE_NEWNET);
      if (result < 0) endProcess(new SystemError('setns', result, 'back into the namespace of this thread'));
    }
  } finally {
    libc.close(back);
  }
}

/** A descriptor of the network namespace that this thread is in. */
export const openCurrent = (libc: Libc): number => {
  const path = '/proc/thread-self/ns/net';
  return check('open', libc.open(path, O_CLOEXEC, 0), path);
};

/** `process.abort()` is not to be had in worker threads. */
function endProcess(error: SystemError): never {
  writeSync(2, `netlink-ts: ${error.message}. This thread is in a foreign network namespace: the process ends here.\n`);
  if (isMainThread()) process.abort();
  process.kill(process.pid, 'SIGKILL');
  throw error;
}

export function check(call: string, result: number, about?: string): number {
  if (result < 0) throw new SystemError(call, result, about);
  return result;
}
