import { readdirSync, readlinkSync } from 'node:fs';

/**
 * How many descriptors of the sorts that this library opens are open: sockets, namespaces, epoll. What else there is,
 * Node and its loaders open and close when they like.
 */
export const descriptors = (): number =>
  readdirSync('/proc/self/fd').filter((fd) => /^(socket:|net:|\/proc\/|\/run\/netns\/|\/dev\/net\/|anon_inode:\[eventpoll)/.test(target(fd))).length;

function target(fd: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return ''; // the one that was open while the folder was read
  }
}
