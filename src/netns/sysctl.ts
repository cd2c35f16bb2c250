import { readFileSync, writeFileSync } from 'node:fs';
import { encodeText } from '../bytes/text.ts';
import { SystemError } from '../errors.ts';
import { openLibc } from '../ffi/load.ts';
import type { NamespaceRef } from '../route/namespace.ts';
import { inside } from './inside.ts';
import { openFd, type NetnsOptions } from './namespace.ts';

/** Where a setting lies: `net/ipv6/conf/br0/accept_dad`. Slashes between its parts: a link's name may have dots. */
const pathOf = (name: string): Buffer => Buffer.from(encodeText(`/proc/sys/${name}`));

/**
 * A setting of a namespace, as text; undefined where the kernel has none of that name.
 *
 * Equivalent to `ip netns exec NAME sysctl -n net.ipv4.ip_forward`; the parts of the name have slashes between them.
 */
export function get(ref: NamespaceRef, name: string, options: NetnsOptions = {}): string | undefined {
  try {
    return within(ref, options, () => readFileSync(pathOf(name), 'utf8').trim());
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Changes a setting of a namespace.
 *
 * Equivalent to `ip netns exec NAME sysctl -w net.ipv4.ip_forward=1`. Fails with ENOENT where the kernel has none of
 * that name, with EROFS where /proc/sys is mounted for reading alone, as in most containers.
 */
export const set = (ref: NamespaceRef, name: string, value: string | number, options: NetnsOptions = {}): void =>
  within(ref, options, () => writeFileSync(pathOf(name), String(value), { flag: 'r+' }));

/** /proc/sys shows the settings of the namespace that the thread is in when it opens the file. */
function within<T>(ref: NamespaceRef, { ffi }: NetnsOptions, work: () => T): T {
  const libc = openLibc(ffi), fd = openFd(libc, ref);
  try {
    return inside(libc, fd, work);
  } catch (error) {
    const { errno, syscall, path } = error as NodeJS.ErrnoException;
    if (error instanceof SystemError || errno === undefined) throw error;
    throw new SystemError(syscall ?? 'open', errno, path?.toString(), { cause: error });
  } finally {
    libc.close(fd);
  }
}
