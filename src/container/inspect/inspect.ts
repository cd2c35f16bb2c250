import { engineContainer, type EngineContainer } from '../engine/index.ts';
import type { Host } from '../host.ts';
import { readState } from '../modes/state.ts';
import { openTarget, type ContainerRef } from '../target/target.ts';
import { natOf } from './nat.ts';
import { pathsOf, type InterfacePath } from './path.ts';
import type { NatRule } from './rules.ts';
import { ownerOf } from './sharing.ts';

/** How a container is joined to the network; `lan` is an address of its own on the host's LAN. */
export type Mode = 'host' | 'none' | 'container' | 'bridge' | 'lan';

/** The network of a container that runs. */
export interface Inspection {
  readonly mode: Mode;
  readonly pid: number | undefined;
  /** Device and inode of its namespace. */
  readonly namespace: { readonly dev: number; readonly ino: number };
  /** In mode `container`: the first process of the container whose network it shares. */
  readonly sharedWith?: number | undefined;
  /** Its interfaces, and where they lead. In mode `host`, those of the host. */
  readonly interfaces: readonly InterfacePath[];
  readonly gateways: readonly string[];
  /** NAT rules of the host that are about its addresses, whoever wrote them. */
  readonly rules: readonly NatRule[];
  /** What the engine says, where it was asked. */
  readonly engine?: EngineContainer | undefined;
}

/**
 * Tells how a container that runs is joined to the network, and its path to the outside: namespace, veth peer, bridge,
 * uplink, NAT rules. All of it is asked from the kernel, so it does not matter who made the network.
 */
export async function inspect(host: Host, container: ContainerRef): Promise<Inspection> {
  const engine = 'docker' in container ? await engineContainer(container.docker, { socket: container.socket }) : undefined;
  const target = await openTarget(container, host);
  try {
    const { place, pid } = target, { dev, ino } = place.ns;
    const gateways = (await place.nl.route.list()).flatMap(({ dst, gateway }) =>
      (gateway !== undefined && (dst === undefined || dst === 'default') ? [gateway] : []));
    const interfaces = await pathsOf(host, place, gateways);
    const found = { pid, namespace: { dev, ino }, interfaces, gateways, ...(engine && { engine }) };
    if (dev === host.ns.dev && ino === host.ns.ino) return { mode: 'host', ...found, rules: [] };

    const addresses = interfaces.flatMap((one) => one.addresses.map(bare));
    const rules = await natOf(host, await readState(host.nft).catch(() => undefined), addresses);
    const owner = pid === undefined ? undefined : ownerOf(pid, ino);
    return owner === undefined ? { mode: modeOf(interfaces, gateways), ...found, rules }
      : { mode: 'container', sharedWith: owner, ...found, rules };
  } finally {
    target.close();
  }
}

/** On a bridge of docker's sort the gateway is the bridge itself; on the LAN it is another machine. */
function modeOf(interfaces: readonly InterfacePath[], gateways: readonly string[]): Mode {
  if (interfaces.length === 0) return 'none';
  const bridged = interfaces.filter(({ bridge }) => bridge !== undefined);
  const local = bridged.flatMap(({ bridge }) => bridge!.addresses.map(bare));
  const isolated = gateways.length === 0 && local.length > 0 && bridged.every(({ uplinks }) => uplinks.length === 0);
  return isolated || gateways.some((gateway) => local.includes(gateway)) ? 'bridge' : 'lan';
}

const bare = (address: string): string => address.split('/')[0]!;
