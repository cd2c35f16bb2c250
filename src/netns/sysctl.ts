import { readFileSync, writeFileSync } from 'node:fs';
import { encodeText } from '../bytes/text.ts';
import { SystemError } from '../errors.ts';
import { openLibc } from '../ffi/load.ts';
import type { NamespaceRef } from '../route/namespace.ts';
import { inside } from './inside.ts';
import { openFd, type NetnsOptions } from './namespace.ts';

/**
 * A setting of a namespace, as text; undefined where the kernel has none of that name.
 *
 * Equivalent to `ip netns exec NAME sysctl -n net.ipv4.ip_forward`; the parts of the name have slashes between them, for
 * a link's name may have dots: `net/ipv6/conf/eth0.7/accept_dad`.
 */
export function get(ref: NamespaceRef, name: string, options: NetnsOptions = {}): string | undefined {
  return within(ref, name, options, (path) => {
    try {
      return readFileSync(path, 'utf8').trim();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  });
}

/**
 * Changes a setting of a namespace.
 *
 * Equivalent to `ip netns exec NAME sysctl -w net.ipv4.ip_forward=1`. Fails with ENOENT where the kernel has none of
 * that name, with EROFS where /proc/sys is mounted for reading alone, as in most containers.
 */
export const set = (ref: NamespaceRef, name: string, value: string | number, options: NetnsOptions = {}): void =>
  within(ref, name, options, (path) => writeFileSync(path, String(value), { flag: 'r+' }));

/** /proc/sys shows the settings of the namespace that the thread is in when it opens the file. */
function within<T>(ref: NamespaceRef, name: string, { ffi }: NetnsOptions, work: (path: Buffer) => T): T {
  const path = `/proc/sys/${name}`, bytes = Buffer.from(encodeText(path)), libc = openLibc(ffi), fd = openFd(libc, ref);
  try {
    return inside(libc, fd, () => work(bytes));
  } catch (error) {
    const { errno, syscall } = error as { errno?: number; syscall: string };
    if (error instanceof SystemError || errno === undefined) throw error;
    throw new SystemError(syscall, errno, path, { cause: error });
  } finally {
    libc.close(fd);
  }
}
