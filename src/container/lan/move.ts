import { call, type Call } from '../plan/call.ts';
import { named } from '../plan/link-name.ts';
import { addrFor, inGivingOrder, leavesBy, routeFor, type Belongings } from './belongings.ts';

/** Gives a link the addresses and permanent neighbours that another has. Both have them for a moment. */
export const giveCalls = ({ addrs, neighs }: Belongings, from: string, to: string): Call[] => [
  ...inGivingOrder(addrs).map((addr) => call('host', 'addr.add', [named(to), addrFor(addr, from, to)])),
  ...neighs.map((neigh) => call('host', 'neigh.add', [{ ...neigh, dev: named(to) }])),
];

/**
 * Lets nexthop objects leave by another link; with them go the groups they are in and the routes that name them. It must
 * be done while both links have a carrier: with the carrier of its link the kernel takes an object away, and all routes.
 */
export const objectCalls = ({ nexthops }: Belongings, to: string): Call[] =>
  nexthops.map(({ oif: _oif, ...nexthop }) => call('host', 'nexthop.replace', [{ ...nexthop, dev: named(to) }]));

/**
 * Lets the routes that leave by one link leave by another: a route that is alone with its key is replaced, so that there
 * is no moment without it. Among others of the same key it must be made anew, and those behind it too, to keep its place.
 */
export function routeCalls({ routes }: Belongings, index: number, to: string): Call[] {
  return routes.flatMap(({ routes: group, first }) => {
    if (group.length === 1) return [call('host', 'route.replace', [routeFor(group[0]!, index, to)])];
    return group.slice(first).filter((route) => route.protocol !== 'kernel').flatMap((route) => [
      call('host', 'route.delete', [route]),
      call('host', 'route.append', [leavesBy(route, index) ? routeFor(route, index, to) : route]),
    ]);
  });
}

/** Takes the addresses of a link away, secondary ones first: with a primary address they would go unasked. */
export const takeCalls = ({ addrs, neighs }: Belongings, from: string): Call[] => [
  ...addrs.toReversed().map(({ address, peer }) => call('host', 'addr.delete', [named(from), { address, peer }], ['EADDRNOTAVAIL'])),
  ...neighs.map(({ dst }) => call('host', 'neigh.delete', [{ dst, dev: named(from) }], ['ENOENT'])),
];
