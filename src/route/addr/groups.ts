import { dump, type Exchange, type Steps } from '../../conversation/operation.ts';
import type { Decoded } from '../../schema/message.ts';
import type { LinkRef } from '../link/message.ts';
import { indexOf } from '../link/resolve.ts';
import { addrWire } from './message.ts';

const RTM_GETMULTICAST = 58, RTM_GETANYCAST = 62;

type Wire = Pick<Decoded<typeof addrWire>, 'family' | 'scope' | 'index' | 'cacheinfo'>;

/** An address of a group that a link listens to. */
export type MulticastAddr = Wire & { multicast: string };
/** An IPv6 address that other hosts have too. */
export type AnycastAddr = Wire & { anycast: string };

/**
 * Lists the IPv6 multicast groups that links have joined, those of IPv4 too on kernels since 6.14.
 *
 * Equivalent to `ip maddress show [dev DEV]`, which reads /proc.
 */
export const multicast = (filter: { readonly dev?: LinkRef | undefined; readonly family?: 'inet' | 'inet6' | undefined } = {}): Steps<MulticastAddr[]> =>
  groups<MulticastAddr>('addr.multicast', RTM_GETMULTICAST, filter.family, filter.dev);

/** Lists the IPv6 anycast addresses of links. */
export const anycast = (filter: { readonly dev?: LinkRef | undefined } = {}): Steps<AnycastAddr[]> => groups<AnycastAddr>('addr.anycast', RTM_GETANYCAST, 'inet6', filter.dev);

function* groups<T extends Wire>(operation: string, type: number, family: 'inet' | 'inet6' | undefined, dev: LinkRef | undefined): Steps<T[]> {
  const index = dev === undefined ? undefined : yield* indexOf(operation, dev);
  return dump(operation, type, addrWire, { family, index }, addrWire,
    (entry) => (index === undefined || entry.index === index) && (family === undefined || entry.family === family)) as unknown as Exchange<T[]>;
}
