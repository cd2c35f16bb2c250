import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { SystemError } from '../../errors.ts';
import { openLibc } from '../../ffi/load.ts';

const LOCK_EX = 2, LOCK_UN = 8;

/**
 * Runs `work` while no other process, and no other call of ours, holds the lock of this file. The kernel lets go of it
 * when its holder dies, however it dies. `work` does all it has to do before it returns.
 */
export function locked<T>(path: string, work: () => T): T {
  mkdirSync(dirname(path), { recursive: true });
  const libc = openLibc(), fd = openSync(path, 'a', 0o600);
  try {
    const result = libc.flock(fd, LOCK_EX);
    if (result < 0) throw new SystemError('flock', result, path);
    try {
      return work();
    } finally {
      libc.flock(fd, LOCK_UN);
    }
  } finally {
    closeSync(fd);
  }
}
