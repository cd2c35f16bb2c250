import type { Addr, AddrInput } from '../../route/addr/message.ts';
import { RTM_DELADDR, RTM_GETADDR, RTM_NEWADDR } from '../../route/addr/types.ts';
import { networkOf, prefixOf } from '../../route/prefix.ts';
import { addrGroup, addRoutes, bare, dropAddrs } from './connected.ts';
import { refuse } from './refusal.ts';
import { has, type Answer, type Handler, type Request } from './request.ts';
import { announce, type FakeLink } from './state.ts';

type Asked = Request<AddrInput & { family: 'inet' | 'inet6'; index: number }>;

function linkOf({ space, value }: Asked): FakeLink {
  return space.links.get(value.index) ?? refuse('ENODEV');
}

const lengthOf = (addr: { address: string; peer?: string | undefined }): number => prefixOf(addr.peer ?? addr.address).length;

/** IPv4: own address, prefix and link make an address another. IPv6: own address and link. */
const same = (one: AddrInput & { index?: number | undefined }, other: Addr): boolean =>
  one.index === other.index && one.family === other.family && bare(one.address) === bare(other.address) &&
  (one.family === 'inet6' || (lengthOf(one) === lengthOf(other) && networkOf(one.peer ?? one.address) === networkOf(other.peer ?? other.address)));

function set(request: Asked): void {
  const { space, value } = request, link = linkOf(request);
  const present = space.addrs.find((addr) => same(value, addr));
  if (present && (has(request, 'EXCL') || !has(request, 'REPLACE'))) refuse('EEXIST', value.family === 'inet' ? 'ipv4: Address already assigned' : undefined);
  const { metric, preferredLft = 'forever', validLft = 'forever', flags = {}, scope = 'global', broadcast, proto } = value;
  const permanent = validLft === 'forever' ? { permanent: true } : {};
  if (present) {
    const { permanent: _before, ...kept } = present.flags;
    Object.assign(present, { preferredLft, validLft, flags: { ...kept, ...permanent }, ...(metric === undefined ? {} : { metric }) });
    return announce(space, addrGroup(present), RTM_NEWADDR, present);
  }
  const prefix = value.peer ?? value.address;
  const secondary = value.family === 'inet' && space.addrs.some((addr) => addr.index === link.index && addr.family === 'inet' && !addr.flags.secondary &&
    lengthOf(addr) === lengthOf(value) && networkOf(addr.peer ?? addr.address) === networkOf(prefix));
  const addr = {
    address: value.address, ...(value.peer === undefined || value.peer === value.address ? {} : { peer: value.peer }),
    family: value.family, flags: { ...flags, ...permanent, ...(secondary ? { secondary: true } : {}) }, scope, index: link.index,
    ...(broadcast === undefined ? {} : { broadcast }), ...(value.family === 'inet' ? { label: value.label ?? link.name } : {}),
    ...(metric === undefined ? {} : { metric }), ...(proto === undefined ? {} : { proto }), preferredLft, validLft, created: 0, updated: 0,
  } as Addr;
  space.addrs.push(addr);
  announce(space, addrGroup(addr), RTM_NEWADDR, addr);
  addRoutes(space, link, addr);
}

/** A primary address takes its secondaries with it. */
function remove(request: Asked): void {
  const { space, value } = request, link = linkOf(request), wanted = value.address ?? value.peer;
  const found = space.addrs.find((addr) => addr.index === link.index && addr.family === value.family && bare(addr.address) === bare(wanted) &&
    lengthOf(addr) === lengthOf(value) && (value.label === undefined || addr.label === value.label));
  if (!found) refuse('EADDRNOTAVAIL', value.family === 'inet' ? 'ipv4: Address not found' : 'address not found');
  const secondaries = found.family === 'inet' && !found.flags.secondary ? space.addrs.filter((addr) => addr.index === link.index && addr.flags.secondary &&
    lengthOf(addr) === lengthOf(found) && networkOf(addr.peer ?? addr.address) === networkOf(found.peer ?? found.address)) : [];
  dropAddrs(space, link, [...secondaries, found]);
}

function get({ space, value }: Asked): Answer {
  if (value.index && !space.links.has(value.index)) refuse('ENODEV');
  const values = space.addrs.filter((addr) => (!value.index || addr.index === value.index) && ((value.family as string) === 'unspec' || addr.family === value.family));
  return { type: RTM_NEWADDR, values };
}

export const addrHandlers: { readonly [type: number]: Handler } = {
  [RTM_NEWADDR]: { changes: true, run: set },
  [RTM_DELADDR]: { changes: true, run: remove },
  [RTM_GETADDR]: { changes: false, run: get },
};
