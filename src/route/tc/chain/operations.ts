import { optional } from '../../../bytes/shell.ts';
import { acknowledged, type Steps } from '../../../conversation/operation.ts';
import { NLM_F } from '../../../wire/header.ts';
import { at, echoed, filtered, spell } from '../exchange.ts';
import { chainMessage, type Chain, type FilterInput } from '../message.ts';
import { placeOf, resolveOptions, type FilterPlace } from '../prepare.ts';
import { RTM_DELCHAIN, RTM_GETCHAIN, RTM_NEWCHAIN } from '../types.ts';

/** A chain by its number, below a qdisc or in a shared block. */
export interface ChainRef {
  readonly parent?: string | undefined;
  readonly chain: number;
}

/** A chain to be made: with `kind` and `options`, filters in it must keep to this template. */
export type ChainInput = ChainRef & (Pick<FilterInput, 'kind' | 'options'> | { readonly kind?: undefined });

/** Lists chains. Equivalent to `tc chain show {dev DEV [parent P] | block N} [chain N]`. */
export function* list(place: FilterPlace, which: { readonly parent?: string | undefined; readonly chain?: number | undefined } = {}): Steps<Chain[]> {
  const value = { ...(yield* placeOf('chain.list', place, { parent: which.parent })), chain: which.chain };
  const keep = (one: Chain): boolean => which.chain === undefined || one.chain === which.chain;
  return filtered('chain.list', RTM_GETCHAIN, chainMessage, value, keep, () => `tc chain show ${spell(place)}${spellRef(which)}`);
}

/** One chain. Equivalent to `tc chain get {dev DEV [parent P] | block N} chain N`. Fails with EINVAL where there is none. */
export function* get(place: FilterPlace, which: ChainRef): Steps<Chain> {
  const value = { ...(yield* placeOf('chain.get', place, { parent: which.parent })), chain: which.chain };
  return echoed('chain.get', RTM_GETCHAIN, chainMessage, value, () => `tc chain get ${spell(place)}${spellRef(which)}`);
}

/**
 * Makes a chain, which filters also make by naming it; this one stays when its last filter goes.
 *
 * Equivalent to `tc chain add {dev DEV [parent P] | block N} chain N [KIND TEMPLATE]`. Fails with EEXIST where it is.
 */
export function* add(place: FilterPlace, chain: ChainInput): Steps<void> {
  const wire = yield* resolveOptions('chain.add', chain as never);
  const value = { ...wire, ...(yield* placeOf('chain.add', place, { parent: chain.parent })) };
  return acknowledged('chain.add', RTM_NEWCHAIN, NLM_F.CREATE | NLM_F.EXCL, chainMessage, value, () => `tc chain add ${spell(place)}${spellRef(chain)}`);
}

/** Deletes a chain and all its filters. Equivalent to `tc chain delete {dev DEV [parent P] | block N} chain N`. */
function* remove(place: FilterPlace, which: ChainRef): Steps<void> {
  const value = { ...(yield* placeOf('chain.delete', place, { parent: which.parent })), chain: which.chain };
  return acknowledged('chain.delete', RTM_DELCHAIN, 0, chainMessage, value, () => `tc chain delete ${spell(place)}${spellRef(which)}`);
}
export { remove as delete };

const spellRef = ({ parent, chain }: { readonly parent?: string | undefined; readonly chain?: number | undefined }): string =>
  `${at(parent)}${optional('chain', chain)}`;
