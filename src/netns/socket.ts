import { ClosedError } from '../errors.ts';
import type { Libc } from '../ffi/libc.ts';
import type { NamespaceRef } from '../route/namespace.ts';
import { openSocket } from '../transport/socket.ts';
import type { OpenTransport, SocketOptions, Transport } from '../transport/transport.ts';
import { inside } from './inside.ts';
import { openFd } from './namespace.ts';

/**
 * Opens netlink sockets in a namespace, or in this thread's where none is given, of one netlink family unless another is asked for. What `ref` says is looked at once: all
 * sockets are of the same namespace, even if its name or process has come to mean another. It is held until the first
 * socket, that of the connection itself, is closed.
 */
export function socketsIn(ref: NamespaceRef | undefined, libc: Libc, protocol: number): OpenTransport {
  const open = (options: SocketOptions, closed?: () => void): Transport => openSocket(libc, options.protocol ?? protocol, options, closed);
  if (ref === undefined) return (options) => open(options);
  const fd = openFd(libc, ref);
  let state: 'new' | 'held' | 'closed' = 'new';
  const release = (): void => {
    if (state !== 'closed') libc.close(fd);
    state = 'closed';
  };
  return (options) => {
    if (state === 'closed') throw new ClosedError('netns');
    try {
      const socket = inside(libc, fd, () => open(options, state === 'new' ? release : undefined));
      state = 'held';
      return socket;
    } catch (error) {
      if (state === 'new') release();
      throw error;
    }
  };
}
