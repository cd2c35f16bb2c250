import { closeSync, existsSync, fstatSync, mkdirSync, openSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { errno } from '../../errno.ts';
import { SystemError } from '../../errors.ts';
import { openLibc } from '../../ffi/load.ts';
import { namesIn } from '../files.ts';

const LOCK_EX = 2, LOCK_NB = 4, LOCK_UN = 8;

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

/**
 * The same for work that waits, of this process too: others are let run meanwhile. The file goes with the lock, since
 * there is one for each container.
 */
export async function alone<T>(path: string, work: () => Promise<T>): Promise<T> {
  mkdirSync(dirname(path), { recursive: true });
  const fd = await take(path);
  try {
    return await work();
  } finally {
    rmSync(path, { force: true }); // while it is ours: who has opened this file sees that it is no more
    closeSync(fd);
  }
}

/** Removes the file of a lock whose holder was killed when all else was done. */
export async function sweep(path: string): Promise<void> {
  if (existsSync(path)) await alone(path, async () => {});
}

/** Removes all files of locks in a folder that nobody holds. */
export function sweepAll(folder: string): void {
  for (const name of namesIn(folder)) {
    const path = join(folder, name), fd = name.endsWith('.lock') ? tryTake(path) : undefined;
    if (fd === undefined) continue;
    rmSync(path, { force: true });
    closeSync(fd);
  }
}

async function take(path: string): Promise<number> {
  for (;;) {
    const fd = tryTake(path);
    if (fd !== undefined) return fd;
    await new Promise((done) => setTimeout(done, 5));
  }
}

/** A descriptor that has the lock; undefined where another has it. */
function tryTake(path: string): number | undefined {
  for (const libc = openLibc(); ; ) {
    const fd = openSync(path, 'a', 0o600), result = libc.flock(fd, LOCK_EX | LOCK_NB);
    if (result === 0 && isAt(fd, path)) return fd;
    closeSync(fd);
    if (result === -errno.EAGAIN) return undefined;
    if (result < 0) throw new SystemError('flock', result, path);
  }
}

/** Whether a file is still the one of this name. */
function isAt(fd: number, path: string): boolean {
  const there = statSync(path, { throwIfNoEntry: false }), own = fstatSync(fd);
  return there?.ino === own.ino && there.dev === own.dev;
}
