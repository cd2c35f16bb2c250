import type { Family } from '../../netfilter/header.ts';
import type { AddrInput } from '../../route/addr/message.ts';
import type { LinkInput } from '../../route/link/message.ts';
import type { NeighInput } from '../../route/neigh/message.ts';
import type { NexthopInput } from '../../route/nexthop/message.ts';
import type { RouteInput } from '../../route/route/message.ts';
import type { SetName } from '../modes/table.ts';

/**
 * What those calls are asked with that plans have besides the operations of our connections, by name: plain data, for the
 * undo helper reads it from the journal. What they do is written in the folders above this one: see calls.ts there.
 */
export interface OwnArguments {
  'sysctl.set': [name: string, value: string];
  'link.remove': [name: string, address: string];
  'link.waitGone': [name: string];
  'addr.waitForDad': [dev: string];
  'nft.removeRules': [of: Comment];
  'vlan.release': [name: string, address: string];
  'veth.restore': [link: LinkEnd & Pick<LinkInput, 'up' | 'master'>, peer: LinkEnd];
  'arp.probe': [dev: string, ip: string, probing: Probing];
  'lan.announce': [dev: string, ip: string];
  'lan.reach': [dev: string, ip: string, gateway: string];
  'lan.restore': [saved: Saved];
  'forward.probe': [probe: Probe];
  'name.attach': [name: string];
  'name.delete': [name: string, ino: number];
  'nat.prepare': [];
  'nat.remove': [];
  'nat.add': [elements: readonly OwnElement[]];
  'nat.lease': [lease: OwnElement];
  'nat.delete': [elements: readonly OwnElement[]];
  'nat.forget': [connections: readonly Forgotten[]];
}

/** What the rules of a table are known by. */
export interface Comment {
  readonly family: Family;
  readonly table: string;
  readonly comment: string;
}

/** One end of a pair. */
export interface LinkEnd {
  readonly name: string;
  readonly address?: string | undefined;
  readonly mtu?: number | undefined;
}

/** How a network is asked whether an address is in use. */
export interface Probing {
  readonly count: number;
  /** Milliseconds between two. */
  readonly interval: number;
}

/** What a link had, as plain data that outlives the link's index. */
export interface Saved {
  readonly dev: string;
  readonly addrs: readonly AddrInput[];
  readonly groups: readonly (readonly RouteInput[])[];
  readonly nexthops: readonly NexthopInput[];
  readonly neighs: readonly NeighInput[];
  /** The link that has it meanwhile. */
  readonly other?: string | undefined;
  /** When that was, in milliseconds by a clock that all processes of this machine have in common. */
  readonly at: number;
}

/** A packet that is sent to see whether it gets through. */
export interface Probe {
  /** The container's link, its address, and whom it asks for the way. */
  readonly dev: string;
  readonly from: string;
  readonly gateway: string;
  /** Where it is addressed to; it never gets there. */
  readonly to: string;
  readonly bridge: string;
  readonly uplink?: string | undefined;
  /** From port to port of the bridge, or routed. */
  readonly way: 'bridged' | 'routed';
}

/** An element of a set of our table. */
export interface OwnElement {
  readonly set: SetName;
  readonly key: string;
  readonly data?: string | undefined;
  readonly comment?: string | undefined;
}

/** Connections that a published port had. */
export interface Forgotten {
  readonly protocol: 'tcp' | 'udp' | 'sctp';
  readonly family: 'ip' | 'ip6';
  /** Those that came to this port of the host itself. */
  readonly hostPort?: number | undefined;
  /** Those that went to this address and port of a container. */
  readonly address?: string | undefined;
  readonly port?: number | undefined;
}
