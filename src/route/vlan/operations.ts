import { acknowledged, dump, type Exchange, type Steps } from '../../conversation/operation.ts';
import { EncodeError } from '../../errors.ts';
import { show } from '../../schema/codec.ts';
import { devText } from '../link/command.ts';
import { linkMessage, type LinkRef } from '../link/message.ts';
import { indexOf } from '../link/resolve.ts';
import { RTM_DELLINK, RTM_GETLINK, RTM_SETLINK } from '../link/types.ts';
import { vlanMessage, vlanQuery, type Vlan, type VlanGlobals, type Vlans } from './message.ts';

const RTM_NEWVLAN = 112, RTM_GETVLAN = 114;

/** One VLAN, or those from the first to the last. */
export type VlanIds = number | { readonly from: number; readonly to: number };

/** How a VLAN is put on a link. */
export interface VlanOptions {
  /** Untagged packets that come in belong to it. */
  readonly pvid?: boolean | undefined;
  /** Its packets leave without a tag. */
  readonly untagged?: boolean | undefined;
  /** On the link itself: needed where that is a bridge. On a port, its bridge keeps the table unless this is true. */
  readonly self?: boolean | undefined;
}

/**
 * Lists the VLANs of bridges and their ports.
 *
 * Equivalent to `bridge -d vlan show [dev DEV]`. With `stats`, the packets of each are counted too.
 */
export function* list(filter: { readonly dev?: LinkRef | undefined; readonly stats?: boolean | undefined } = {}): Steps<Vlan[]> {
  const index = filter.dev === undefined ? undefined : yield* indexOf('vlan.list', filter.dev);
  const all = tables('vlan.list', index, filter.stats ? { stats: true } : undefined);
  return { ...all, answer: { ...all.answer, finish: (items) => all.answer.finish(items).flatMap(vlansOf) } };
}

/** Lists the options that VLANs have on whole bridges. Equivalent to `bridge vlan global show [dev BRIDGE]`. */
export function* globals(filter: { readonly dev?: LinkRef | undefined } = {}): Steps<VlanGlobals[]> {
  const index = filter.dev === undefined ? undefined : yield* indexOf('vlan.globals', filter.dev);
  const all = tables('vlan.globals', index, { global: true });
  return { ...all, answer: { ...all.answer, finish: (items) => all.answer.finish(items).flatMap(({ index, globals }) => (globals ?? []).map((one) => ({ ...one, index }))) } };
}

const tables = (operation: string, index: number | undefined, flags?: object): Exchange<Vlans[]> =>
  dump(operation, RTM_GETVLAN, vlanQuery, { family: 'bridge', index, flags }, vlanMessage, undefined, () => 'bridge -d vlan show');

const vlansOf = ({ index, entries }: Vlans): Vlan[] => (entries ?? []).map(({ info, range, ...rest }) => ({
  index, vid: info?.vid ?? 0, ...(range === undefined ? {} : { vidEnd: range }), ...(info?.flags.pvid ? { pvid: true } : {}), ...(info?.flags.untagged ? { untagged: true } : {}), ...rest,
}));

/**
 * Puts a link into VLANs.
 *
 * Equivalent to `bridge vlan add dev DEV vid VID [pvid] [untagged]`. Fails with EOPNOTSUPP where the kernel has no VLAN filtering.
 */
export const add = (dev: LinkRef, vid: VlanIds, options: VlanOptions = {}): Steps<void> => set('vlan.add', RTM_SETLINK, 'add', dev, vid, options);

/** Takes a link out of VLANs. Equivalent to `bridge vlan delete dev DEV vid VID`. */
const remove = (dev: LinkRef, vid: VlanIds, options: Pick<VlanOptions, 'self'> = {}): Steps<void> => set('vlan.delete', RTM_DELLINK, 'delete', dev, vid, options);
export { remove as delete };

/** Sets options of VLANs on a port, in which it must be. Equivalent to `bridge vlan set dev DEV vid VID state STATE ...`. */
export function* change(dev: LinkRef, vid: VlanIds, options: Pick<Vlan, 'state' | 'mcastRouter' | 'mcastMaxGroups' | 'neighSuppress'>): Steps<void> {
  const { from, to } = idsOf(vid), index = yield* indexOf('vlan.change', dev);
  const entry = { info: { flags: { onlyOpts: true }, vid: from }, ...(to > from ? { range: to } : {}), ...options };
  return acknowledged('vlan.change', RTM_NEWVLAN, 0, vlanMessage, { family: 'bridge', index, entries: [entry] }, () => `bridge vlan set dev ${devText(dev)} vid ${text(vid)}`);
}

/** Sets options of VLANs on a whole bridge. Equivalent to `bridge vlan global set dev BRIDGE vid VID ...`. */
export function* changeGlobals(dev: LinkRef, vid: VlanIds, options: Omit<VlanGlobals, 'index' | 'vid' | 'range'>): Steps<void> {
  const { from, to } = idsOf(vid), index = yield* indexOf('vlan.changeGlobals', dev);
  const wire = { family: 'bridge', index, globals: [{ vid: from, ...(to > from ? { range: to } : {}), ...options }] };
  return acknowledged('vlan.changeGlobals', RTM_NEWVLAN, 0, vlanMessage, wire, () => `bridge vlan global set dev ${devText(dev)} vid ${text(vid)}`);
}

/** A VLAN of a port and the number of the tunnel that its packets go by. */
export interface VlanTunnel {
  readonly index: number;
  readonly vid: number;
  readonly id: number;
}

