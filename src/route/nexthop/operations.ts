import { quote } from '../../bytes/shell.ts';
import { acknowledged, ask, done, dump, single, type Exchange, type Operation, type Steps } from '../../conversation/operation.ts';
import { EncodeError, KernelError } from '../../errors.ts';
import { show } from '../../schema/codec.ts';
import { headerSize, NLM_F } from '../../wire/header.ts';
import { familyOf } from '../family.ts';
import type { LinkRef } from '../link/message.ts';
import { indexOf } from '../link/resolve.ts';
import { nexthopMessage, type Nexthop, type NexthopBucket, type NexthopInput } from './message.ts';

const RTM_NEWNEXTHOP = 104, RTM_DELNEXTHOP = 105, RTM_GETNEXTHOP = 106, RTM_GETNEXTHOPBUCKET = 118;

/** Which nexthops are listed; the kernel filters by all of these, by protocol we do. */
export interface NexthopFilter {
  readonly family?: 'inet' | 'inet6' | undefined;
  readonly dev?: LinkRef | undefined;
  readonly master?: LinkRef | undefined;
  /** Groups alone. */
  readonly groups?: boolean | undefined;
  /** Those for forwarding tables alone. */
  readonly fdb?: boolean | undefined;
  readonly protocol?: Nexthop['protocol'] | undefined;
  /** Counts the packets of each member of a group too; kernels since 6.9. */
  readonly stats?: boolean | undefined;
}

/**
 * Lists nexthop objects and groups of them.
 *
 * Equivalent to `ip -d nexthop show [dev DEV] [groups] [fdb]`.
 */
export function* list(filter: NexthopFilter = {}): Steps<Nexthop[]> {
  const { family, groups, fdb, protocol, stats } = filter;
  const oif = filter.dev === undefined ? undefined : yield* indexOf('nexthop.list', filter.dev);
  const master = filter.master === undefined ? undefined : yield* indexOf('nexthop.list', filter.master, 'master');
  const keep = (nexthop: Nexthop): boolean =>
    (family === undefined || nexthop.family === family) && (protocol === undefined || nexthop.protocol === protocol) && (oif === undefined || nexthop.oif === oif) &&
    (!groups || nexthop.group !== undefined) && (!fdb || nexthop.fdb === true);
  const request = { family, oif, master, groups: groups || undefined, fdb: fdb || undefined, ...(stats ? { opFlags: { dumpStats: true } } : {}) };
  return dump('nexthop.list', RTM_GETNEXTHOP, nexthopMessage, request, nexthopMessage, keep as never, () => 'ip -d nexthop show') as unknown as Exchange<Nexthop[]>;
}

/** One nexthop. Equivalent to `ip nexthop get id ID`. Fails with ENOENT where there is none. */
export const get = (id: number): Operation<Nexthop> =>
  single('nexthop.get', RTM_GETNEXTHOP, 0, nexthopMessage, { id }, nexthopMessage, () => `ip nexthop get id ${id}`) as unknown as Exchange<Nexthop>;

/**
 * Makes a nexthop (`{ gateway, dev }`, `{ dev }`, `{ blackhole: true }`) or a group (`{ group: [{ id: 1 }, { id: 2, weight: 3 }] }`)
 * and gives its id, which routes name as `nhid`.
 *
 * Equivalent to `ip nexthop add id ID via GATEWAY dev DEV`. Fails with EEXIST where the id is taken, with ENETDOWN where
 * its link is down; for a blackhole that link is `lo`.
 */
export const add = (nexthop: NexthopInput): Steps<number> => set('nexthop.add', NLM_F.CREATE | NLM_F.EXCL, 'add', nexthop);

/** Makes a nexthop or overwrites the one with this id; routes by it follow. Equivalent to `ip nexthop replace id ID`. */
export const replace = (nexthop: NexthopInput): Steps<number> => set('nexthop.replace', NLM_F.CREATE | NLM_F.REPLACE, 'replace', nexthop);

/**
 * Deletes a nexthop, and with it the routes by it and its place in groups; a group that becomes empty goes too.
 *
 * Equivalent to `ip nexthop delete id ID`. Fails with ENOENT where there is none.
 */
