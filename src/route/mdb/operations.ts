import { optional, quote } from '../../bytes/shell.ts';
import { acknowledged, dump, single, type Asked, type Exchange, type Steps } from '../../conversation/operation.ts';
import { EncodeError } from '../../errors.ts';
import { show } from '../../schema/codec.ts';
import { NLM_F } from '../../wire/header.ts';
import { devText } from '../link/command.ts';
import type { LinkRef } from '../link/message.ts';
import { indexOf } from '../link/resolve.ts';
import { mdbMessage, mdbRequest, type Mdb, type MdbEntry } from './message.ts';

const RTM_NEWMDB = 84, RTM_DELMDB = 85, RTM_GETMDB = 86;

/** A group that a port listens to, to be made; what was listed can be given. */
export interface MdbInput {
  /** The group's address: IPv4, IPv6 or link-layer. */
  readonly group: string;
  /** The bridge; what was listed has it as `index`. */
  readonly dev?: LinkRef | undefined;
  readonly index?: number | undefined;
  /** The port, or the bridge itself for its own host. */
  readonly port: LinkRef;
  readonly state?: MdbEntry['state'] | undefined;
  readonly vlan?: number | undefined;
  /** The one sender whose packets are meant. */
  readonly source?: string | undefined;
  readonly sources?: readonly { readonly address?: string | undefined }[] | undefined;
  readonly filterMode?: MdbEntry['filterMode'] | undefined;
  readonly protocol?: MdbEntry['protocol'] | undefined;
  readonly dst?: string | undefined;
  readonly dstPort?: number | undefined;
  readonly vni?: number | undefined;
  readonly srcVni?: number | undefined;
  readonly via?: LinkRef | undefined;
}

/**
 * Lists the multicast groups that bridges know of.
 *
 * Equivalent to `bridge -d mdb show [dev BRIDGE]`.
 */
export function* list(filter: { readonly dev?: LinkRef | undefined } = {}): Steps<MdbEntry[]> {
  const index = filter.dev === undefined ? undefined : yield* indexOf('mdb.list', filter.dev);
  const all = tables('mdb.list', index);
  return { ...all, answer: { ...all.answer, finish: (items) => all.answer.finish(items).flatMap(entriesOf) } };
}

/** Lists the ports behind which there are multicast routers. Equivalent to `bridge -d mdb show`, its second part. */
export function* routers(filter: { readonly dev?: LinkRef | undefined } = {}): Steps<(NonNullable<Mdb['routers']>[number] & { index: number })[]> {
  const index = filter.dev === undefined ? undefined : yield* indexOf('mdb.routers', filter.dev);
  const all = tables('mdb.routers', index);
  return { ...all, answer: { ...all.answer, finish: (items) => all.answer.finish(items).flatMap(({ index, routers }) => (routers ?? []).map((router) => ({ ...router, index }))) } };
}

const tables = (operation: string, index: number | undefined): Exchange<Mdb[]> =>
  dump(operation, RTM_GETMDB, mdbMessage, { family: 'bridge' }, mdbMessage, (table) => index === undefined || table.index === index, () => 'bridge -d mdb show');

const entriesOf = ({ index, entries }: Mdb): MdbEntry[] =>
  (entries ?? []).flatMap(({ infos }) => (infos ?? []).map((info) => ({ ...info, index })));

/** One group of a bridge. Equivalent to `bridge mdb get dev BRIDGE grp GROUP [src SOURCE] [vid VLAN]`; kernels since 6.8. */
export function* get(entry: Pick<MdbInput, 'group' | 'dev' | 'index' | 'vlan' | 'source'>): Steps<MdbEntry[]> {
  const { source, vlan, group } = entry;
  const wire = { family: 'bridge', index: yield* bridgeOf('mdb.get', entry), entry: { group, vlan }, source };
  const one = single('mdb.get', RTM_GETMDB, 0, mdbRequest, wire, mdbMessage,
    () => `bridge mdb get dev ${devText(entry.dev ?? entry.index)} grp ${quote(String(group))}${optional('src', source)}${optional('vid', vlan)}`);
  return { ...one, answer: { ...one.answer, finish: (items) => entriesOf(items[0] as Mdb) } };
}

