import type { Operation } from '../../conversation/operation.ts';
import type { families as nftFamilies } from '../../netfilter/families.ts';
import type { families } from '../../route/families.ts';
import type { LinkRef } from '../../route/link/message.ts';
import type { NamespaceRef } from '../../route/namespace.ts';
import type { containerNs, LinkName } from './link-name.ts';
import type { OwnArguments } from './own-arguments.ts';

/** What an operation is asked with, undefined where it is none. */
type Asked<F> = F extends (...args: infer A) => Operation<unknown> ? A : never;

/** `link.add` and what it is asked with, of all operations of a connection. */
type OfFamilies<F, Before extends string = ''> = {
  [Path in { [K in keyof F & string]: { [N in keyof F[K] & string]: Asked<F[K][N]> extends never ? never : readonly [`${Before}${K}.${N}`, Asked<F[K][N]>] }[keyof F[K] & string] }[keyof F & string]
    as Path[0]]: Path[1] };

/** All calls by name, with their arguments: those of the operations are the client's own. */
export type CallArgs = OfFamilies<typeof families> & OfFamilies<typeof nftFamilies, 'nft.'> & OwnArguments;

/** Arguments as plans write them: for a link may stand its name, for a namespace that of the plan's container. */
export type Told<T> = [LinkRef] extends [T] ? T | LinkName : [NamespaceRef] extends [T] ? T | typeof containerNs : Within<T>;

type Within<T> = T extends string | number | bigint | boolean | undefined | null | Uint8Array ? T : { [K in keyof T]: Told<T[K]> };
