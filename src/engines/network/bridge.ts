import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { NetlinkError } from '../../errors.ts';
import type { RouteClient } from '../../open.ts';
import { letThrough } from './nat.ts';
import type { Address } from './request.ts';
import type { Settings } from './settings.ts';

/** A MAC address of the bridge's own: without one it would change with its ports, and neighbours keep the old. */
const macOf = (bridge: string): string =>
  `02:${createHash('sha256').update(bridge).digest('hex').slice(0, 10).match(/../g)!.join(':')}`;

/** Makes sure of the bridge of a network, whoever else does the same at this moment. */
export function ensureBridge(nl: RouteClient, settings: Settings, addresses: readonly Address[]): void {
  const { bridge, parent, mode, gateway, mtu } = settings;
  if (mode === 'lan') ensureLan(nl, bridge, parent);
  else nl.sync.link.ensure({ name: bridge, kind: 'bridge', up: true, ...(find(nl, bridge) ? {} : { address: macOf(bridge) }),
    ...(mtu === undefined ? {} : { mtu }), options: { stpState: 0 } });
  if (gateway) for (const { address, gateway: at } of addresses) {
    if (at === undefined) continue;
    nl.sync.addr.replace(bridge, { address: `${at}/${address.split('/')[1]}`, ...(at.includes(':') ? { flags: { nodad: true } } : {}) });
    setting(`net/ipv4/conf/${bridge}/route_localnet`, '1');
  }
  letThrough(bridge);
}

/**
 * The bridge upon an uplink is there, or the uplink has no addresses: then it becomes a port of a new one, which takes
 * its MAC address. An uplink with addresses is moved by a plan that can be undone, not in passing.
 */
function ensureLan(nl: RouteClient, bridge: string, parent: string | undefined): void {
  if (find(nl, bridge)?.kind === 'bridge') return;
  const uplink = parent === undefined ? undefined : find(nl, parent);
  if (uplink === undefined)
    throw new NetlinkError('ENODEV', parent === undefined ? `there is no bridge ${bridge}, and no parent is given to build it upon`
      : `parent ${parent}: there is no such link`);
  if (nl.sync.addr.list({ dev: uplink.index, scope: 'global' }).length > 0)
    throw new NetlinkError('ERR_UPLINK_HAS_ADDRESSES', `there is no bridge ${bridge}, and ${parent} has addresses: move them to a bridge first, with lan.bridge of netlink-ts/container`);
  nl.sync.link.ensure({ name: bridge, kind: 'bridge', up: true, address: uplink.address, options: { stpState: 0 } });
  nl.sync.link.change(uplink.index, { master: bridge, up: true });
}

/** A link, or undefined where there is none. */
export function find(nl: RouteClient, name: string) {
  try {
    return nl.sync.link.get(name, { stats: false });
  } catch (error) {
    if ((error as NetlinkError).code === 'ENODEV') return undefined;
    throw error;
  }
}

/** Turns forwarding on for the families of these addresses. */
export function forward(addresses: readonly Address[]): void {
  if (addresses.some(({ address }) => !address.includes(':'))) setting('net/ipv4/ip_forward', '1');
  if (addresses.some(({ address }) => address.includes(':'))) setting('net/ipv6/conf/all/forwarding', '1');
}

/** Writes a setting of this namespace, where it is another. */
export function setting(name: string, value: string): void {
  const path = `/proc/sys/${name}`;
  if (readFileSync(path, 'utf8').trim() !== value) writeFileSync(path, value);
}
