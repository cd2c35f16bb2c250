import type { Namespace } from '../../netns/index.ts';
import type { RouteClient } from '../../open.ts';
import type { Link, LinkRef } from '../../route/index.ts';
import { NetlinkError } from '../../errors.ts';
import type { Settings } from './settings.ts';

/** The container's end as it is to be: in its namespace, under its final name, unless the engine sees to both. */
export interface Inside {
  readonly name: string;
  readonly netns?: Namespace | undefined;
  readonly mac?: string | undefined;
}

/** Makes the container's link, and the host's end of it, `name`, where there is one: at the bridge, if there is one of those. */
export function makeLink(host: RouteClient, name: string, { netns, mac, ...inside }: Inside, settings: Settings, bridge?: Link): void {
  const { mode, parent } = settings, mtu = settings.mtu === undefined ? {} : { mtu: settings.mtu };
  const place = netns === undefined ? {} : { netns }, address = mac === undefined ? {} : { address: mac };
  switch (mode) {
    case 'bridge':
    case 'lan':
      vethPair(host, name, { ...inside, ...place, ...mtu, ...address }, { ...mtu, master: bridge ?? settings.bridge });
      if (settings.hairpin) host.sync.link.change(name, { portKind: 'bridge', port: { hairpin: true } });
      if (settings.vlan !== undefined) {
        host.sync.vlan.delete(name, 1);
        host.sync.vlan.add(name, settings.vlan, { pvid: true, untagged: true });
      }
      return;
    case 'ptp':
      return vethPair(host, name, { ...inside, ...place, ...mtu, ...address }, mtu);
    case 'macvlan':
      needLink(host, 'parent', parent!);
      return host.sync.link.add({ ...inside, kind: mode, link: parent!, ...place, ...mtu, ...address, options: { mode: settings.macvlanMode } });
    case 'ipvlan': // has its parent's MAC address
      needLink(host, 'parent', parent!);
      return host.sync.link.add({ ...inside, kind: mode, link: parent!, ...place, ...mtu, options: { mode: settings.ipvlanMode } });
    case 'host-device':
      host.sync.link.change(needLink(host, 'device', settings.device!).index, { ...place, ...inside, up: false });
      return;
    case 'ports':
      return;
  }
}

type VethInput = { name: string; mtu?: number; address?: string; netns?: Namespace };

/** Both ends in one message. A host's end that a killed process or a dying namespace has left behind gives way. */
export function vethPair(host: RouteClient, name: string, peer: VethInput, own: { mtu?: number; master?: LinkRef }): void {
  for (let tries = 0; ; tries++) {
    try {
      return host.sync.link.add({ name, kind: 'veth', up: true, ...own, options: { peer } });
    } catch (error) {
      if ((error as NetlinkError).code !== 'EEXIST' || tries > 0 || !find(host, name)) throw error;
      removeLink(host, name);
    }
  }
}

export function needLink(nl: RouteClient, what: string, name: string) {
  const link = find(nl, name);
  if (!link) throw new NetlinkError('ENODEV', `${what} ${name}: there is no such link`);
  return link;
}

/** A link, or undefined where there is none. */
export function find(nl: RouteClient, name: string): Link | undefined {
  try {
    return nl.sync.link.get(name, { stats: false });
  } catch (error) {
    if ((error as NetlinkError).code === 'ENODEV') return undefined;
    throw error;
  }
}

/** Deletes a link, if it is there. */
export function removeLink(nl: RouteClient, name: string): void {
  try {
    nl.sync.link.delete(name);
  } catch (error) {
    if ((error as NetlinkError).code !== 'ENODEV') throw error;
  }
}
