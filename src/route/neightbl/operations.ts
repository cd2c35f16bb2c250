import { quote } from '../../bytes/shell.ts';
import { acknowledged, dump, type Exchange, type Operation, type Steps } from '../../conversation/operation.ts';
import { NLM_F } from '../../wire/header.ts';
import type { LinkRef } from '../link/message.ts';
import { indexOf } from '../link/resolve.ts';
import { neightblMessage, type Neightbl } from './message.ts';

const RTM_GETNEIGHTBL = 66, RTM_SETNEIGHTBL = 67;

/**
 * Lists the neighbour tables: first of each what holds for the whole table, then what holds for each link.
 *
 * Equivalent to `ip ntable show`.
 */
export const list = (filter: { readonly family?: 'inet' | 'inet6' | undefined } = {}): Operation<Neightbl[]> =>
  dump('neightbl.list', RTM_GETNEIGHTBL, neightblMessage, { family: filter.family }, neightblMessage,
    (entry: Neightbl) => filter.family === undefined || entry.family === filter.family, () => 'ip ntable show') as Exchange<Neightbl[]>;

/**
 * Changes a neighbour table: its thresholds (those of the whole machine: initial namespace only) or, in `parms`, times
 * and limits, of one link where `dev` is given. The name alone says which table it is.
 *
 * Equivalent to `ip ntable change name NAME [dev DEV] ...`.
 */
export function* set(name: 'arp_cache' | 'ndisc_cache' | (string & {}), changes: Omit<Neightbl, 'family' | 'name'> & { dev?: LinkRef | undefined }): Steps<void> {
  const { dev, parms, ...rest } = changes;
  const index = dev === undefined ? parms?.index : yield* indexOf('neightbl.set', dev);
  const wire = { ...rest, family: 'unspec', name, ...(parms || index !== undefined ? { parms: { ...parms, index } } : {}) };
  return acknowledged('neightbl.set', RTM_SETNEIGHTBL, NLM_F.REPLACE, neightblMessage, wire, () => `ip ntable change name ${quote(name)}`);
}
