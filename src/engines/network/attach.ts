import { NetlinkError } from '../../errors.ts';
import * as netns from '../../netns/index.ts';
import { openRoute, type RouteClient } from '../../open.ts';
import { ensureBridge, find, forward, setting } from './bridge.ts';
import { configure } from './configure.ts';
import { makeLink, removeLink } from './links.ts';
import { translate, untranslate } from './nat.ts';
import { forget, nameOf, record, recorded, records, type AttachmentRecord } from './record.ts';
import type { Attachment, Owner } from './request.ts';
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
 * Connects a container to a network. Fails with ERR_LINK_EXISTS where it has a link of that name, and leaves nothing
 * behind where anything fails. A process that is killed in the midst leaves a record, by which `detach` clears up.
 */
export function attach(attachment: Attachment, state: string): AttachedLinks {
  const { owner, settings, addresses, ports, shaping } = attachment, name = nameOf(owner);
  using ns = openContainer(attachment.netns);
  using host = openRoute();
  using inside = openRoute({ netns: ns });
  const chained = settings.mode === 'ports';
  if (!chained && find(inside, owner.ifname))
    throw new NetlinkError('ERR_LINK_EXISTS', `the container has a link ${owner.ifname} already`);
  const path = typeof attachment.netns === 'string' ? attachment.netns : undefined;
  record(state, { owner, settings, netns: path, ports });
  try {
    const bridged = settings.mode === 'bridge' || settings.mode === 'lan';
    if (bridged) ensureBridge(host, settings, addresses);
    makeLink(host, ns, name, attachment);
    if (!chained) configure(inside, host, name, attachment);
    if (settings.masquerade || ports.length > 0) forward(addresses);
    const link = bridged ? settings.bridge : settings.mode === 'ptp' ? name : settings.parent ?? 'lo';
    if (settings.mode === 'ptp' && ports.length > 0) setting(`net/ipv4/conf/${name}/route_localnet`, '1');
    translate({ name, addresses, ports, link, masquerade: settings.masquerade });
    if (shaping) shape(host, inside, name, owner.ifname, shaping);
    return links(host, inside, [...(bridged ? [settings.bridge] : []), name], owner.ifname);
  } catch (error) {
    detach(owner, state, path);
    throw error;
  }
}

function links(host: RouteClient, inside: RouteClient, names: readonly string[], ifname: string): AttachedLinks {
  const seen = (nl: RouteClient, name: string): Attached[] => {
    const link = find(nl, name);
    return link ? [{ name, mac: link.address, mtu: link.mtu }] : [];
  };
  return { host: names.flatMap((name) => seen(host, name)), container: seen(inside, ifname)[0] };
}

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
export function detach(owner: Owner, state: string, netnsPath?: string): void {
  const known = recorded(state, owner), name = nameOf(owner), path = netnsPath || known?.netns;
  using host = openRoute();
  if (known !== undefined && path !== undefined) emptied(host, path, known);
  removeLink(host, name);
  untranslate(name);
  forget(state, owner);
}

/** What an attachment has in the container's namespace. */
function emptied(host: RouteClient, path: string, { owner, settings: { mode, device } }: AttachmentRecord): void {
  if (mode === 'ports') return;
  let ns: netns.Namespace;
  try {
    ns = openContainer(path);
  } catch (error) {
    if (['ENOENT', 'ERR_NOT_A_NAMESPACE', 'ERR_OWN_NAMESPACE', 'ESRCH'].includes((error as NetlinkError).code)) return;
    throw error;
  }
  using _ns = ns;
  using inside = openRoute({ netns: ns });
  if (mode !== 'host-device') return removeLink(inside, owner.ifname);
  if (!find(inside, owner.ifname) || find(host, device!)) return;
  using own = netns.current();
  inside.sync.link.change(owner.ifname, { up: false });
  inside.sync.addr.flush(owner.ifname);
  inside.sync.link.change(owner.ifname, { netns: own, name: device! });
}

/** Takes back every attachment of a network that is not valid any more; tells whose they were. */
export function collect(network: string, valid: (owner: Owner) => boolean, state: string): Owner[] {
  const gone = records(state, network).filter(({ owner }) => !valid(owner));
  for (const { owner, netns: path } of gone) detach(owner, state, path);
  return gone.map(({ owner }) => owner);
}