const remove = (nexthop: number | { readonly id: number }): Operation<void> => {
  const id = typeof nexthop === 'number' ? nexthop : nexthop?.id;
  return acknowledged('nexthop.delete', RTM_DELNEXTHOP, 0, nexthopMessage, { id: checkId(id) }, () => `ip nexthop delete id ${id}`);
};
export { remove as delete };

/** Deletes the nexthops that a filter picks, and gives their number. Equivalent to `ip nexthop flush`. */
export function* flush(filter: NexthopFilter = {}): Steps<number> {
  let count = 0;
  for (const { id } of yield* ask(list(filter))) {
    try {
      yield* ask(remove(id));
      count++;
    } catch (error) {
      if (!(error instanceof KernelError) || error.code !== 'ENOENT') throw error; // a group goes with its last member
    }
  }
  return done(count);
}

/**
 * Lists the buckets of resilient groups: `id` is the group, `bucket.nhid` the nexthop that a bucket leads to.
 *
 * Equivalent to `ip nexthop bucket show [id ID] [nhid ID] [dev DEV]`.
 */
export function* buckets(filter: { readonly id?: number | undefined; readonly nhid?: number | undefined; readonly dev?: LinkRef | undefined; readonly master?: LinkRef | undefined } = {}): Steps<NexthopBucket[]> {
  const { id, nhid } = filter;
  const oif = filter.dev === undefined ? undefined : yield* indexOf('nexthop.buckets', filter.dev);
  const master = filter.master === undefined ? undefined : yield* indexOf('nexthop.buckets', filter.master, 'master');
  return dump('nexthop.buckets', RTM_GETNEXTHOPBUCKET, nexthopMessage, { id, oif, master, ...(nhid === undefined ? {} : { bucket: { nhid } }) }, nexthopMessage, undefined,
    () => `ip nexthop bucket show${id === undefined ? '' : ` id ${id}`}`) as unknown as Exchange<NexthopBucket[]>;
}

/** One bucket of a resilient group. Equivalent to `ip nexthop bucket get id ID index INDEX`. */
export const getBucket = (id: number, index: number): Operation<NexthopBucket> =>
  single('nexthop.getBucket', RTM_GETNEXTHOPBUCKET, 0, nexthopMessage, { id, bucket: { index } }, nexthopMessage, () => `ip nexthop bucket get id ${id} index ${index}`) as unknown as Exchange<NexthopBucket>;

function* set(operation: string, flags: number, verb: string, nexthop: NexthopInput): Steps<number> {
  if (typeof nexthop !== 'object' || nexthop === null) throw new EncodeError(`must be a nexthop like { id: 1, gateway: '192.0.2.1', dev: 'eth0' }, got ${show(nexthop)}`, 'nexthop');
  const { dev, scope, family: given, flags: marks, opFlags: _told, ...rest } = nexthop as NexthopInput & { opFlags?: unknown };
  const family = rest.group ? undefined : familyFor(given, rest.gateway);
  if (rest.id !== undefined) checkId(rest.id);
  // the others report a state
  const wire: typeof rest & { flags?: object } = Object.assign(rest, { family }, marks?.onlink ? { flags: { onlink: true } } : undefined, dev === undefined ? undefined : { oif: yield* indexOf(operation, dev) });
  return {
    operation, type: RTM_NEWNEXTHOP, flags: flags | NLM_F.ACK | NLM_F.ECHO, request: nexthopMessage, value: wire,
    command: () => `ip nexthop ${verb}${rest.id === undefined ? '' : ` id ${rest.id}`}${rest.gateway ? ` via ${quote(rest.gateway)}` : ''}`,
    answer: {
      ends: 'echo',
      read: (m, at, end, type) => (type === RTM_NEWNEXTHOP ? nexthopMessage.decode(m, at + headerSize, end).id : undefined),
      finish: (ids) => (ids[0] as number | undefined) ?? rest.id ?? 0,
    },
  };
}

function familyFor(family: Nexthop['family'] | undefined, gateway: string | undefined): Nexthop['family'] {
  const found = typeof gateway === 'string' ? familyOf(gateway) : undefined;
  if (family === undefined || family === 'unspec') return found ?? 'inet';
  return family;
}

function checkId(id: unknown): number {
  if (!Number.isInteger(id) || (id as number) < 1) throw new EncodeError(`must be 1 or more, got ${show(id)}`, 'id');
  return id as number;
}
