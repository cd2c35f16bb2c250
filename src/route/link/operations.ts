import {
  acknowledged,
  ask,
  dump,
  single,
  verifiable,
  type Asked,
  type Exchange,
  type Operation,
  type Steps,
} from '../../conversation/operation.ts';
import { errno } from '../../errno.ts';
import { EncodeError, KernelError } from '../../errors.ts';
import type { Owner } from '../../schema/codec.ts';
import { u32 } from '../../schema/numbers.ts';
import { quote } from '../../bytes/shell.ts';
import { Writer } from '../../bytes/writer.ts';
import type { NamespaceRef } from '../namespace.ts';
import { addCommand, devText, setCommand } from './command.ts';
import { linkMessage, linkReport, type Link, type LinkChange, type LinkInput, type LinkRef } from './message.ts';
import { prepare } from './prepare.ts';
import { indexOf, isPattern, linkTarget, lookup } from './resolve.ts';
import { altering, changing, making, newAltnames, newLink } from './steps.ts';
import { ignoredOfLink } from './verify.ts';
import { RTM_DELLINK, RTM_DELLINKPROP, RTM_GETLINK } from './types.ts';

/** Which links are listed. The kernel itself filters by `kind` and `master`. */
export interface LinkFilter {
  readonly kind?: string | undefined;
  /** The ports of this bridge, bond or VRF. */
  readonly master?: LinkRef | undefined;
  readonly up?: boolean | undefined;
  readonly group?: number | undefined;
  /** False leaves out statistics, most of the answer: those of address families, on newer kernels all. */
  readonly stats?: boolean | undefined;
  /** Lists another namespace without entering it: its id in this one, as `ip netns list-id` shows it. */
  readonly nsid?: number | undefined;
}

/** How a link is looked at. */
export interface LinkView {
  /** Looks into another namespace without entering it: its id in this one. */
  readonly nsid?: number | undefined;
  /** False leaves out statistics: those of address families, on newer kernels all. */
  readonly stats?: boolean | undefined;
}

/**
 * Lists the links of this namespace.
 *
 * Equivalent to `ip -details -statistics link show [type KIND] [master DEV] [group GROUP] [up]`.
 */
export function* list(filter: LinkFilter = {}): Steps<Link[]> {
  const { kind, up, group } = filter;
  const master = filter.master === undefined ? undefined : yield* indexOf('link.list', filter.master, 'master');
  const keep = (link: Link): boolean =>
    (kind === undefined || link.kind === kind) && (master === undefined || link.master === master) &&
    (group === undefined || link.group === group) && (up === undefined || (link.flags.up ?? false) === up);
  const words = [
    kind && `type ${quote(kind)}`,
    master && `master ${devText(filter.master)}`,
    group !== undefined && `group ${group}`,
    up && 'up',
  ];
  return dump('link.list', RTM_GETLINK, linkMessage, { kind, master, ...view(filter) }, linkReport, keep as never,
    () => ['ip -d -s link show', ...words.filter(Boolean)].join(' ')) as unknown as Exchange<Link[]>;
}

/**
 * One link, by index, name or altname.
 *
 * Equivalent to `ip -details -statistics link show dev DEV`. Fails with ENODEV where there is none.
 */
export const get = (dev: LinkRef, options: LinkView = {}): Operation<Link> =>
  single('link.get', RTM_GETLINK, 0, linkMessage, Object.assign(linkTarget(dev), view(options)), linkReport,
    () => `ip -d -s link show dev ${devText(dev)}`) as unknown as Exchange<Link>;

const view = ({ nsid, stats }: LinkView): Owner => ({ targetNetnsid: nsid, extMask: stats === false ? withoutStats : withStats });
const withStats = Object.freeze({ vf: true }), withoutStats = Object.freeze({ vf: true, skipStats: true });

/**
 * The other end of a pair, in this namespace or another, which need not be entered; its `index` and `link` are those
 * of the namespace it is in.
 *
 * Equivalent to `ip -n NAMESPACE link show dev PEER`. Fails with EINVAL where the link has no other end.
 */
