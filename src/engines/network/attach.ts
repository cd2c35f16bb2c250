import { openHost } from '../../container/host.ts';
import { NetlinkError } from '../../errors.ts';
import * as netns from '../../netns/index.ts';
import { openRoute, type RouteClient } from '../../open.ts';
import type { Link } from '../../route/index.ts';
import { ensureBridge, forward, leaveBridge, setting } from './bridge.ts';
import { configure } from './configure.ts';
import { find, makeLink, removeLink } from './links.ts';
import { translate, untranslate } from './nat.ts';
import { aloneWith, forget, nameOf, record, recorded, records, sweepAttachments, type AttachmentRecord } from './record.ts';
import type { Address, Attachment, Owner } from './request.ts';
import { shape } from './shaping.ts';

/** A link as it has become. */
export interface Attached {
  readonly name: string;
  readonly mac: string | undefined;
  readonly mtu: number | undefined;
}

export interface AttachedLinks {
  /** The bridge and the host's end of the pair, where there are such. */
  readonly host: readonly Attached[];
  readonly container: Attached | undefined;
}

/**
 * Connects a container to a network. Fails with ERR_LINK_EXISTS where it has a link of that name, with
 * ERR_ADDRESS_IN_USE where somebody on the LAN has the address, and leaves nothing behind where anything fails. A
 * process that is killed in the midst leaves a record, by which the next call clears up.
 */
export const attach = (attachment: Attachment, state: string): Promise<AttachedLinks> =>
  aloneWith(state, attachment.owner, async () => {
    begin(attachment, state);
    try {
      return await connect(attachment, state);
    } catch (error) {
      await leave(attachment.owner, state, pathOf(attachment));
      throw error;
    }
  });

/** Clears up after one that was killed in the midst, looks whether there is room, and writes down what is to come. */
export function begin(attachment: Omit<Attachment, 'addresses' | 'routes'>, state: string): void {
  const { owner, settings, ports } = attachment, before = recorded(state, owner);
  if (before !== undefined && !before.whole) disconnect(owner, state, pathOf(attachment));
  using ns = openContainer(attachment.netns);
  using inside = openRoute({ netns: ns });
  if (settings.mode !== 'ports' && find(inside, owner.ifname))
    throw new NetlinkError('ERR_LINK_EXISTS', `the container has a link ${owner.ifname} already`);
  record(state, { owner, settings, netns: pathOf(attachment), namespace: identityOf(ns), ports });
}

/** Makes all that was begun. What fails is to be taken back by `disconnect`. */
export async function connect(attachment: Attachment, state: string): Promise<AttachedLinks> {
  const { owner, settings, addresses, ports, mac, shaping } = attachment, { mode, bridge } = settings, name = nameOf(owner);
  using ns = openContainer(attachment.netns);
  using host = openHost();
  using inside = openHost({ netns: ns });
  const bridged = mode === 'bridge' || mode === 'lan';
  const own = bridged ? await ensureBridge(host, settings, addresses, state) : undefined;
  makeLink(host.nl, name, { name: owner.ifname, netns: ns, mac }, settings, own);
  if (mode !== 'ports') inside.nl.sync.link.up(owner.ifname);
  const end = find(inside.nl, owner.ifname); // once: from here on it is meant by its index
  if (mode !== 'ports') {
    const lan = settings.probe ? await import('./lan.ts') : undefined;
    await lan?.checkFree(host, inside, owner.ifname, addresses);
    configure(inside.nl, end!, host.nl, name, attachment);
    await lan?.tellAll(inside, owner.ifname, addresses);
  }
  if (settings.masquerade || ports.length > 0) forward(addresses);
  const link = bridged ? bridge : mode === 'ptp' ? name : ports.length > 0 ? wayTo(host.nl, addresses) : undefined;
  if ((mode === 'ptp' || mode === 'ports') && ports.length > 0 && link !== undefined) setting(`net/ipv4/conf/${link}/route_localnet`, '1');
  const rules = translate(host.nft, state, { name, addresses, ports, link, masquerade: settings.masquerade });
  if (shaping) shape(host.nl, inside.nl, mode === 'ports' ? otherEnd(host.nl, inside.nl, owner.ifname) : name, owner.ifname, shaping);
  const made = { host: [...(bridged ? [bridge] : []), name].flatMap((one) => told(find(host.nl, one))), container: told(end)[0] };
  record(state, { owner, settings, netns: pathOf(attachment), namespace: identityOf(ns), ports, rules, whole: true }); // last: all that is left to do is to tell
  return made;
}

