import { optional, quote } from '../../../bytes/shell.ts';
import { acknowledged, type Steps } from '../../../conversation/operation.ts';
import { NLM_F } from '../../../wire/header.ts';
import { at, echoed, filtered, spell } from '../exchange.ts';
import type { Ethertype } from '../header.ts';
import { filterMessage, type Filter, type FilterInput } from '../message.ts';
import { placeOf, resolveOptions, type FilterPlace } from '../prepare.ts';
import { RTM_DELTFILTER, RTM_GETTFILTER, RTM_NEWTFILTER } from '../types.ts';

/** Which filters of a link or block are listed. */
export interface FilterFilter {
  /** A qdisc or class, `ingress` or `egress` of clsact; the link's root qdisc unless given. */
  readonly parent?: string | undefined;
  readonly chain?: number | undefined;
  readonly protocol?: Ethertype | undefined;
  readonly prio?: number | undefined;
  readonly kind?: string | undefined;
  /** Without options and actions: quicker where hardware counts. */
  readonly terse?: boolean | undefined;
}

/** A filter: all that is needed is what tells it from others of the same parent. */
export interface FilterRef {
  readonly parent?: string | undefined;
  readonly prio?: number | undefined;
  readonly protocol?: Ethertype | undefined;
  readonly kind?: string | undefined;
  readonly handle?: number | string | undefined;
  readonly chain?: number | undefined;
}

/**
 * Lists the filters of one parent, or of a shared block.
 *
 * Equivalent to `tc -s -d filter show {dev DEV [root | ingress | egress | parent P] | block N} [chain N] [prio N]`.
 */
export function* list(place: FilterPlace, filter: FilterFilter = {}): Steps<Filter[]> {
  const { parent, chain, protocol, prio, kind, terse } = filter;
  const keep = (one: Filter): boolean => (kind === undefined || one.kind === kind) && (chain === undefined || (one.chain ?? 0) === chain) &&
    (prio === undefined || one.prio === prio) && (protocol === undefined || one.protocol === protocol);
  const value = { ...(yield* placeOf('filter.list', place, { parent })), protocol, prio, chain, dumpFlags: terse ? { terse } : undefined };
  return filtered('filter.list', RTM_GETTFILTER, filterMessage, value, keep, () => `tc -s -d filter show ${spell(place)}${spellRef(filter)}`);
}

/**
 * One filter; the kernel wants `parent`, `protocol`, `prio`, `kind` and `handle`.
 *
 * Equivalent to `tc filter get dev DEV [parent P] protocol P prio N handle H KIND`. Fails with ENOENT where there is none.
 */
export function* get(place: FilterPlace, which: FilterRef): Steps<Filter> {
  return echoed('filter.get', RTM_GETTFILTER, filterMessage, yield* pick('filter.get', place, which), () => `tc filter get ${spell(place)}${spellRef(which)}`);
}

/**
 * Adds a filter: at the root qdisc unless `parent` is given, for all protocols unless `protocol` is. Without `prio` the
 * kernel picks one above all others.
 *
 * Equivalent to `tc filter add {dev DEV [parent P] | block N} [protocol P] [prio N] [handle H] [chain N] KIND OPTIONS`.
 * Fails with EEXIST where the same is there, with ENOENT where the kernel lacks the kind.
 */
export const add = (place: FilterPlace, filter: FilterInput): Steps<void> => set('add', NLM_F.CREATE | NLM_F.EXCL, place, filter);

/** Changes a filter that is there. Equivalent to `tc filter change ...`. */
export const change = (place: FilterPlace, filter: FilterInput): Steps<void> => set('change', 0, place, filter);

/** Adds a filter or changes it. Equivalent to `tc filter replace ...`. */
export const replace = (place: FilterPlace, filter: FilterInput): Steps<void> => set('replace', NLM_F.CREATE, place, filter);

/**
 * Deletes a filter; without `handle` all of that priority, without `prio` all of the parent.
 *
 * Equivalent to `tc filter delete {dev DEV [parent P] | block N} [protocol P] [prio N] [handle H] [chain N] [KIND]`.
 */
function* remove(place: FilterPlace, which: FilterRef | Filter): Steps<void> {
  return acknowledged('filter.delete', RTM_DELTFILTER, 0, filterMessage, yield* pick('filter.delete', place, which),
    () => `tc filter delete ${spell(place)}${spellRef(which)}`);
}
export { remove as delete };

function* pick(operation: string, place: FilterPlace, { parent, prio, protocol, kind, handle, chain }: FilterRef) {
  return { handle, ...(yield* placeOf(operation, place, { parent })), prio, protocol: protocol ?? (prio === undefined ? undefined : 'all'), kind, chain };
}

function* set(verb: string, flags: number, place: FilterPlace, filter: FilterInput): Steps<void> {
  const operation = `filter.${verb}`, { block: _, ...given } = filter;
  const wire = yield* resolveOptions(operation, { protocol: 'all', ...given });
  return acknowledged(operation, RTM_NEWTFILTER, flags, filterMessage, { ...wire, ...(yield* placeOf(operation, place, { parent: filter.parent })) },
    () => `tc filter ${verb} ${spell(place)}${spellRef(filter as FilterRef)}`);
}

function spellRef({ parent, protocol, prio, handle, chain, kind }: FilterRef): string {
  const words = { protocol, prio, handle, chain };
  return `${at(parent)}${Object.entries(words).map(([word, value]) => optional(word, value)).join('')}${kind === undefined ? '' : ` ${quote(kind)}`}`;
}
