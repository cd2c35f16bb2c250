import type { RouteEventType } from '../route/events.ts';
import type { Addr } from '../route/addr/message.ts';
import type { Link } from '../route/link/message.ts';
import type { Stir } from './parts.ts';

/** The sort of event that a stir is seen by. */
export const sortOf: { readonly [S in Stir]: RouteEventType } = {
  'link state': 'link', 'link moved': 'link', 'link name': 'link', 'addr del': 'addr',
  'nexthop': 'nexthop', 'nexthop del': 'nexthop', 'port': 'port', 'nsid': 'nsid',
};

/**
 * Tells what an event stirs up besides what it says. The kernel takes IPv4 routes and nexthops away without a word
 * when their link goes down, their address or their nexthop goes, and marks those whose link has lost its carrier; the
 * state of a bridge's port is told to bridges alone; a link's namespace changes its number behind its back.
 */
export function stirring(): (type: RouteEventType, action: 'new' | 'del', item: unknown) => Stir[] {
  const states = new Map<number, string>(), names = new Map<number, string>();
  return (type, action, item) => {
    if (type === 'port' || type === 'nsid') return [type];
    if (type === 'nexthop') return action === 'del' ? ['nexthop', 'nexthop del'] : ['nexthop'];
    if (type === 'addr') return action === 'del' && (item as Addr).family === 'inet' ? ['addr del'] : [];
    if (type !== 'link') return [];
    const { index, name, flags, link, master, newNetnsid, newIfindex } = item as Link;
    if (action === 'del') {
      states.delete(index);
      names.delete(index);
      return ['link state', 'link name', ...(newNetnsid !== undefined || newIfindex !== undefined ? ['link moved' as const] : [])];
    }
    const state = `${flags.up} ${flags.running} ${flags.lowerUp} ${master}`, stirs: Stir[] = [];
    if (!states.has(index) && link === 0) stirs.push('link moved'); // one end of a pair, before it has the other
    if (states.get(index) !== state) stirs.push('link state');
    if (names.get(index) !== name) stirs.push('link name');
    states.set(index, state);
    names.set(index, name);
    return stirs;
  };
}
