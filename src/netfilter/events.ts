import { checkArgument, list } from '../arguments.ts';
import { get16 } from '../bytes/memory.ts';
import { checkEventOptions, eventStream, readEvent, type EventOptions, type EventStream } from '../conversation/events.ts';
import { EncodeError } from '../errors.ts';
import { show } from '../schema/codec.ts';
import type { Message } from '../schema/message.ts';
import type { OpenTransport } from '../transport/transport.ts';
import { NLM_F } from '../wire/header.ts';
import { chainMessage, type Chain } from './chain/message.ts';
import { conntrackMessage, type Conntrack } from './conntrack/message.ts';
import { elementMessage, type Elements } from './element/message.ts';
import { flowtableMessage, type Flowtable } from './flowtable/message.ts';
import { generationMessage, type Generation } from './generation/message.ts';
import { objectMessage, type NftObject } from './object/message.ts';
import { ruleMessage, type Rule } from './rule/message.ts';
import { setMessage, type NftSet } from './set/message.ts';
import { tableMessage, type Table } from './table/message.ts';
import { IPCTNL_MSG_CT, NFNLGRP, NFT_MSG } from './types.ts';

/** One sort of event: its groups, the types of its messages, what they hold. */
interface Source<T> {
  readonly groups: readonly number[];
  readonly new: number;
  readonly del?: number;
  readonly message: Message<any, any>;
  /** Only for types. */
  readonly item?: T;
}

const source = <T>(types: readonly [number, number?], message: Message<any, any>,
  groups: readonly number[] = [NFNLGRP.NFTABLES]): Source<T> =>
  ({ groups, new: types[0], message, ...(types[1] === undefined ? {} : { del: types[1] }) });

const { CONNTRACK_NEW, CONNTRACK_UPDATE, CONNTRACK_DESTROY } = NFNLGRP;

/** What can be listened to. */
const sources = {
  table: source<Table>([NFT_MSG.NEWTABLE, NFT_MSG.DELTABLE], tableMessage),
  chain: source<Chain>([NFT_MSG.NEWCHAIN, NFT_MSG.DELCHAIN], chainMessage),
  rule: source<Rule>([NFT_MSG.NEWRULE, NFT_MSG.DELRULE], ruleMessage),
  set: source<NftSet>([NFT_MSG.NEWSET, NFT_MSG.DELSET], setMessage),
  element: source<Elements>([NFT_MSG.NEWSETELEM, NFT_MSG.DELSETELEM], elementMessage),
  object: source<NftObject>([NFT_MSG.NEWOBJ, NFT_MSG.DELOBJ], objectMessage),
  flowtable: source<Flowtable>([NFT_MSG.NEWFLOWTABLE, NFT_MSG.DELFLOWTABLE], flowtableMessage),
  /** Ends each transaction: its number, and who made it. */
  generation: source<Generation>([NFT_MSG.NEWGEN], generationMessage),
  /** `new` is also sent for each change, then as `update`. */
  conntrack: source<Conntrack>([IPCTNL_MSG_CT.NEW, IPCTNL_MSG_CT.DELETE], conntrackMessage,
    [CONNTRACK_NEW, CONNTRACK_UPDATE, CONNTRACK_DESTROY]),
} as const;

type Sources = typeof sources;
export type NetfilterEventType = keyof Sources;
type Item<S> = S extends Source<infer T> ? T : never;

/** A change of the sorts `K`: `{ type: 'rule', action: 'new', rule }`. `update` is for connections alone. */
export type NetfilterEvent<K extends NetfilterEventType = NetfilterEventType> = {
  [T in K]: { readonly type: T; readonly action: 'new' | 'update' | 'del' } & { readonly [P in T]: Item<Sources[T]> };
}[K];

/** Starts listening; see `netfilterEvents`. */
export type NetfilterEvents = <const K extends NetfilterEventType>(types: readonly K[], options?: EventOptions) =>
  EventStream<NetfilterEvent<K>>;

/**
 * Changes of the ruleset and of tracked connections, as they happen, by a socket of their own.
 *
 *     for await (const event of nl.events(['rule', 'generation']))
 *       if (event.type === 'rule') console.log(event.action, event.rule);
 *
 * Equivalent to `nft monitor` and `conntrack -E`. Listening starts with the call, not with the loop. An event
 * `{ type: 'overrun' }` stands where the kernel had to drop some because they were not read in time.
 */
export const netfilterEvents = (open: OpenTransport): NetfilterEvents => (types, options = {}) => {
  checkArgument('events', 'types', types, list);
  checkEventOptions(options);
  const wanted = new Set<string>(types);
  const unknown = [...wanted].find((type) => !Object.hasOwn(sources, type));
  if (wanted.size === 0 || unknown !== undefined)
    throw new EncodeError(`must be some of ${Object.keys(sources).join(', ')}, got ${show(unknown ?? types)}`, 'types');
  const chosen = Object.entries(sources as { readonly [type: string]: Source<unknown> }).filter(([type]) =>
    wanted.has(type));
  const groups = [...new Set(chosen.flatMap(([, { groups }]) => groups))];
  return eventStream<never>(open({ groups, receiveBuffer: options.receiveBuffer }), (m, at, end) => {
    const number = get16(m, at + 4);
    for (const [type, { message, ...numbers }] of chosen) {
      if (number !== numbers.new && number !== numbers.del) continue;
      const changed = type === 'conntrack' && !(get16(m, at + 6) & (NLM_F.CREATE | NLM_F.EXCL));
      const action = number === numbers.del ? 'del' : changed ? 'update' : 'new';
      return { type, action, [type]: readEvent(message, m, at, end) } as never;
    }
    return undefined;
  }, options);
};