/**
 * Makes a group: `permanent` where the state says so, else it ages.
 *
 * Equivalent to `bridge mdb add dev BRIDGE port PORT grp GROUP`. Fails with EEXIST where there is one.
 */
export const add = (entry: MdbInput): Steps<void> => set('mdb.add', RTM_NEWMDB, NLM_F.CREATE | NLM_F.EXCL, 'add', entry);

/** Makes a group or overwrites it. Equivalent to `bridge mdb replace`; kernels since 6.3. */
export const replace = (entry: MdbInput): Steps<void> => set('mdb.replace', RTM_NEWMDB, NLM_F.CREATE | NLM_F.REPLACE, 'replace', entry);

/** Deletes a group. Equivalent to `bridge mdb delete dev BRIDGE port PORT grp GROUP`. */
const remove = (entry: MdbInput): Steps<void> => set('mdb.delete', RTM_DELMDB, 0, 'delete', entry);
export { remove as delete };

/** Deletes the groups of a bridge that match, in one request. Equivalent to `bridge mdb flush dev BRIDGE`; kernels since 6.8. */
export function* flush(dev: LinkRef, filter: { readonly port?: LinkRef | undefined; readonly vlan?: number | undefined; readonly state?: 'permanent' | 'temporary' | undefined; readonly protocol?: MdbEntry['protocol'] | undefined } = {}): Steps<void> {
  const index = yield* indexOf('mdb.flush', dev), { vlan, state, protocol } = filter;
  const port = filter.port === undefined ? 0 : yield* indexOf('mdb.flush', filter.port, 'port');
  const wire = { family: 'bridge', index, entry: { port, vlan, state }, protocol, ...(state === undefined ? {} : { stateMask: 1 }) };
  return acknowledged('mdb.flush', RTM_DELMDB, NLM_F.BULK, mdbRequest, wire, () => `bridge mdb flush dev ${devText(dev)}${filter.port === undefined ? '' : ` port ${devText(filter.port)}`}${optional('vid', vlan)}`);
}

function* set(operation: string, type: number, flags: number, verb: string, entry: MdbInput): Steps<void> {
  if (typeof entry !== 'object' || entry === null) throw new EncodeError(`must be a group like { dev: 'br0', port: 'eth0', group: '239.1.1.1' }, got ${show(entry)}`, 'entry');
  const { group, state, vlan, source, sources, filterMode, protocol, dst, dstPort, vni, srcVni } = entry;
  const index = yield* bridgeOf(operation, entry), port = yield* indexOf(operation, entry.port, 'port');
  const via = entry.via === undefined ? undefined : yield* indexOf(operation, entry.via, 'via');
  const wire = {
    family: 'bridge', index, entry: { port, state, vlan, group }, source,
    // the bridge refuses what it tells by itself beside one sender, and takes only the addresses of many
    ...(type === RTM_DELMDB ? {} : { filterMode: source === undefined ? filterMode : undefined, protocol, ...(sources ? { sources: sources.map(({ address }) => ({ address })) } : {}) }),
    dst, dstPort, vni, srcVni, via,
  };
  return acknowledged(operation, type, flags, mdbRequest, wire,
    () => `bridge mdb ${verb} dev ${devText(entry.dev ?? index)} port ${devText(entry.port)} grp ${quote(String(group))}${optional('src', source)}${optional('vid', vlan)}`);
}

function* bridgeOf(operation: string, { dev, index }: { readonly dev?: LinkRef | undefined; readonly index?: number | undefined }): Generator<Asked, number, any> {
  if (dev === undefined && !index) throw new EncodeError('must be a bridge', 'dev');
  return dev === undefined ? index! : yield* indexOf(operation, dev);
}
