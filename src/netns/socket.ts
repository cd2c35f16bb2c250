import { ClosedError, SystemError } from '../errors.ts';
import { errno } from '../errno.ts';
import type { Libc } from '../ffi/libc.ts';
import { namespacePath, type NamespaceRef } from '../route/namespace.ts';
import { openSocket, type NetlinkSocket } from '../transport/socket.ts';
import type { OpenTransport } from '../transport/transport.ts';
import { inside } from './inside.ts';
import { checkNamespace, openFd } from './namespace.ts';

/**
 * Opens netlink sockets in a namespace, or in this thread's where none is given, of one netlink family unless another is
 * asked for. What `ref` says is looked at once: all sockets are of the same namespace, even if its name or process has
 * come to mean another. The first socket, that of the connection itself, tells where the others are to be: while it is
 * open it holds the namespace, and no descriptor but its own is needed for that.
 */
export function socketsIn(ref: NamespaceRef | undefined, libc: Libc, protocol: number): OpenTransport {
  let first: NetlinkSocket | undefined;
  return (options) => {
    const open = (): NetlinkSocket => openSocket(libc, options.protocol ?? protocol, options);
    if (ref === undefined) return open();
    if (first === undefined) return first = enter(libc, ref, open);
    if (first.closed) throw new ClosedError('netns');
    return closing(libc, first.ownNamespace(), open);
  };
}

function enter(libc: Libc, ref: NamespaceRef, open: () => NetlinkSocket): NetlinkSocket {
  const target = namespacePath(ref);
  if (typeof target === 'string' || !('fd' in target)) return closing(libc, openFd(libc, ref), open);
  try {
    return inside(libc, target.fd, open);
  } catch (error) {
    if (!(error instanceof SystemError) || error.syscall !== 'setns') throw error;
    if (error.code === 'EBADF') throw new SystemError('setns', -errno.EBADF, `into that of descriptor ${target.fd}`);
    if (error.code === 'EINVAL') checkNamespace(libc, target.fd, target);
    throw error;
  }
}

function closing(libc: Libc, fd: number, open: () => NetlinkSocket): NetlinkSocket {
  try {
    return inside(libc, fd, open);
  } finally {
    libc.close(fd);
  }
}