export function* peerOf(dev: LinkRef): Steps<Link> {
  const link = yield* ask(lookup('link.peerOf', dev));
  if (link.link === undefined || link.link === 0)
    throw new KernelError({ operation: 'link.peerOf', errno: errno.EINVAL, hint: `${link.name} has no other end` });
  return get(link.link, link.linkNetnsid === undefined ? {} : { nsid: link.linkNetnsid }) as Exchange<Link>;
}

/**
 * Makes a link, with everything about it in one message: name, kind, options, master, namespace, addresses, mtu, up.
 *
 * What the kernel takes only for a link that is there follows in messages behind it: alias, altnames, what address
 * families say, options as a port. With a pattern for a name, `v%d`, the kernel finds the number: it does not tell it, so
 * that nothing which follows can be given then. Equivalent to `ip link add [link DEV] NAME [up] type KIND OPTIONS`. Fails with
 * EEXIST where the name is taken, with EOPNOTSUPP where the kernel lacks the kind.
 */
export function* add(link: LinkInput): Steps<void> {
  const wire = yield* prepare('link.add', link, false), last = yield* making('link.add', wire, () => addCommand(link));
  return verifiable(last, () => ignoredOfLink('link.add', wire['name'] as string | undefined, wire));
}

/**
 * Changes a link, or all links of a group: only what is given. `master: 0` takes a port out, `netns` moves the link.
 *
 * Equivalent to `ip link set dev DEV ...`; options of its kind as by `ip link set dev DEV type KIND OPTIONS`, options
 * as a port as by `type bridge_slave`. It sends RTM_NEWLINK: RTM_SETLINK acknowledges the options of a kind and
 * ignores them.
 */
export function* change(dev: LinkRef | { readonly group: number }, changes: LinkChange): Steps<void> {
  const wire = yield* prepare('link.change', changes, typeof dev === 'string' || (changes as LinkChange | undefined)?.options !== undefined);
  if (isGroup(dev))
    return newLink('link.change', 0, { ...wire, group: groupNumber(dev) }, () =>
      setCommand(`group ${dev.group}`, changes),
    );
  const last = yield* changing('link.change', dev, wire, () => setCommand(`dev ${devText(dev)}`, changes));
  return verifiable(last, () => ignoredOfLink('link.change', typeof dev === 'string' ? wire['name'] as string ?? dev : dev, wire));
}

/** Brings a link up. Equivalent to `ip link set dev DEV up`. */
export const up = (dev: LinkRef): Operation<void> => change(dev, { up: true });

/** Takes a link down. Equivalent to `ip link set dev DEV down`. With it go its IPv6 addresses and its routes. */
export const down = (dev: LinkRef): Operation<void> => change(dev, { up: false });

/** Renames a link. Equivalent to `ip link set dev DEV name NAME`. */
export const rename = (dev: LinkRef, name: string): Operation<void> => change(dev, { name });

/**
 * Moves a link to a namespace, there under another name if one is given. It arrives there down, without addresses.
 *
 * Equivalent to `ip link set dev DEV netns NAMESPACE [name NAME]`. Fails with EEXIST where the name is taken there; the
 * kernel has then moved the link already, under its old name, unless that is taken there, too.
 */
export const move = (dev: LinkRef, netns: NamespaceRef, name?: string): Operation<void> => change(dev, { netns, name });

/**
 * Sees to it that a link is as described: makes it, or changes what differs. Gives the link as it is then.
 *
 * Fails with EEXIST where the name belongs to a link of another kind or upon another link: the kernel would acknowledge
 * and do nothing. The other end of a pair that is there already is not looked at.
 */
