import { checkArgument, list } from '../arguments.ts';
import { get16 } from '../bytes/memory.ts';
import { EncodeError } from '../errors.ts';
import { show } from '../schema/codec.ts';
import type { Message } from '../schema/message.ts';
import { checkEventOptions, eventStream, readEvent, type EventOptions, type EventStream, type StreamEvent } from '../conversation/events.ts';
import type { OpenTransport } from '../transport/transport.ts';
import { addrMessage, type Addr } from './addr/message.ts';
import { nduseroptMessage, type Nduseropt } from './announced/nduseropt.ts';
import { prefixMessage, type Prefix } from './announced/prefix.ts';
import { linkMessage, type Link } from './link/message.ts';
import { mdbMessage, type Mdb } from './mdb/message.ts';
import { neighMessage, type Neigh } from './neigh/message.ts';
import { netconfMessage, type Netconf } from './netconf/message.ts';
import { nexthopMessage, type Nexthop } from './nexthop/message.ts';
import { nsidMessage, type Nsid } from './nsid/message.ts';
import { routeMessage, type Route } from './route/message.ts';
import { ruleMessage, type Rule } from './rule/message.ts';
import { vlanMessage, type Vlans } from './vlan/message.ts';

/** One sort of event: the multicast groups it comes by and the types of its messages. */
interface Source<T> {
  /** RTNLGRP_ of include/uapi/linux/rtnetlink.h */
  readonly groups: readonly number[];
  /** RTM_NEW... and RTM_DEL...; some things are only ever announced. */
  readonly new: number;
  readonly del?: number;
  readonly message: Message<any, any>;
  /** Where several sorts share a message type: whether this one is meant. */
  readonly when?: (item: any) => boolean;
  /** Only for types. */
  readonly item?: T;
}

const source = <T>(groups: readonly number[], types: readonly [number, number?], message: Message<any, any>, when?: (item: T) => boolean): Source<T> => ({
  groups, new: types[0], message, ...(types[1] === undefined ? {} : { del: types[1] }), ...(when ? { when } : {}),
});

/** What can be listened to. */
export const sources = {
  link: source<Link>([1], [16, 17], linkMessage as never, (link) => link.family === 'unspec'),
  /** Links as ports of a bridge: `del` means that one left its bridge, not that it is gone. */
  port: source<Link>([1], [16, 17], linkMessage as never, (link) => link.family === 'bridge'),
  addr: source<Addr>([5, 9], [20, 21], addrMessage),
  route: source<Route>([7, 11, 27], [24, 25], routeMessage),
  neigh: source<Neigh>([3], [28, 29], neighMessage, (neigh) => neigh.family !== 'bridge'),
  fdb: source<Neigh>([3], [28, 29], neighMessage, (neigh) => neigh.family === 'bridge'),
  rule: source<Rule>([8, 19], [32, 33], ruleMessage),
  nexthop: source<Nexthop>([32], [104, 105], nexthopMessage as never),
  netconf: source<Netconf>([24, 25, 29], [80, 81], netconfMessage),
  mdb: source<Mdb>([26], [84, 85], mdbMessage),
  /** VLANs of bridges. */
  vlan: source<Vlans>([33], [112, 113], vlanMessage),
  nsid: source<Nsid>([28], [88, 89], nsidMessage),
  /** Prefixes that routers announce. */
  prefix: source<Prefix>([18], [52], prefixMessage),
  /** Options that routers announce and the kernel leaves to programs. */
  nduseropt: source<Nduseropt>([20], [68], nduseroptMessage),
} as const;

type Sources = typeof sources;

export type RouteEventType = keyof Sources;

type Item<S> = S extends Source<infer T> ? T : never;

/**
 * A change of the sorts `K`: `{ type: 'link', action: 'new', link }`. `new` is also sent for each change of what is
 * there already.
 */
export type RouteEvent<K extends RouteEventType = RouteEventType> = {
  [T in K]: { readonly type: T; readonly action: 'new' | 'del' } & { readonly [P in T]: Item<Sources[T]> };
}[K];

/** Starts listening; see `RouteEvents`. */
export type RouteEvents = <const K extends RouteEventType>(types: readonly K[], options?: EventOptions) => EventStream<RouteEvent<K>>;

/**
 * Changes in a namespace, as they happen, by a socket of their own.
 *
 *     for await (const event of nl.events(['link', 'addr'])) if (event.type === 'link') console.log(event.action, event.link.name);
 *
 * Equivalent to `ip monitor link address`. Listening starts with the call, not with the loop. Leaving the loop ends it,
 * as do `close()`, `using` and an AbortSignal. `{ type: 'overrun' }` stands where the kernel had to drop events because
 * they were not read in time: list anew what you follow. A larger `receiveBuffer` makes that rarer.
 */
export const routeEvents = (open: OpenTransport): RouteEvents => (types, options = {}) => {
  checkArgument('events', 'types', types, list);
  checkEventOptions(options);
  const wanted = new Set<string>(types);
  const unknown = [...wanted].find((type) => !Object.hasOwn(sources, type));
  if (wanted.size === 0 || unknown !== undefined)
    throw new EncodeError(`must be some of ${Object.keys(sources).join(', ')}, got ${show(unknown ?? types)}`, 'types');
  const chosen = Object.entries(sources as { readonly [type: string]: Source<unknown> }).filter(([type]) => wanted.has(type));
  const groups = [...new Set(chosen.flatMap(([, { groups }]) => groups))];
  const transport = open({ groups, receiveBuffer: options.receiveBuffer });
  return eventStream<never>(transport, (m, at, end) => {
    const number = get16(m, at + 4);
    for (const [type, { message, when, ...numbers }] of chosen) {
      const action = number === numbers.new ? 'new' : number === numbers.del ? 'del' : undefined;
      if (action === undefined) continue;
      const item = readEvent(message, m, at, end);
      if (!when || when(item)) return { type, action, [type]: item } as never;
    }
    return undefined;
  }, options);
};

export type { EventOptions, EventStream, StreamEvent };
