import { dump, single, type Exchange } from '../../conversation/operation.ts';
import { NLM_F } from '../../wire/header.ts';
import { change, type Change } from '../change.ts';
import type { Family } from '../header.ts';
import { NFT_MSG } from '../types.ts';
import { flowtableMessage, type Flowtable } from './message.ts';

/** A flow table as it is made: connections given to it are forwarded between its devices without the rules. */
export type FlowtableInput =
  { readonly family: Family; readonly table: string; readonly name: string } & Partial<Flowtable>;
export type FlowtableRef = Pick<FlowtableInput, 'family' | 'table' | 'name'>;

/** Lists flow tables. Equivalent to `nft list flowtables`. */
export const list =
  (filter: { readonly family?: Family | undefined; readonly table?: string | undefined } = {}): Exchange<Flowtable[]> =>
  dump('flowtable.list', NFT_MSG.GETFLOWTABLE, flowtableMessage,
    { family: filter.family ?? 'unspec', table: filter.table }, flowtableMessage);

/** One flow table. Fails with ENOENT where there is none. */
export const get = (flowtable: FlowtableRef): Exchange<Flowtable> =>
  single('flowtable.get', NFT_MSG.GETFLOWTABLE, 0, flowtableMessage, refOf(flowtable), flowtableMessage);

/**
 * Makes a flow table. Equivalent to `nft add flowtable FAMILY TABLE NAME { hook ingress priority PRIORITY; devices = {
 * ... }; }`.
 */
export function add({ handle: _, ...flowtable }: FlowtableInput): Change {
  const { family, table, name, ...rest } = flowtable;
  return change('flowtable.add', NFT_MSG.NEWFLOWTABLE, NLM_F.CREATE, flowtableMessage,
    { family, table, name, hook: 0, priority: 0, ...rest });
}

/** Deletes a flow table. Fails with EBUSY while a rule uses it. */
function deleteFlowtable(flowtable: FlowtableRef): Change {
  return change('flowtable.delete', NFT_MSG.DELFLOWTABLE, 0, flowtableMessage, refOf(flowtable));
}
export { deleteFlowtable as delete };

const refOf = ({ family, table, name }: FlowtableRef): FlowtableRef => ({ family, table, name });
