import { optional, quote } from '../../bytes/shell.ts';
import { acknowledged, dump, single, type Asked, type Steps } from '../../conversation/operation.ts';
import { EncodeError } from '../../errors.ts';
import { show } from '../../schema/codec.ts';
import { NLM_F } from '../../wire/header.ts';
import { devText } from '../link/command.ts';
import type { LinkRef } from '../link/message.ts';
import { indexOf } from '../link/resolve.ts';
import { neighFlags, neighState } from '../neigh/header.ts';
import { neighMessage, type Neigh, type NeighInput } from '../neigh/message.ts';
import { linkOf } from '../neigh/link-of.ts';
import { RTM_DELNEIGH, RTM_GETNEIGH, RTM_NEWNEIGH } from '../neigh/types.ts';

/** Which entries are listed. The kernel filters by port and bridge, the rest is filtered here. */
export interface FdbFilter {
  /** A port of a bridge, or a link with a table of its own, as a vxlan has. */
  readonly dev?: LinkRef | undefined;
  /** A bridge: the entries of all its ports. */
  readonly master?: LinkRef | undefined;
  readonly lladdr?: string | undefined;
  readonly vlan?: number | undefined;
  readonly state?: Neigh['state'] | undefined;
}

/**
 * Lists forwarding tables: which link-layer address is behind which port.
 *
 * Equivalent to `bridge fdb show [brport DEV] [br DEV]`.
 */
export function* list(filter: FdbFilter = {}): Steps<Neigh[]> {
  const { lladdr, vlan, state } = filter;
  const index = filter.dev === undefined ? undefined : yield* indexOf('fdb.list', filter.dev);
  const master = filter.master === undefined ? undefined : yield* indexOf('fdb.list', filter.master, 'master');
  const keep = (entry: Neigh): boolean =>
    (index === undefined || entry.index === index) && (lladdr === undefined || entry.lladdr === lladdr.toLowerCase()) &&
    (vlan === undefined || entry.vlan === vlan) && (state === undefined || entry.state === state) &&
    (master === undefined || entry.master === master || entry.index === master);
  return dump('fdb.list', RTM_GETNEIGH, neighMessage, { family: 'bridge', via: index, master }, neighMessage, keep,
    () => `bridge fdb show${index === undefined ? '' : ` brport ${devText(filter.dev)}`}${master === undefined ? '' : ` br ${devText(filter.master)}`}`);
}

/**
 * One entry: of a bridge (`master`), or of a link's own table (`dev`).
 *
 * Equivalent to `bridge fdb get LLADDR br DEV [vlan VLAN]`. Fails with ENOENT where there is none.
 */
export function* get(entry: { readonly lladdr: string; readonly master?: LinkRef | undefined; readonly dev?: LinkRef | undefined; readonly vlan?: number | undefined; readonly vni?: number | undefined }): Steps<Neigh> {
  const { lladdr, vlan, vni } = entry;
  if (entry.dev === undefined && entry.master === undefined) throw new EncodeError('must be a bridge, or give "dev"', 'master');
  const master = entry.master === undefined ? undefined : yield* indexOf('fdb.get', entry.master, 'master');
  const index = entry.dev === undefined ? undefined : yield* indexOf('fdb.get', entry.dev);
  const wire = { family: 'bridge', lladdr, vlan, vni, master, index, ...(index === undefined ? {} : { flags: { [master === undefined ? 'self' : 'master']: true } }) };
  return single('fdb.get', RTM_GETNEIGH, 0, neighMessage, wire, neighMessage,
    () => `bridge fdb get ${quote(lladdr)} ${master === undefined ? `dev ${devText(entry.dev)}` : `br ${devText(entry.master)}`}${optional('vlan', vlan)}`);
}

/**
 * Makes an entry. As with `bridge`, it is `permanent` and in the link's own table (`flags: { self: true }`) unless
 * said otherwise; for a port, `flags: { master: true }` means the table of its bridge.
 *
 * Equivalent to `bridge fdb add LLADDR dev DEV`. Fails with EEXIST where there is one.
 */
export const add = (entry: NeighInput): Steps<void> => set('fdb.add', NLM_F.CREATE | NLM_F.EXCL, 'add', entry);

/** Gives a vxlan one more host for an address. Equivalent to `bridge fdb append LLADDR dev DEV dst ADDRESS`. */
export const append = (entry: NeighInput): Steps<void> => set('fdb.append', NLM_F.CREATE | NLM_F.APPEND, 'append', entry);

/** Makes an entry or overwrites it. Equivalent to `bridge fdb replace LLADDR dev DEV`. */
export const replace = (entry: NeighInput): Steps<void> => set('fdb.replace', NLM_F.CREATE | NLM_F.REPLACE, 'replace', entry);

