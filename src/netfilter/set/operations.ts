import { dump, single, type Exchange } from '../../conversation/operation.ts';
import { NLM_F } from '../../wire/header.ts';
import { change, echoed, type Change, type Echo } from '../change.ts';
import { nft } from '../command.ts';
import type { Family } from '../header.ts';
import { NFT_MSG } from '../types.ts';
import type { UserdataEntry } from '../userdata.ts';
import { bytesOf, fieldsOf, keyLength, type DataType } from './datatype.ts';
import { setMessage, type NftSet } from './message.ts';
import { isOrdered } from './value.ts';

/** A set or, with `dataType`, a map, as it is made. The lengths follow from the types unless given. */
export type SetInput = Pick<NftSet, 'table' | 'name'> & { readonly family: Family } & Partial<NftSet>;

export type SetRef =
  { readonly family: Family; readonly table: string } & ({ readonly name: string } | { readonly handle: bigint });

/**
 * Lists sets and maps, the anonymous ones of rules too. Equivalent to `nft list sets` and `nft list maps`, without
 * elements.
 */
export const list =
  (filter: { readonly family?: Family | undefined; readonly table?: string | undefined } = {}): Exchange<NftSet[]> =>
  dump('set.list', NFT_MSG.GETSET, setMessage, { family: filter.family ?? 'unspec', table: filter.table }, setMessage,
    undefined, () => 'nft list sets');

/** One set. Fails with ENOENT where there is none. */
export const get =
  (set: { readonly family: Family; readonly table: string; readonly name: string }): Exchange<NftSet> =>
  single('set.get', NFT_MSG.GETSET, 0, setMessage, refOf(set), setMessage, () => nft(`list set ${told(set)}`));

/**
 * Makes a set or a map. Equivalent to `nft add set FAMILY TABLE NAME { type TYPE; flags ...; }`. Nothing happens where
 * there is the same one; fails with EEXIST where there is another of that name.
 */
export function add(set: SetInput, options: Echo = {}): Change<NftSet | undefined> {
  const map = set.dataType === undefined ? '' : ` : ${set.dataType}`;
  return echoed(change('set.add', NFT_MSG.NEWSET, NLM_F.CREATE, setMessage, complete(set),
    () => nft(`add ${map === '' ? 'set' : 'map'} ${told(set)} { type ${set.keyType}${map}; }`)), setMessage, options);
}

/**
 * Deletes a set with its elements. Equivalent to `nft delete set FAMILY TABLE NAME`. Fails with EBUSY while a rule uses
 * it.
 */
function deleteSet(set: SetRef): Change {
  return change('set.delete', NFT_MSG.DELSET, 0, setMessage, refOf(set), () => nft(`delete set ${told(set)}`));
}
export { deleteSet as delete };

/** The kernel asks for an id, by which elements of the same transaction may name the set. */
export function complete({ handle: _, ...set }: SetInput): Partial<NftSet> {
  const wire: Partial<NftSet> = { ...set, id: set.id ?? 0, flags: { ...set.flags } };
  if (set.keyType !== undefined) {
    const fields = typeof set.keyType === 'string' ? fieldsOf(set.keyType) : [];
    if (fields.length > 0) wire.keyLength ??= keyLength(set.keyType);
    if (fields.length > 1 && set.flags?.interval) {
      wire.flags = { ...wire.flags, concat: true };
      wire.description = { fields: fields.map((name) => ({ length: bytesOf(name) })), ...set.description };
    }
  }
  if (set.dataType !== undefined || set.objectType !== undefined) wire.flags =
    { ...wire.flags, map: set.objectType === undefined, object: set.objectType !== undefined };
  if (set.dataType !== undefined && typeof set.dataType === 'string') wire.dataLength ??= keyLength(set.dataType);
  if (set.userdata?.entries === undefined) wire.userdata = { ...set.userdata, entries: byteOrders(set) };
  if (set.timeout !== undefined) wire.flags = { ...wire.flags, timeout: true };
  return wire;
}

/**
 * nft wants to be told the byte order of keys (entry 0) and values (entry 1): 1 is the machine's own, 2 the network's.
 */
function byteOrders({ keyType, dataType }: SetInput): UserdataEntry[] {
  const order = (type: DataType | undefined): number => {
    const [only, ...more] = typeof type === 'string' ? fieldsOf(type) : [];
    return only === undefined || more.length > 0 || only === 'verdict' ? 0 : isOrdered(only) ? 2 : 1;
  };
  const entry = (type: number, of: DataType | undefined): UserdataEntry =>
    ({ type, data: new Uint8Array(new Uint32Array([order(of)]).buffer) });
  return [entry(0, keyType), ...(dataType === undefined ? [] : [entry(1, dataType)])];
}

const refOf = (set: SetRef) => ({ family: set.family, table: set.table, ...('name' in set ? { name: set.name }
  : { handle: set.handle }) });
const told = (set: SetRef): string => `${set.family} ${set.table} ${'name' in set ? set.name : `handle ${set.handle}`}`;
