import type { RouteClient } from 'netlink-ts';

/** A user's own program: it makes sure of a bridge with an address, and tells what it did. */
export async function serveBridge(nl: RouteClient, name: string, address: string): Promise<string> {
  const bridge = await nl.link.ensure({ name, kind: 'bridge', address: '02:00:00:00:00:01', options: { stpState: 0 }, up: true });
  const { address: given } = await nl.addr.ensure(bridge, address);
  return `${bridge.name} is up and has ${given}`;
}
