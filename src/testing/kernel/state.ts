import type { Addr } from '../../route/addr/message.ts';
import type { Neigh } from '../../route/neigh/message.ts';
import type { Route } from '../../route/route/message.ts';
import type { Rule } from '../../route/rule/message.ts';
import type { Owner } from '../../schema/codec.ts';

/** A link as the fake kernel keeps it. */
export interface FakeLink {
  index: number;
  name: string;
  /** None for the loopback device. */
  readonly kind: string | undefined;
  up: boolean;
  mtu: number;
  address: string;
  /** Whether somebody has chosen the address, and with a bridge, the MTU: else it follows the ports. */
  ownAddress: boolean;
  ownMtu: boolean;
  master: number | undefined;
  group: number;
  txqlen: number;
  alias: string | undefined;
  altnames: string[];
  options: Owner;
  /** The other end of a pair, and where it is. */
  peer: { readonly link: FakeLink } | undefined;
  space: Space;
}

/** One network namespace. */
export interface Space {
  readonly name: string;
  readonly links: Map<number, FakeLink>;
  /** Indexes are not given twice. */
  lastIndex: number;
  addrs: Addr[];
  routes: Route[];
  rules: Rule[];
  neighs: Neigh[];
  /** Numbers of other namespaces, as `ip netns list-id` shows them. */
  readonly nsids: Map<Space, number>;
  /** Takes an event: the group, the message's type and its object. */
  readonly listeners: Set<(group: number, type: number, value: object) => void>;
}

const rule = (family: 'inet' | 'inet6', priority: number, table: 'local' | 'main' | 'default'): Rule => ({
  family, tos: 0, table, action: 'lookup', flags: {}, protocol: 'kernel', suppressPrefixlength: -1, ...(priority === 0 ? {} : { priority }),
});

/** A new namespace: a loopback device that is down, and the rules that every namespace has. */
export function newSpace(name: string): Space {
  const space: Space = {
    name, links: new Map(), lastIndex: 1, addrs: [], routes: [], neighs: [], nsids: new Map(), listeners: new Set(),
    rules: [
      rule('inet', 0, 'local'), rule('inet', 32766, 'main'), rule('inet', 32767, 'default'),
      rule('inet6', 0, 'local'), rule('inet6', 32766, 'main'),
    ],
  };
  space.links.set(1, {
    index: 1, name: 'lo', kind: undefined, up: false, mtu: 65536, address: '00:00:00:00:00:00', ownAddress: true, ownMtu: true,
    master: undefined, group: 0, txqlen: 1000, alias: undefined, altnames: [], options: {}, peer: undefined, space,
  });
  return space;
}

/** Tells everybody who listens in a namespace. */
export function announce(space: Space, group: number, type: number, value: object): void {
  for (const listener of space.listeners) listener(group, type, value);
}

/** The link of a name or altname. */
export const linkNamed = (space: Space, name: string): FakeLink | undefined =>
  [...space.links.values()].find((link) => link.name === name || link.altnames.includes(name));

/** An index that no link here has, nor had. */
export function newIndex(space: Space): number {
  do space.lastIndex++;
  while (space.links.has(space.lastIndex));
  return space.lastIndex;
}

/** The number that one namespace has for another; it is given one if it has none. */
export function nsidOf(space: Space, other: Space): number {
  const known = space.nsids.get(other);
  if (known !== undefined) return known;
  const taken = new Set(space.nsids.values());
  let nsid = 0;
  while (taken.has(nsid)) nsid++;
  space.nsids.set(other, nsid);
  return nsid;
}
