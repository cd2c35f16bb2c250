import { quote } from '../../bytes/shell.ts';
import { acknowledged, ask, done, dump, single, type Steps } from '../../conversation/operation.ts';
import { EncodeError, KernelError } from '../../errors.ts';
import { show } from '../../schema/codec.ts';
import { NLM_F } from '../../wire/header.ts';
import { familyOf } from '../family.ts';
import { devText } from '../link/command.ts';
import type { LinkRef } from '../link/message.ts';
import { indexOf } from '../link/resolve.ts';
import { linkOf } from './link-of.ts';
import { neighMessage, type Neigh, type NeighInput } from './message.ts';
import { RTM_DELNEIGH, RTM_GETNEIGH, RTM_NEWNEIGH } from './types.ts';

/** Which neighbours are listed. The kernel filters by family, link, master and proxy, the rest is filtered here. */
export interface NeighFilter {
  readonly dev?: LinkRef | undefined;
  readonly family?: 'inet' | 'inet6' | undefined;
  /** Neighbours on the ports of this bridge or the members of this VRF. */
  readonly master?: LinkRef | undefined;
  readonly state?: Neigh['state'] | undefined;
  readonly dst?: string | undefined;
  /** The addresses that this host answers for, in place of the neighbours. */
  readonly proxy?: boolean | undefined;
}

/**
 * Lists the neighbours that the kernel knows (ARP and NDP), in every state.
 *
 * Equivalent to `ip neighbour show nud all [dev DEV]`, with `proxy` to `ip neighbour show proxy`.
 */
export function* list(filter: NeighFilter = {}): Steps<Neigh[]> {
  const { family, state, dst, proxy = false } = filter;
  const index = filter.dev === undefined ? undefined : yield* indexOf('neigh.list', filter.dev);
  const master = filter.master === undefined ? undefined : yield* indexOf('neigh.list', filter.master, 'master');
  const keep = (neigh: Neigh): boolean =>
    (index === undefined || neigh.index === index) && (family === undefined || neigh.family === family) &&
    (state === undefined || neigh.state === state) && (dst === undefined || neigh.dst === dst) && (neigh.flags.proxy ?? false) === proxy;
  return dump('neigh.list', RTM_GETNEIGH, neighMessage, { family, via: index, master, ...(proxy ? { flags: { proxy } } : {}) }, neighMessage, keep,
    () => `ip neighbour show ${proxy ? 'proxy' : 'nud all'}${index === undefined ? '' : ` dev ${devText(filter.dev)}`}`, ['flags', 'index', 'family', 'state', 'dst']);
}

/**
 * One neighbour.
 *
 * Equivalent to `ip neighbour get ADDRESS dev DEV`. Fails with ENOENT where the kernel does not know it.
 */
export function* get(neigh: { readonly dst: string; readonly dev: LinkRef; readonly proxy?: boolean | undefined }): Steps<Neigh> {
  const family = familyFor(neigh.dst);
  const index = yield* indexOf('neigh.get', neigh.dev);
  return single('neigh.get', RTM_GETNEIGH, 0, neighMessage, { family, index, dst: neigh.dst, ...(neigh.proxy ? { flags: { proxy: true } } : {}) }, neighMessage,
    () => `ip neighbour get ${quote(neigh.dst)} dev ${devText(neigh.dev)}`);
}

/**
 * Makes an entry, `permanent` unless another state is given. `flags: { proxy: true }` makes this host answer for it.
 *
 * Equivalent to `ip neighbour add ADDRESS lladdr LLADDR dev DEV`. Fails with EEXIST where there is one.
 */
export const add = (neigh: NeighInput): Steps<void> => set('neigh.add', NLM_F.CREATE | NLM_F.EXCL, 'add', neigh);

/** Makes an entry or overwrites it. Equivalent to `ip neighbour replace`. */
export const replace = (neigh: NeighInput): Steps<void> => set('neigh.replace', NLM_F.CREATE | NLM_F.REPLACE, 'replace', neigh);

/** Overwrites an entry. Equivalent to `ip neighbour change`. Fails with ENOENT where there is none. */
export const change = (neigh: NeighInput): Steps<void> => set('neigh.change', NLM_F.REPLACE, 'change', neigh);

/** Deletes an entry. Equivalent to `ip neighbour delete ADDRESS dev DEV`. Fails with ENOENT where there is none. */
function* remove(neigh: NeighInput): Steps<void> {
  const { dst, flags } = neigh, family = familyFor(dst);
  const index = yield* linkOf('neigh.delete', neigh);
  return acknowledged('neigh.delete', RTM_DELNEIGH, 0, neighMessage, { family, index, dst, ...(flags?.proxy ? { flags: { proxy: true } } : {}) },
    () => `ip neighbour delete ${flags?.proxy ? 'proxy ' : ''}${quote(String(dst))} dev ${devText(neigh.dev ?? index)}`);
}
export { remove as delete };

/**
 * Deletes the neighbours that a filter picks and gives their number. Permanent ones and those without resolution (noarp)
 * stay unless the filter names that state.
 *
 * Equivalent to `ip neighbour flush dev DEV`.
 */
export function* flush(filter: NeighFilter = {}): Steps<number> {
  const stays = (neigh: Neigh): boolean => filter.state === undefined && !filter.proxy && (neigh.state === 'permanent' || neigh.state === 'noarp');
  let count = 0;
  for (const neigh of yield* ask(list(filter))) {
    if (stays(neigh) || neigh.dst === undefined) continue;
    try {
      yield* ask(remove(neigh));
      count++;
    } catch (error) {
      if (!(error instanceof KernelError) || error.code !== 'ENOENT') throw error; // it went by itself
    }
  }
  return done(count);
}

function* set(operation: string, flags: number, verb: string, neigh: NeighInput): Steps<void> {
  const { dev, cacheinfo, probes, via, master, ...rest } = neigh ?? {};
  const family = familyFor(rest.dst);
  if (rest.family !== undefined && rest.family !== family) throw new EncodeError(`is ${show(rest.family)}, but the address is of the family "${family}"`, 'family');
  const wire = Object.assign(rest, { family, state: rest.state ?? (rest.flags?.proxy ? undefined : 'permanent'), index: yield* linkOf(operation, neigh) });
  return acknowledged(operation, RTM_NEWNEIGH, flags, neighMessage, wire,
    () => `ip neighbour ${verb} ${rest.flags?.proxy ? 'proxy ' : ''}${quote(String(rest.dst))}${rest.lladdr ? ` lladdr ${quote(rest.lladdr)}` : ''} dev ${devText(dev ?? wire.index)}${wire.state === undefined ? '' : ` nud ${quote(String(wire.state))}`}`);
}

function familyFor(dst: string | undefined): 'inet' | 'inet6' {
  const family = typeof dst === 'string' && !dst.includes('/') ? familyOf(dst) : undefined;
  if (!family) throw new EncodeError(`must be an IP address, got ${show(dst)}`, 'dst');
  return family;
}
