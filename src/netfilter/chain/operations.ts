import { dump, single, type Exchange } from '../../conversation/operation.ts';
import { NLM_F } from '../../wire/header.ts';
import { change, echoed, type Change, type Echo } from '../change.ts';
import { nft } from '../command.ts';
import type { Family } from '../header.ts';
import { NFT_MSG } from '../types.ts';
import { chainMessage, type Chain } from './message.ts';

/** A chain as it is made: with `type`, `hook` and `priority` the kernel calls it, without them other chains do. */
export type ChainInput = Pick<Chain, 'table' | 'name'> & { readonly family: Family } & Partial<Chain>;

export type ChainRef =
  { readonly family: Family; readonly table: string } & ({ readonly name: string } | { readonly handle: bigint });

export interface ChainFilter {
  readonly family?: Family | undefined;
  readonly table?: string | undefined;
}

/** Lists chains. Equivalent to `nft list chains [FAMILY]`. The table is filtered here: the kernel cannot. */
export function list(filter: ChainFilter = {}): Exchange<Chain[]> {
  const { family = 'unspec', table } = filter;
  const keep = table === undefined ? undefined : (chain: Chain) => chain.table === table;
  return dump('chain.list', NFT_MSG.GETCHAIN, chainMessage, { family }, chainMessage, keep, () =>
    nft(`list chains${family === 'unspec' ? '' : ` ${family}`}`));
}

/**
 * One chain. Equivalent to `nft list chain FAMILY TABLE NAME`, without its rules. Fails with ENOENT where there is
 * none.
 */
export const get =
  (chain: { readonly family: Family; readonly table: string; readonly name: string }): Exchange<Chain> =>
  single('chain.get', NFT_MSG.GETCHAIN, 0, chainMessage, refOf(chain), chainMessage, () =>
    nft(`list chain ${told(chain)}`));

/**
 * Makes a chain, or changes the policy of the one there is.
 *
 * Equivalent to `nft add chain FAMILY TABLE NAME { type TYPE hook HOOK priority PRIORITY; policy POLICY; }`. Fails with
 * ENOENT where the table or the type is unknown, with EEXIST where type, hook or priority are others.
 */
export const add = (chain: ChainInput, options: Echo = {}): Change<Chain | undefined> =>
  echoed(newChain('chain.add', 'add', NLM_F.CREATE, chain), chainMessage, options);

/** Makes a chain. Equivalent to `nft create chain ...`. Fails with EEXIST where there is one of that name. */
export const create = (chain: ChainInput): Change =>
  newChain('chain.create', 'create', NLM_F.CREATE | NLM_F.EXCL, chain);

/** Gives a chain another name. Equivalent to `nft rename chain FAMILY TABLE NAME NEW`. */
export const rename = (chain: { readonly family: Family; readonly table: string; readonly handle: bigint },
  name: string): Change =>
  change('chain.rename', NFT_MSG.NEWCHAIN, 0, chainMessage,
    { family: chain.family, table: chain.table, handle: chain.handle, name });

/**
 * Deletes a chain with its rules. Equivalent to `nft flush chain ...; nft delete chain ...`. Fails with ENOENT where
 * there is none, with EBUSY while others jump to it.
 */
function deleteChain(chain: ChainRef): Change {
  return change('chain.delete', NFT_MSG.DELCHAIN, 0, chainMessage, refOf(chain), () =>
    nft(`delete chain ${told(chain)}`));
}
export { deleteChain as delete };

function newChain(
  operation: string, verb: string, flags: number, { handle: _handle, counters: _counters, ...chain }: ChainInput,
): Change {
  const hook = chain.hook === undefined ? ''
    : ` { type ${chain.type} hook ${chain.hook} priority ${chain.priority};${chain.policy === undefined ? '' : ` policy ${chain.policy};`} }`;
  return change(operation, NFT_MSG.NEWCHAIN, flags, chainMessage, { ...chain, flags: writable(chain.flags) }, () =>
    nft(`${verb} chain ${told(chain)}${hook}`));
}

/** The kernel says by a flag that a chain has a hook; it finds that out by itself. */
function writable(flags: Chain['flags']): Chain['flags'] {
  if (flags === undefined) return undefined;
  const { base: _, ...rest } = flags;
  return Object.keys(rest).length > 0 ? rest : undefined;
}

const refOf = (chain: ChainRef) => ({
  family: chain.family, table: chain.table, ...('name' in chain ? { name: chain.name } : { handle: chain.handle }),
});
const told = (chain: ChainRef): string =>
  `${chain.family} ${chain.table} ${'name' in chain ? chain.name : `handle ${chain.handle}`}`;