/** The link by which the host reaches a container that it has no bridge for; undefined where it does not. */
function wayTo(nl: RouteClient, addresses: readonly Address[]): string | undefined {
  const first = addresses[0]?.address.replace(/\/.*/, '');
  try {
    const { oif } = first === undefined ? {} : nl.sync.route.get(first);
    return oif === undefined ? undefined : nl.sync.link.get(oif, { stats: false }).name;
  } catch (error) {
    if ((error as NetlinkError).code === 'ENETUNREACH') return undefined;
    throw error;
  }
}

/** The host's end of a pair that a plugin before us has made. */
export function otherEnd(host: RouteClient, inside: RouteClient, ifname: string): string {
  const { link, kind } = inside.sync.link.get(ifname, { stats: false });
  if (kind !== 'veth' || link === undefined) throw new NetlinkError('ERR_NO_PAIR', `${ifname} is no pair of links: its bandwidth cannot be limited`);
  return host.sync.link.get(link, { stats: false }).name;
}

const pathOf = ({ netns: ref }: Pick<Attachment, 'netns'>): string | undefined => (typeof ref === 'string' ? ref : undefined);

const told = (link: Link | undefined): Attached[] => link === undefined ? [] : [{ name: link.name, mac: link.address, mtu: link.mtu }];

const identityOf = ({ dev, ino }: netns.Namespace): string => `${dev}:${ino}`;

/** The namespace of a container. Fails with ERR_OWN_NAMESPACE where it is the one we are in. */
export function openContainer(ref: netns.NamespaceRef): netns.Namespace {
  const ns = netns.open(ref);
  using own = netns.current();
  if (ns.dev !== own.dev || ns.ino !== own.ino) return ns;
  ns.close();
  throw new NetlinkError('ERR_OWN_NAMESPACE', `${String(ref)} is the host's own namespace`);
}

/**
 * Takes an attachment back with all that was made for it. What is gone already is no fault, nor is a namespace that no
 * longer exists: with it went all that was in it.
 */
export const detach = (owner: Owner, state: string, netnsPath?: string): Promise<void> =>
  aloneWith(state, owner, () => leave(owner, state, netnsPath));

async function leave(owner: Owner, state: string, netnsPath?: string): Promise<void> {
  const known = disconnect(owner, state, netnsPath);
  forget(state, owner);
  if (known !== undefined) await leaveBridge(known.settings, state);
}

/** The same for whoever is alone with the attachment already, without what several share; tells what is known, which stays written down. */
export function disconnect(owner: Owner, state: string, netnsPath?: string): AttachmentRecord | undefined {
  const known = recorded(state, owner), name = nameOf(owner), path = netnsPath || known?.netns;
  using host = openRoute();
  if (known !== undefined && path !== undefined) emptied(host, path, known);
  removeLink(host, name);
  untranslate(name, state);
  return known;
}

/** What an attachment has in the container's namespace. */
function emptied(host: RouteClient, path: string, { owner, namespace, settings: { mode, device } }: AttachmentRecord): void {
  if (mode === 'ports') return;
  let ns: netns.Namespace;
  try {
    ns = openContainer(path);
  } catch (error) {
    if (['ENOENT', 'ERR_NOT_A_NAMESPACE', 'ERR_OWN_NAMESPACE', 'ESRCH'].includes((error as NetlinkError).code)) return;
    throw error;
  }
  using _ns = ns;
  if (namespace !== undefined && namespace !== identityOf(ns)) return; // `/proc/PID/ns/net` of a number that is another's by now
  using inside = openRoute({ netns: ns });
  if (mode !== 'host-device') return removeLink(inside, owner.ifname);
  if (!find(inside, owner.ifname) || find(host, device!)) return;
  using own = netns.current();
  inside.sync.link.change(owner.ifname, { up: false });
  inside.sync.addr.flush(owner.ifname);
  inside.sync.link.change(owner.ifname, { netns: own, name: device! });
}

/** Takes back every attachment of a network that is not valid any more, and what killed processes have left; tells whose they were. */
export async function collect(network: string, valid: (owner: Owner) => boolean, state: string,
  end = (owner: Owner): Promise<void> => detach(owner, state)): Promise<Owner[]> {
  const gone = records(state, network).map(({ owner }) => owner).filter((owner) => !valid(owner));
  for (const owner of gone) await end(owner);
  sweepAttachments(state);
  return gone;
}
