import { readFileSync, writeFileSync } from 'node:fs';
import { NetlinkError } from '../../errors.ts';
import { openHost, type Host } from '../../container/host.ts';
import type { Link } from '../../route/index.ts';
import { alone, sweep } from '../pool/lock.ts';
import { digest } from './digest.ts';
import { find, needLink, removeLink } from './links.ts';
import { patiently } from './nat.ts';
import { bridgeLock, records } from './record.ts';
import type { Address } from './request.ts';
import type { Settings } from './settings.ts';

/** A MAC address of the bridge's own: without one it would change with its ports, and neighbours keep the old. */
const macOf = (bridge: string): string =>
  `02:${digest(bridge, 10).match(/../g)!.join(':')}`;

/** Makes sure of the bridge of a network, whoever else does the same at this moment; gives it as it is then. */
export async function ensureBridge(host: Host, settings: Settings, addresses: readonly Address[], state: string): Promise<Link> {
  const { bridge, parent, mode, gateway, mtu } = settings, { nl } = host;
  if (mode === 'lan') await (await import('./uplink.ts')).bridgeUplink(host, bridge, parent, state);
  const link = mode === 'lan' ? needLink(nl, 'bridge', bridge)
    : await alone(bridgeLock(state, bridge), async () => nl.sync.link.ensure({ name: bridge, kind: 'bridge', up: true, ...(find(nl, bridge) ? {} : { address: macOf(bridge) }),
      ...(mtu === undefined ? {} : { mtu }), options: { stpState: 0 } }));
  if (settings.vlan !== undefined && !(link.options as { vlanFiltering?: boolean } | undefined)?.vlanFiltering)
    throw new NetlinkError('ERR_VLAN', `vlan ${settings.vlan}: the bridge ${bridge} does not filter VLANs (ip link set ${bridge} type bridge vlan_filtering 1)`);
  if (gateway) for (const { address, gateway: at } of addresses) {
    if (at === undefined) continue;
    nl.sync.addr.replace(link, { address: `${at}/${address.split('/')[1]}`, ...(at.includes(':') ? { flags: { nodad: true } } : {}) });
    setting(`net/ipv4/conf/${bridge}/route_localnet`, '1');
  }
  if (isFiltered(host)) await (await import('./forwarded.ts')).letThrough(host, bridge, state, mode === 'lan' ? 'bridged' : 'routed');
  return link;
}

/**
 * A bridge that was made here goes with its last container: most engines tell of no other end of a network. Whoever is
 * about to use it has written that down before he asks for it, and is seen.
 */
export async function leaveBridge({ mode, bridge }: Settings, state: string): Promise<void> {
  if (mode !== 'bridge') return;
  using host = openHost();
  const link = find(host.nl, bridge);
  if (link === undefined) return sweep(bridgeLock(state, bridge));
  if (link.address !== macOf(bridge) || !isBare(host, link.index)) return;
  await alone(bridgeLock(state, bridge), async () => {
    if (!isBare(host, link.index) || records(state).some(({ settings }) => settings.bridge === bridge)) return;
    if (isFiltered(host)) await (await import('./forwarded.ts')).letThroughNoMore(host, bridge);
    removeLink(host.nl, bridge);
  });
}

/** Whether anybody has rules for what is forwarded; what they do to a container's packets is judged by what is loaded only then. */
const isFiltered = ({ nft }: Host): boolean =>
  patiently(() => nft.sync.chain.list()).some(({ hook, type }) => hook === 'forward' && type === 'filter');

const isBare = ({ nl }: Host, bridge: number): boolean => nl.sync.link.list({ master: bridge, stats: false }).length === 0;

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
