import { mkdirSync, unlinkSync } from 'node:fs';
import { errno } from '../errno.ts';
import { EncodeError, SystemError } from '../errors.ts';
import type { Libc } from '../ffi/libc.ts';
import { openLibc } from '../ffi/load.ts';
import { namedNamespaces, type NamespaceRef } from '../route/namespace.ts';
import { show } from '../schema/codec.ts';
import { check, insideNew, openCurrent } from './inside.ts';
import { openFd, type NetnsOptions } from './namespace.ts';

/** include/uapi/linux/fs.h, include/uapi/linux/mount.h */
const MS_BIND = 0x1000, MS_REC = 0x4000, MS_SHARED = 0x100000;
const MNT_DETACH = 2;
const O_CREAT = 0o100, O_EXCL = 0o200, O_CLOEXEC = 0o2000000;
const LOCK_EX = 2;

/**
 * Makes a namespace and gives it a name, by which `ip netns` and other programs find it too. It lasts until it is
 * deleted and its last process has ended. Its loopback device is down, as the kernel made it.
 *
 * Equivalent to `ip netns add NAME`. Fails with EEXIST where the name is taken. Needs CAP_SYS_ADMIN and the right to
 * write in /run; a plain user has both in a user and mount namespace of his own, after mounting a tmpfs on /run.
 */
export function create(name: string, options: NetnsOptions = {}): void {
  const libc = openLibc(options.ffi);
  mountName(libc, name, () => insideNew(libc, () => openCurrent(libc)));
}

/**
 * Gives a namespace that exists a name, or one more.
 *
 * Equivalent to `ip netns attach NAME PID`. Fails with EEXIST where the name is taken.
 */
export function attach(name: string, ref: NamespaceRef, options: NetnsOptions = {}): void {
  const libc = openLibc(options.ffi);
  mountName(libc, name, () => openFd(libc, ref));
}

/**
 * Takes the name away. The namespace itself goes when nobody uses it any more.
 *
 * Equivalent to `ip netns delete NAME`. Fails with ENOENT where there is no such name.
 */
function remove(name: string, options: NetnsOptions = {}): void {
  const path = pathOf(name);
  const result = openLibc(options.ffi).umount2(path, MNT_DETACH);
  // EINVAL: nothing is mounted on it, as when its maker died half way; the file goes all the same.
  if (result < 0 && result !== -errno.EINVAL) throw new SystemError('umount', result, path);
  asSystemError('unlink', path, () => unlinkSync(path));
}
export { remove as delete };

/** The file stands before the namespace is made, so that of two makers of one name the second fails. */
function mountName(libc: Libc, name: string, openIt: () => number): void {
  const path = pathOf(name);
  shareFolder(libc);
  libc.close(check('open', libc.open(path, O_CREAT | O_EXCL | O_CLOEXEC, 0o444), path));
  try {
    const fd = openIt();
    try {
      check('mount', libc.mount(`/proc/self/fd/${fd}`, path, 'none', MS_BIND, null), path);
    } finally {
      libc.close(fd);
    }
  } catch (error) {
    unlinkSync(path);
    throw error;
  }
}

/**
 * Makes the folder a mount whose changes spread to all mount namespaces that were copied from this one: else a name
 * that is deleted here would stay mounted there and keep its namespace. The lock is the one `ip netns` takes: two
 * programs that both found no mount would put one upon the other, and hide the names below.
 */
function shareFolder(libc: Libc): void {
  asSystemError('mkdir', namedNamespaces, () => mkdirSync(namedNamespaces, { recursive: true, mode: 0o755 }));
  const lock = check('open', libc.open(namedNamespaces, O_CLOEXEC, 0), namedNamespaces);
  try {
    check('flock', libc.flock(lock, LOCK_EX), namedNamespaces);
    const share = (): number => libc.mount('', namedNamespaces, 'none', MS_SHARED | MS_REC, null);
    let result = share();
    if (result === -errno.EINVAL) {
      check('mount', libc.mount(namedNamespaces, namedNamespaces, 'none', MS_BIND | MS_REC, null), namedNamespaces);
      result = share();
    }
    check('mount', result, `${namedNamespaces} as shared`);
  } finally {
    libc.close(lock);
  }
}

function pathOf(name: string): string {
  const good = typeof name === 'string' && name !== '' && name !== '.' && name !== '..' && !/[/\0]/.test(name);
  if (!good) throw new EncodeError(`must be a file name, without a slash, got ${show(name)}`, 'name');
  if (Buffer.byteLength(name) > 255) throw new EncodeError('must have 255 bytes at most', 'name');
  return `${namedNamespaces}/${name}`;
}

/** Node's own error as ours. */
function asSystemError(call: string, about: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    const { errno } = error as NodeJS.ErrnoException;
    throw typeof errno === 'number' ? new SystemError(call, errno, about, { cause: error }) : error;
  }
}