/** Lists which VLANs go by which tunnel, the ends of ranges apart. Equivalent to `bridge vlan tunnelshow`. */
export function* tunnels(filter: { readonly dev?: LinkRef | undefined } = {}): Steps<VlanTunnel[]> {
  const index = filter.dev === undefined ? undefined : yield* indexOf('vlan.tunnels', filter.dev);
  const all = links('vlan.tunnels', { brvlanCompressed: true }, index);
  return { ...all, answer: { ...all.answer, finish: (items) => (all.answer.finish(items)).flatMap(({ index, afSpec }) => (afSpec?.vlanTunnels ?? []).map(({ vid = 0, id = 0 }) => ({ index, vid, id }))) } };
}

/** Lets VLANs of a port go by a tunnel; with several, the numbers of the tunnels follow each other. Equivalent to `bridge vlan add dev DEV vid VID tunnel_info id ID`. */
export const addTunnel = (dev: LinkRef, vid: VlanIds, id: number): Steps<void> => tunnel('vlan.addTunnel', RTM_SETLINK, dev, vid, id);

/** Ends that. Equivalent to `bridge vlan delete dev DEV vid VID tunnel_info id ID`. */
export const deleteTunnel = (dev: LinkRef, vid: VlanIds, id: number): Steps<void> => tunnel('vlan.deleteTunnel', RTM_DELLINK, dev, vid, id);

/** The state of a port in a spanning tree of several (MST). */
export interface MstState {
  readonly index: number;
  readonly msti: number;
  readonly state: Vlan['state'];
}

/** Lists the states of ports in each spanning tree. Equivalent to `bridge mst show [dev DEV]`; the bridge must have MST enabled. */
export function* mst(filter: { readonly dev?: LinkRef | undefined } = {}): Steps<MstState[]> {
  const index = filter.dev === undefined ? undefined : yield* indexOf('vlan.mst', filter.dev);
  const all = links('vlan.mst', { mst: true }, index);
  return { ...all, answer: { ...all.answer, finish: (items) => (all.answer.finish(items)).flatMap(({ index, afSpec }) => (afSpec?.mst?.entries ?? []).map(({ msti = 0, state }) => ({ index, msti, state }))) } };
}

/** Sets the state of a port in a spanning tree. Equivalent to `bridge mst set dev DEV msti MSTI state STATE`. */
export function* setMst(dev: LinkRef, msti: number, state: NonNullable<Vlan['state']>): Steps<void> {
  const index = yield* indexOf('vlan.setMst', dev);
  return acknowledged('vlan.setMst', RTM_SETLINK, 0, linkMessage, { family: 'bridge', index, afSpec: { mst: { entries: [{ msti, state }] } } }, () => `bridge mst set dev ${devText(dev)} msti ${msti} state ${state}`);
}

interface BridgeLink {
  readonly index: number;
  readonly afSpec?: {
    readonly vlanTunnels?: readonly { vid?: number; id?: number }[];
    readonly mst?: { readonly entries?: readonly { msti?: number; state?: Vlan['state'] }[] };
  };
}

const links = (operation: string, extMask: object, index: number | undefined): Exchange<BridgeLink[]> =>
  dump(operation, RTM_GETLINK, linkMessage, { family: 'bridge', extMask }, linkMessage, (link) => index === undefined || link.index === index) as unknown as Exchange<BridgeLink[]>;

function* set(operation: string, type: number, verb: string, dev: LinkRef, vid: VlanIds, { pvid, untagged, self }: VlanOptions): Steps<void> {
  const { from, to } = idsOf(vid), index = yield* indexOf(operation, dev);
  if (pvid && to > from) throw new EncodeError('can be one VLAN alone', 'pvid');
  const flags = { pvid, untagged };
  const vlans = to > from ? [{ flags: { ...flags, rangeBegin: true }, vid: from }, { flags: { ...flags, rangeEnd: true }, vid: to }] : [{ flags, vid: from }];
  return acknowledged(operation, type, 0, linkMessage, { family: 'bridge', index, afSpec: { ...(self ? { flags: { self: true } } : {}), vlans } },
    () => `bridge vlan ${verb} dev ${devText(dev)} vid ${text(vid)}${pvid ? ' pvid' : ''}${untagged ? ' untagged' : ''}${self ? ' self' : ''}`);
}

function* tunnel(operation: string, type: number, dev: LinkRef, vid: VlanIds, id: number): Steps<void> {
  const { from, to } = idsOf(vid), index = yield* indexOf(operation, dev);
  const vlanTunnels = to > from
    ? [{ id, vid: from, flags: { rangeBegin: true } }, { id: id + to - from, vid: to, flags: { rangeEnd: true } }] : [{ id, vid: from, flags: {} }];
  return acknowledged(operation, type, 0, linkMessage, { family: 'bridge', index, afSpec: { vlanTunnels } });
}

function idsOf(vid: VlanIds): { from: number; to: number } {
  const { from, to } = typeof vid === 'number' ? { from: vid, to: vid } : vid ?? {};
  for (const id of [from, to])
    if (!Number.isInteger(id) || id! < 1 || id! > 4094) throw new EncodeError(`must be a VLAN from 1 to 4094, got ${show(vid)}`, 'vid');
  if (from > to) throw new EncodeError(`must not start behind its end, got ${show(vid)}`, 'vid');
  return { from, to };
}

const text = (vid: VlanIds): string => (typeof vid === 'number' ? String(vid) : `${vid.from}-${vid.to}`);