/** Deletes an entry. Equivalent to `bridge fdb delete LLADDR dev DEV`. Fails with ENOENT where there is none. */
function* remove(entry: NeighInput): Steps<void> {
  const wire = yield* prepare('fdb.delete', entry);
  return acknowledged('fdb.delete', RTM_DELNEIGH, 0, neighMessage, wire, () => inWords('delete', entry, wire));
}
export { remove as delete };

/** Which entries are flushed; all that are given must hold. Kernels since 6.0. */
export interface FdbFlush {
  /** Entries behind this port of the bridge. */
  readonly brport?: LinkRef | undefined;
  readonly vlan?: number | undefined;
  readonly vni?: number | undefined;
  readonly srcVni?: number | undefined;
  readonly dst?: string | undefined;
  readonly port?: number | undefined;
  readonly nhid?: number | undefined;
  /** True for entries in this state, false for those in any other. */
  readonly state?: { readonly permanent?: boolean | undefined; readonly noarp?: boolean | undefined } | undefined;
  /** Flags that the entries have, or with false have not. */
  readonly flags?: { readonly externLearn?: boolean | undefined; readonly sticky?: boolean | undefined; readonly offload?: boolean | undefined; readonly router?: boolean | undefined } | undefined;
}

/**
 * Deletes, in one request, the entries of a bridge or a vxlan that match. `dev` may be a port: its bridge is meant then.
 *
 * Equivalent to `bridge fdb flush dev DEV`. Permanent entries go too, but for the bridge's own addresses.
 */
export function* flush(dev: LinkRef, filter: FdbFlush = {}, table: 'self' | 'master' = 'self'): Steps<void> {
  const { brport, state, flags, ...rest } = filter;
  const index = yield* indexOf('fdb.flush', dev);
  const states = bits(state, (word) => neighState.toNumber(word as 'permanent')), marks = bits(flags, (word) => neighFlags.names[word as 'sticky'][1]);
  const wire = {
    ...rest, family: 'bridge', index, via: brport === undefined ? undefined : yield* indexOf('fdb.flush', brport, 'brport'),
    flags: { [table]: true, ...flags }, ...(states.mask ? { state: states.value, stateMask: states.mask } : {}), ...(marks.mask ? { flagsMask: marks.mask } : {}),
  };
  return acknowledged('fdb.flush', RTM_DELNEIGH, NLM_F.BULK, neighMessage, wire, () => `bridge fdb flush dev ${devText(dev)} ${table}`);
}

/** Bits that are spoken of, and those of them that are true. */
function bits(words: object | undefined, bit: (word: string) => number): { value: number; mask: number } {
  let value = 0, mask = 0;
  for (const [word, on] of Object.entries(words ?? {})) {
    if (on === undefined) continue;
    mask |= bit(word);
    if (on) value |= bit(word);
  }
  return { value, mask };
}

function* set(operation: string, flags: number, verb: string, entry: NeighInput): Steps<void> {
  const wire = yield* prepare(operation, entry);
  return acknowledged(operation, RTM_NEWNEIGH, flags, neighMessage, wire, () => inWords(verb, entry, wire));
}

function* prepare(operation: string, entry: NeighInput): Generator<Asked, { [key: string]: unknown }, any> {
  const { dev, cacheinfo, probes, master, via, linkNetnsid, ...rest } = entry ?? {};
  if (typeof rest.lladdr !== 'string') throw new EncodeError(`must be a link-layer address like 02:42:ac:11:00:02, got ${show(rest.lladdr)}`, 'lladdr');
  const flags = rest.flags ?? {};
  // a listed entry of a port names its bridge: it stands in the bridge's table
  const table = flags.self || flags.master ? {} : master === undefined ? { self: true } : { master: true };
  return {
    ...rest, family: 'bridge', state: rest.state ?? 'permanent', flags: { ...flags, ...table, offload: undefined },
    via: via === undefined ? undefined : yield* indexOf(operation, via, 'via'), index: yield* linkOf(operation, entry),
  };
}

/** The command about one entry; its link is named as it was given. */
function inWords(verb: string, { lladdr, dev, index, vlan, dst, vni, via }: NeighInput, wire: { readonly [key: string]: unknown }): string {
  const behind = optional('vlan', vlan) + optional('dst', dst) + optional('vni', vni) + (via === undefined ? '' : ` via ${devText(via)}`);
  return `bridge fdb ${verb} ${quote(String(lladdr))} dev ${devText(dev ?? index)}${(wire['flags'] as { master?: boolean }).master ? ' master' : ''}${behind}`;
}
