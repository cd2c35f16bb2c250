import { Writer } from '../../bytes/writer.ts';
import { dump, single, type Exchange } from '../../conversation/operation.ts';
import { EncodeError, within } from '../../errors.ts';
import { NLM_F } from '../../wire/header.ts';
import { change, several, type Change } from '../change.ts';
import { nft } from '../command.ts';
import type { Family } from '../header.ts';
import { NFT_MSG } from '../types.ts';
import { element, elementMessage, type Element, type Elements } from './message.ts';
import { elementsOf, type ElementInput, type SetTypes } from './values.ts';

/** The set that elements are of, and for writing them what it holds: a set as `set.list` gives it. */
export interface ElementSet extends SetTypes {
  readonly family: Family;
  readonly table: string;
  readonly name: string;
  /** Of a set of the same transaction that has no name yet. */
  readonly id?: number | undefined;
}

/** Bytes of elements in one message: a list is an attribute and ends at 64 KiB. */
const messageBytes = 60_000;

/**
 * Lists the elements of a set. Equivalent to `nft list set FAMILY TABLE NAME`. `keyText` shows their keys.
 *
 * A set made without `description.size` grows and shrinks in the kernel's own time: a list taken right after thousands of elements
 * came or went can lack some and have others twice (on 6.18, 4 of 60 lists of 10,000). With a size it was whole each time.
 */
export function list(set: Pick<ElementSet, 'family' | 'table' | 'name'>): Exchange<Element[]> {
  const request = { family: set.family, table: set.table, set: set.name };
  const exchange = dump<Elements>('element.list', NFT_MSG.GETSETELEM, elementMessage, request, elementMessage,
    undefined, () => nft(`list set ${told(set)}`));
  return gathered(exchange, (items: unknown[]): Element[] => (items as Elements[]).flatMap(({ elements }) => elements));
}

/**
 * Elements of a set, by their keys. Equivalent to `nft get element FAMILY TABLE NAME { KEY }`. Fails with ENOENT where
 * one is not there.
 */
export function get(set: ElementSet, keys: readonly ElementInput[]): Exchange<Element[]> {
  const request = { family: set.family, table: set.table, set: set.name, elements: elementsOf(set, keys) };
  return gathered(single('element.get', NFT_MSG.GETSETELEM, 0, elementMessage, request, elementMessage, () =>
    nft(`get element ${told(set)}`)),
    (items: unknown[]): Element[] => (items as Elements[]).flatMap(({ elements }) => elements));
}

/**
 * Adds elements to a set; what is there already stays. A long list is sent in several messages of one transaction.
 *
 * Equivalent to `nft add element FAMILY TABLE NAME { ... }`. Fails with ENOENT where there is no such set, with EEXIST
 * where an interval overlaps another, or where a map has another value at a key.
 */
export const add = (set: ElementSet, elements: readonly ElementInput[]): Change =>
  each('element.add', NFT_MSG.NEWSETELEM, NLM_F.CREATE, set, elements, 'add');

/** Adds elements. Equivalent to `nft create element ...`. Fails with EEXIST where one is there already. */
export const create = (set: ElementSet, elements: readonly ElementInput[]): Change =>
  each('element.create', NFT_MSG.NEWSETELEM, NLM_F.CREATE | NLM_F.EXCL, set, elements, 'create');

/** Deletes elements. Equivalent to `nft delete element ...`. Fails with ENOENT where one is not there. */
function deleteElements(set: ElementSet, elements: readonly ElementInput[]): Change {
  return each('element.delete', NFT_MSG.DELSETELEM, 0, set, elements, 'delete');
}
export { deleteElements as delete };

/** Deletes all elements of a set. Equivalent to `nft flush set FAMILY TABLE NAME`. */
export const flush = (set: Pick<ElementSet, 'family' | 'table' | 'name'>): Change =>
  change('element.flush', NFT_MSG.DELSETELEM, 0, elementMessage,
    { family: set.family, table: set.table, set: set.name }, () => nft(`flush set ${told(set)}`));

/** One change with as many messages as the elements need. */
export function each(
  operation: string, type: number, flags: number, set: ElementSet, inputs: readonly ElementInput[], verb: string,
): Change {
  if (inputs.length === 0) throw new EncodeError('there is no element');
  const messages = parts(elementsOf(set, inputs)).map((elements) =>
    change(operation, type, flags, elementMessage,
      { family: set.family, table: set.table, set: set.name, setId: set.id, elements }, () =>
      nft(`${verb} element ${told(set)} { ... }`)));
  return messages.length === 1 ? messages[0]! : several(operation, messages[0]!, () => messages);
}

/** Cuts a list, of one element at least, where a message would grow too large. */
function parts(elements: readonly Element[]): Element[][] {
  const all: Element[][] = [], w = new Writer(256);
  let part: Element[] = [], bytes = 0;
  for (const [i, one] of elements.entries()) {
    w.reset();
    try {
      element.write(w, one, {}, 0);
    } catch (error) {
      throw within(error, `elements[${i}]`);
    }
    if (bytes + w.at + 4 > messageBytes) {
      all.push(part);
      part = [];
      bytes = 0;
    }
    part.push(one);
    bytes += w.at + 4;
  }
  return [...all, part];
}

const gathered = <T, R>(exchange: Exchange<T>, finish: (items: unknown[]) => R): Exchange<R> =>
  ({ ...exchange, answer: { ...exchange.answer, finish } });

const told = ({ family, table, name }: Pick<ElementSet, 'family' | 'table' | 'name'>): string =>
  `${family} ${table} ${name}`;
