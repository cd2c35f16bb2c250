import type { Expression } from '../expressions/index.ts';
import type { Value } from '../set/value.ts';
import type { Masked } from './selector.ts';
import type { Field } from './selectors.ts';
import type { LimitOptions, LogOptions, NatChoice, NatMap, NatTarget, RejectWith } from './statements.ts';

/**
 * Goes on with the rule where something fits: a value, a range or prefix, `@set`, bits as `{ value, mask }`, or one of
 * several values. Fields of numbers know nft's words.
 */
export interface Match<V = Value> {
  (matcher: V | Masked | readonly V[]): RuleBuilder;
  /** Goes on where it does not fit. */
  not(matcher: V | Masked | readonly V[]): RuleBuilder;
  /** Looks it up in a map of verdicts, `@map`. */
  vmap(map: string): RuleBuilder;
}

/** Goes on with the rule where one of the bits is set. */
export interface BitsMatch<W extends string = string> {
  (...bits: W[]): RuleBuilder;
  /** Goes on where none of them is. */
  not(...bits: W[]): RuleBuilder;
  /** Goes on where of the bits in `mask` those of `value` are set and the others are not. */
  masked(value: readonly W[], mask: readonly W[]): RuleBuilder;
}

/** A match that can be set as well. */
export interface Settable extends Match<number | string> {
  /** Gives the packet, or its connection, this value. */
  set(value: number): RuleBuilder;
}

/** Several fields as one, which are looked up in a set or map whose keys are joined so. */
export interface Joined {
  (set: string): RuleBuilder;
  /** Goes on where they are not in it. */
  not(set: string): RuleBuilder;
  vmap(map: string): RuleBuilder;
}

interface Ports {
  readonly sport: Match;
  readonly dport: Match;
}

/** A rule that is being written; each step gives a new one. */
export interface RuleBuilder {
  readonly ether: { readonly saddr: Match<string>; readonly daddr: Match<string>; readonly type: Match };
  readonly ip: { readonly saddr: Match<string>; readonly daddr: Match<string>; readonly protocol: Match; readonly ttl: Match };
  readonly ip6: { readonly saddr: Match<string>; readonly daddr: Match<string>; readonly nexthdr: Match; readonly hoplimit: Match };
  readonly tcp: Ports & { readonly flags: BitsMatch<'fin' | 'syn' | 'rst' | 'psh' | 'ack' | 'urg' | 'ecn' | 'cwr'> };
  readonly udp: Ports;
  readonly sctp: Ports;
  /** Ports of whatever protocol the packet has; `meta.l4proto` says before which. */
  readonly th: Ports;
  readonly icmp: { readonly type: Match; readonly code: Match };
  readonly icmpv6: { readonly type: Match; readonly code: Match };
  readonly meta: {
    readonly mark: Settable;
    readonly l4proto: Match; readonly nfproto: Match; readonly protocol: Match;
    readonly iif: Match; readonly oif: Match; readonly iifname: Match<string>; readonly oifname: Match<string>;
    readonly ibrname: Match<string>; readonly obrname: Match<string>; readonly iifgroup: Match; readonly oifgroup: Match;
    readonly skuid: Match; readonly skgid: Match; readonly pkttype: Match; readonly length: Match;
  };
  readonly ct: {
    readonly state: BitsMatch<'invalid' | 'established' | 'related' | 'new' | 'untracked'>;
    readonly status: BitsMatch<'expected' | 'seen-reply' | 'assured' | 'confirmed' | 'snat' | 'dnat' | 'dying'>;
    readonly direction: Match;
    readonly mark: Settable;
  };
  /** What the routing table says of an address: `fib.daddr.type('local')` fits packets to this machine. */
  readonly fib: { readonly saddr: { readonly type: Match }; readonly daddr: { readonly type: Match } };
  /** The name of the interface that a packet came in by; `veth*` fits all that begin so. */
  readonly iifname: Match<string>;
  readonly oifname: Match<string>;
  /** The interface by its index, which is found faster and means another one when it is made anew. */
  readonly iif: Match<number>;
  readonly oif: Match<number>;

  /** `concat('ip.saddr', 'tcp.dport')('@pairs')` goes on where the set has them both in one element. */
  concat(...fields: Field[]): Joined;

  /** Counts packets and bytes, here or in a named counter. */
  counter(name?: string): RuleBuilder;
  log(options?: LogOptions): RuleBuilder;
  limit(options: LimitOptions): RuleBuilder;
  /** Keeps this with the rule; `nft list` shows it. */
  comment(text: string): RuleBuilder;

  accept(): RuleBuilder;
  drop(): RuleBuilder;
  return(): RuleBuilder;
  continue(): RuleBuilder;
  jump(chain: string): RuleBuilder;
  goto(chain: string): RuleBuilder;
  /** Drops and tells the sender; port unreachable unless given. */
  reject(how?: RejectWith): RuleBuilder;

  /** Another destination; in a nat chain of prerouting or output. */
  dnat(target: NatTarget | NatMap): RuleBuilder;
  /** Another source; in a nat chain of postrouting or input. */
  snat(target: NatTarget | NatMap): RuleBuilder;
  /** The source becomes an address of the interface that the packet leaves by; in a nat chain of postrouting. */
  masquerade(choice?: NatChoice): RuleBuilder;
  /** The destination becomes this machine; in a nat chain of prerouting or output. */
  redirect(choice?: NatChoice): RuleBuilder;
  queue(number: number,
    options?: { readonly total?: number; readonly bypass?: boolean; readonly fanout?: boolean }): RuleBuilder;
  /** Keeps connection tracking out. */
  notrack(): RuleBuilder;
  /** Expressions as the kernel has them, for what has no word here. */
  expression(...expressions: Expression[]): RuleBuilder;
}
