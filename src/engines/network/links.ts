import type { Namespace } from '../../netns/index.ts';
import type { RouteClient } from '../../open.ts';
import { NetlinkError } from '../../errors.ts';
import { find } from './bridge.ts';
import type { Attachment } from './request.ts';

/** Makes the container's link in its namespace, under its final name, and the host's end of it where there is one. */
export function makeLink(host: RouteClient, ns: Namespace, name: string, { owner: { ifname }, settings, mac }: Attachment): void {
  const { mode, mtu, parent } = settings, own = { ...(mtu === undefined ? {} : { mtu }) };
  const inside = { ...own, ...(mac === undefined ? {} : { address: mac }) };
  switch (mode) {
    case 'bridge':
    case 'lan':
      vethPair(host, name, { netns: ns, name: ifname, ...inside }, { ...own, master: settings.bridge });
      if (settings.hairpin) host.sync.link.change(name, { portKind: 'bridge', port: { hairpin: true } });
      if (settings.vlan !== undefined) {
        host.sync.vlan.delete(name, 1);
        host.sync.vlan.add(name, settings.vlan, { pvid: true, untagged: true });
      }
      return;
    case 'ptp':
      return vethPair(host, name, { netns: ns, name: ifname, ...inside }, own);
    case 'macvlan':
    case 'ipvlan':
      needLink(host, 'parent', parent!);
      return mode === 'macvlan'
        ? host.sync.link.add({ name: ifname, kind: mode, link: parent!, netns: ns, ...inside, options: { mode: settings.macvlanMode } })
        : host.sync.link.add({ name: ifname, kind: mode, link: parent!, netns: ns, ...own, options: { mode: settings.ipvlanMode } });
    case 'host-device': {
      const device = needLink(host, 'device', settings.device!);
      host.sync.link.change(device.index, { netns: ns, name: ifname, up: false });
      return;
    }
    case 'ports':
      return;
  }
}

type VethInput = { name: string; mtu?: number; address?: string; netns?: Namespace };

/** Both ends in one message. A host's end that a killed process or a dying namespace has left behind gives way. */
export function vethPair(host: RouteClient, name: string, peer: VethInput, own: { mtu?: number; master?: string }): void {
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

/** Deletes a link, if it is there. */
export function removeLink(nl: RouteClient, name: string): void {
  try {
    nl.sync.link.delete(name);
  } catch (error) {
    if ((error as NetlinkError).code !== 'ENODEV') throw error;
  }
}
