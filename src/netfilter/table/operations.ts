import { dump, single, type Exchange } from '../../conversation/operation.ts';
import { NLM_F } from '../../wire/header.ts';
import { change, echoed, several, type Change, type Echo } from '../change.ts';
import { nft } from '../command.ts';
import type { Family } from '../header.ts';
import { NFT_MSG } from '../types.ts';
import { tableMessage, type Table } from './message.ts';

/** A table as it is made; what `list` gave can be given back. */
export type TableInput = Pick<Table, 'name'> & { readonly family: Family } & Partial<Table>;

/** Which table: by name, or by handle. */
export type TableRef =
  { readonly family: Family; readonly name: string } | { readonly family: Family; readonly handle: bigint };

/** Lists the tables, of all families or of one. Equivalent to `nft list tables [FAMILY]`. */
export const list = (filter: { readonly family?: Family | undefined } = {}): Exchange<Table[]> =>
  dump('table.list', NFT_MSG.GETTABLE, tableMessage, { family: filter.family ?? 'unspec' }, tableMessage, undefined,
    () => nft(`list tables${filter.family ? ` ${filter.family}` : ''}`));

/**
 * One table. Equivalent to `nft list table FAMILY NAME`, without what is in it. Fails with ENOENT where there is none.
 */
export const get = (table: { readonly family: Family; readonly name: string }): Exchange<Table> =>
  single('table.get', NFT_MSG.GETTABLE, 0, tableMessage, { family: table.family, name: table.name }, tableMessage,
    () => nft(`list table ${told(table)}`));

/** Makes a table, or sets the flags of the one there is. Equivalent to `nft add table FAMILY NAME`. */
export const add = (table: TableInput, options: Echo = {}): Change<Table | undefined> =>
  echoed(newTable('table.add', 'add', NLM_F.CREATE, table), tableMessage, options);

/** Makes a table. Equivalent to `nft create table FAMILY NAME`. Fails with EEXIST where there is one of that name. */
export const create = (table: TableInput): Change =>
  newTable('table.create', 'create', NLM_F.CREATE | NLM_F.EXCL, table);

/**
 * Deletes a table with all that is in it. Equivalent to `nft delete table FAMILY NAME`. Fails with ENOENT where there
 * is none; `remove` does not.
 */
function deleteTable(table: TableRef): Change {
  return change('table.delete', NFT_MSG.DELTABLE, 0, tableMessage, refOf(table), () =>
    nft(`delete table ${told(table)}`));
}
export { deleteTable as delete };

/**
 * Deletes a table with all that is in it, if it is there. Equivalent to `nft destroy table FAMILY NAME`, on older
 * kernels too.
 */
export function remove(table: { readonly family: Family; readonly name: string }): Change {
  const gone = deleteTable(table), there = add({ family: table.family, name: table.name });
  return several('table.remove', gone, () => [there, gone]);
}

/** Empties a table of all that is in it: it is there afterwards, with nothing in it. */
export function reset(table: TableInput): Change {
  const made = newTable('table.reset', 'add', NLM_F.CREATE, table);
  return several('table.reset', made, () =>
    [add({ family: table.family, name: table.name }), deleteTable(table), made]);
}

const newTable = (operation: string, verb: string, flags: number, { handle: _, ...table }: TableInput): Change =>
  change(operation, NFT_MSG.NEWTABLE, flags, tableMessage, table, () => nft(`${verb} table ${told(table)}`));

const refOf = (table: TableRef) => ('name' in table ? { family: table.family, name: table.name }
  : { family: table.family, handle: table.handle });
const told = (table: TableRef): string => `${table.family} ${'name' in table ? table.name : `handle ${table.handle}`}`;
