import { EncodeError } from '../errors.ts';
import { show } from '../schema/codec.ts';
import type { Asked } from '../conversation/operation.ts';

/**
 * A network namespace: the name of a mounted one (`ip netns`), a path, an open descriptor (anything with `fd`, such
 * as a Namespace of `netlink-ts/netns`), or a process. A process is looked at once, when the operation runs.
 */
export type NamespaceRef = string | { readonly fd: number } | { readonly pid: number };

/** Where `ip netns` keeps its names. */
export const namedNamespaces = '/run/netns';

/** A reference, checked: the path of a named namespace, a path as it was given, or the object that was given. */
export function namespacePath(ref: NamespaceRef): string | { readonly fd: number } | { readonly pid: number } {
  if (typeof ref === 'object' && ref !== null) {
    if ('fd' in ref && Number.isInteger(ref.fd) && ref.fd >= 0) return ref;
    if ('pid' in ref && Number.isInteger(ref.pid) && ref.pid > 0) return ref;
  }
  if (typeof ref === 'string' && ref !== '' && !ref.includes('\0'))
    return ref.includes('/') ? ref : `${namedNamespaces}/${ref}`;
  throw new EncodeError(`must be the name or path of a namespace, { fd } or { pid }, got ${show(ref)}`, 'netns');
}

/** Inside steps: a descriptor of the namespace. One that is opened here is closed when the operation has ended. */
export function* namespaceFd(ref: NamespaceRef): Generator<Asked, number, any> {
  const target = namespacePath(ref);
  if (typeof target === 'string') return yield { namespace: target };
  return 'fd' in target ? target.fd : yield { namespace: `/proc/${target.pid}/ns/net` };
}
