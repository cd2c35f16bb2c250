import { dump, single, type Exchange } from '../../conversation/operation.ts';
import { NLM_F } from '../../wire/header.ts';
import { change, type Change } from '../change.ts';
import { nft } from '../command.ts';
import type { Family } from '../header.ts';
import { NFT_MSG } from '../types.ts';
import { objectMessage, type NftObject, type ObjectData } from './message.ts';

/** A named object as it is made: a counter, a quota, a limit that rules share. */
export type ObjectInput = { readonly family: Family; readonly table: string; readonly name: string } &
  Partial<Omit<NftObject, 'type' | 'data'>> & (
  { [K in keyof ObjectData]: { readonly type: K; readonly data: ObjectData[K] } }[keyof ObjectData]
  | { readonly type: NonNullable<NftObject['type']>; readonly data?: NftObject['data'] });

export interface ObjectRef {
  readonly family: Family;
  readonly table: string;
  readonly type: NonNullable<NftObject['type']>;
  readonly name: string;
}

/**
 * Lists named objects. The kernel filters by table and type. Equivalent to `nft list counters`, `nft list quotas` and
 * so on.
 */
export const list =
  (filter: { readonly [K in 'family' | 'table' | 'type']?: ObjectRef[K] | undefined } = {}): Exchange<NftObject[]> =>
  dump('object.list', NFT_MSG.GETOBJ, objectMessage,
    { family: filter.family ?? 'unspec', table: filter.table, type: filter.type }, objectMessage);

/** One object. Equivalent to `nft list counter FAMILY TABLE NAME`. Fails with ENOENT where there is none. */
export const get = (object: ObjectRef): Exchange<NftObject> =>
  single('object.get', NFT_MSG.GETOBJ, 0, objectMessage, refOf(object), objectMessage);

/** One object, its counts begun anew. Equivalent to `nft reset counter FAMILY TABLE NAME`. */
export const reset = (object: ObjectRef): Exchange<NftObject> =>
  single('object.reset', NFT_MSG.GETOBJ_RESET, 0, objectMessage, refOf(object), objectMessage);

/** Makes an object, or changes the one there is. Equivalent to `nft add counter FAMILY TABLE NAME`. */
export function add(object: ObjectInput): Change {
  const { handle: _, ...wire } = { data: {}, ...object };
  return change('object.add', NFT_MSG.NEWOBJ, NLM_F.CREATE, objectMessage, wire, () =>
    nft(`add ${object.type} ${object.family} ${object.table} ${object.name}`));
}

/** Deletes an object. Fails with EBUSY while a rule uses it. */
function deleteObject(object: ObjectRef): Change {
  return change('object.delete', NFT_MSG.DELOBJ, 0, objectMessage, refOf(object), () =>
    nft(`delete ${object.type} ${object.family} ${object.table} ${object.name}`));
}
export { deleteObject as delete };

const refOf = ({ family, table, type, name }: ObjectRef): ObjectRef => ({ family, table, type, name });