export function* ensure(link: LinkInput & { name: string }): Steps<Link> {
  if (link.netns !== undefined)
    throw new EncodeError('is of no use here: ensure the link from inside that namespace', 'netns');
  if (isPattern(link.name)) throw new EncodeError('must be whole: by a pattern nothing is found again', 'name');
  const wire = yield* prepare('link.ensure', link, true), command = () => addCommand(link);
  let present = yield* find('link.ensure', link.name);
  if (!present) {
    try {
      yield yield* making('link.ensure', wire, command);
      return get(link.name) as Exchange<Link>;
    } catch (error) { // somebody was faster
      present = isCode(error, 'EEXIST') ? yield* find('link.ensure', link.name) : undefined;
      if (!present) throw error;
    }
  }
  const differs =
    present.name !== link.name
      ? `${link.name} is another name of ${present.name}`
      : present.kind !== link.kind
        ? `${link.name} is there already, of kind ${present.kind ?? 'none'}`
        : wire['link'] !== undefined && wire['link'] !== (present.link ?? 0)
          ? `${link.name} is there already, upon another link`
          : undefined;
  if (differs) throw new KernelError({ operation: 'link.ensure', errno: errno.EEXIST, hint: differs });
  const { carrier: _carrier, operstate: _operstate, link: _link, ...wanted } = wire;
  const { peer: _peer, ...options } = (wire['options'] ?? {}) as { peer?: unknown };
  if (wire['options'] !== undefined) wanted['options'] = options;
  const last = yield* altering('link.ensure', present, wanted, () => setCommand(`dev ${devText(link.name)}`, link));
  if (last) yield last;
  return get(link.name) as Exchange<Link>;
}

/** Inside steps: a link that may not be there. */
function* find(operation: string, name: string): Generator<Asked, Link | undefined, any> {
  try {
    return yield* ask(lookup(operation, name));
  } catch (error) {
    if (isCode(error, 'ENODEV')) return undefined;
    throw error;
  }
}

const isCode = (error: unknown, code: string): boolean => error instanceof KernelError && error.code === code;

/**
 * Deletes a link, or all links of a group.
 *
 * Equivalent to `ip link delete dev DEV` or `ip link delete group GROUP`. Fails with ENODEV where there is none, with
 * EOPNOTSUPP for a device that cannot be deleted.
 */
function remove(dev: LinkRef | { readonly group: number }): Operation<void> {
  const group = isGroup(dev) ? groupNumber(dev) : undefined;
  const target = group === undefined ? linkTarget(dev as LinkRef) : { group };
  const command = () => `ip link delete ${group === undefined ? `dev ${devText(dev)}` : `group ${group}`}`;
  return acknowledged('link.delete', RTM_DELLINK, 0, linkMessage, target, command, undefined, 'link');
}
export { remove as delete };

/** A listed link has a group, too: the index decides. */
const isGroup = (dev: LinkRef | { readonly group: number }): dev is { readonly group: number } =>
  typeof dev === 'object' && dev !== null && 'group' in dev && !('index' in dev);

/** Group 0 is that of all links nobody put into another: hardly what is meant. */
function groupNumber({ group }: { readonly group: number }): number {
  u32.write(new Writer(8), group, {}, 0);
  if (group === 0) throw new EncodeError('must not be 0, the group of every link that is in no other', 'group');
  return group;
}

/**
 * Gives a link more names, by which it is found just as well; they may be up to 127 bytes long.
 *
 * Equivalent to `ip link property add dev DEV altname NAME`. Fails with EEXIST where a name is taken.
 */
export function* addAltname(dev: LinkRef, ...names: string[]): Steps<void> {
  return newAltnames('link.addAltname', yield * indexOf('link.addAltname', dev), names, () =>
    altnameCommand('add', dev, names),
  );
}

/** Takes other names away. Equivalent to `ip link property delete dev DEV altname NAME`. */
export function* deleteAltname(dev: LinkRef, ...names: string[]): Steps<void> {
  const index = yield* indexOf('link.deleteAltname', dev);
  const command = () => altnameCommand('delete', dev, names);
  return acknowledged('link.deleteAltname', RTM_DELLINKPROP, 0, linkMessage, { index, altnames: names }, command, undefined, 'link');
}

const altnameCommand = (verb: string, dev: LinkRef, names: readonly string[]): string =>
  `ip link property ${verb} dev ${devText(dev)}${names.map((name) => ` altname ${quote(name)}`).join('')}`;
