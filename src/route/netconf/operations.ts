import { dump, single, type Operation, type Steps } from '../../conversation/operation.ts';
import type { LinkRef } from '../link/message.ts';
import { indexOf } from '../link/resolve.ts';
import { netconfMessage, type Netconf } from './message.ts';

const RTM_GETNETCONF = 82;

export type NetconfFamily = 'inet' | 'inet6' | 'mpls';

/** Lists settings of every link, of all families unless one is given. Equivalent to `ip netconf show`. */
export const list = (filter: { readonly family?: NetconfFamily | undefined } = {}): Operation<Netconf[]> =>
  dump('netconf.list', RTM_GETNETCONF, netconfMessage, { family: filter.family }, netconfMessage,
    (entry) => filter.family === undefined || entry.family === filter.family, () => 'ip netconf show');

/**
 * The settings of one link, of `all` links together, or the `default` for new ones.
 *
 * Equivalent to `ip netconf show dev DEV`. A link that has one of these two names is given by its index.
 */
export function* get(dev: LinkRef | 'all' | 'default', family: NetconfFamily = 'inet'): Steps<Netconf> {
  const index = dev === 'all' || dev === 'default' ? dev : yield* indexOf('netconf.get', dev);
  return single('netconf.get', RTM_GETNETCONF, 0, netconfMessage, { family, index }, netconfMessage, () => `ip ${family === 'inet6' ? '-6 ' : ''}netconf show dev ${index}`);
}
