import type { Owner } from '../../schema/codec.ts';
import { dropNeighs } from './connected.ts';
import { linkGroup, reportLink, tellLink } from './link-report.ts';
import { refuse } from './refusal.ts';
import { announce, type FakeLink } from './state.ts';

const RTM_DELLINK = 17;

/** What a new bridge says of itself. */
export const bridgeDefaults = (): Owner => ({
  forwardDelay: 15, helloTime: 2, maxAge: 20, ageingTime: 300, stpState: 0, priority: 32768, groupFwdMask: 0, mcastSnooping: true,
});

/** Seconds that some times may have; the forward delay only while the spanning tree is on. */
const limits: { readonly [option: string]: readonly [number, number] } = { helloTime: [1, 10], maxAge: [6, 40], forwardDelay: [2, 30] };

/** IFLA_INFO_DATA of a bridge, in the kernel's order: what came before a refusal stays. */
export function changeBridge(bridge: FakeLink, options: Owner): void {
  for (const key of new Set(['forwardDelay', 'helloTime', 'maxAge', 'ageingTime', 'stpState', ...Object.keys(options)])) {
    const value = options[key];
    if (value === undefined || key === 'unknown') continue;
    const [least, most] = limits[key] ?? [-Infinity, Infinity];
    const bound = key !== 'forwardDelay' || bridge.options['stpState'] !== 0;
    if (bound && !((value as number) >= least && (value as number) <= most)) refuse('ERANGE');
    bridge.options[key] = key === 'stpState' && value !== 0 ? 1 : value;
    if (key === 'stpState' && value !== 0) bridge.options['forwardDelay'] = Math.min(30, Math.max(2, bridge.options['forwardDelay'] as number));
  }
}

export const portsOf = (bridge: FakeLink): FakeLink[] => [...bridge.space.links.values()].filter(({ master }) => master === bridge.index);

/** Nobody chose them: the address of a bridge is its ports' lowest, its MTU their smallest. */
export function follow(bridge: FakeLink): void {
  const ports = portsOf(bridge), { address } = bridge, was = `${address} ${bridge.mtu}`;
  if (!bridge.ownAddress) bridge.address = ports.map(({ address }) => address).sort()[0] ?? '00:00:00:00:00:00';
  if (bridge.address !== address) dropNeighs(bridge);
  if (!bridge.ownMtu) bridge.mtu = ports.length === 0 ? 1500 : Math.min(...ports.map(({ mtu }) => mtu));
  if (was !== `${bridge.address} ${bridge.mtu}`) tellLink(bridge);
}

/** The bridge that a link is a port of. */
export const bridgeOf = (link: FakeLink): FakeLink | undefined => {
  const master = link.master === undefined ? undefined : link.space.links.get(link.master);
  return master?.kind === 'bridge' ? master : undefined;
};

/** Takes a link out of its bridge, if it is in one; that is an event of the family `bridge`. */
export function leaveBridge(link: FakeLink): void {
  const bridge = bridgeOf(link);
  link.master = undefined;
  if (!bridge) return;
  follow(bridge);
  announce(link.space, linkGroup, RTM_DELLINK, { ...reportLink(link), family: 'bridge', master: bridge.index });
}
