import { ContainerError, PlanError } from '../errors.ts';
import { acceptSteps, routed, shownToIp } from '../forward/accept.ts';
import { probeStep } from '../forward/probe.ts';
import type { Host } from '../host.ts';
import { call, step } from '../plan/call.ts';
import type { Draft } from '../plan/draft.ts';
import type { OwnElement } from '../plan/own-arguments.ts';
import { makePlan, type Plan } from '../plan/plan.ts';
import { hostNameFor, openTarget, reopenTarget } from '../target/target.ts';
import { insideSteps, pairSteps } from './container-steps.ts';
import { hostSteps } from './host-steps.ts';
import { networksOf, type BridgeModeOptions, type Network } from './options.ts';
import { portSteps } from './port-steps.ts';
import { portElements, type PublishedPort } from './ports.ts';
import { readState, type Lease, type State } from './state.ts';
import { freeAddress } from './subnet.ts';

/** A container on a bridge. */
export interface BridgeAttachment {
  readonly bridge: string;
  /** The container's interface. */
  readonly name: string;
  /** Its other end, the port of the bridge. */
  readonly hostLink: string;
  /** With the prefix length: `172.30.0.2/16`. */
  readonly address: string;
  readonly gateway: string;
  readonly address6?: string | undefined;
  readonly gateway6?: string | undefined;
  readonly published: readonly PublishedPort[];
}

/**
 * Times that it is thought out anew because somebody else was faster, and what errors say so: the address is taken, the
 * bridge is there by now, or the table went with the last container.
 */
const tries = 20, outrun = new Set(['ERR_ADDRESS_TAKEN', 'EEXIST', 'ENOENT']);

/**
 * Attaches a container to a bridge as docker does to docker0: the bridge has the gateway's address, the container gets
 * an address, a veth pair and the default route; what it sends elsewhere is masqueraded, and published ports lead to
 * it. All that is missing is made; a second time, nothing is.
 *
 * Equivalent to `docker run --network NETWORK -p ...` for a container that runs already.
 */
export function attach(host: Host, options: BridgeModeOptions): Plan<BridgeAttachment> {
  let turn = 0;
  const { plan, apply } = makePlan('modes.bridge.attach', () => draft(host, options, turn));
  return {
    plan,
    async apply(how) {
      for (turn = 0; ; turn++) {
        try {
          return await apply(how);
        } catch (error) {
          if (!(error instanceof PlanError && outrun.has(error.code)) || turn === tries) throw error;
        }
      }
    },
  };
}

async function draft(host: Host, options: BridgeModeOptions, turn: number): Promise<Draft<BridgeAttachment>> {
  const { bridge, name = 'eth0', publish = [], mtu } = options, networks = networksOf(options);
  const target = await openTarget(options.container, host);
  try {
    const state = await readState(host.nft), hostLink = hostNameFor(target, name);
    const chosen = networks.map((network) => ({ ...network, ...choose(network, hostLink, state, turn) }));
    const [four, six] = chosen, ports = portElements(publish, four!.address, six?.address);
    const ways = await waysOut(host);
    const steps = [
      ...await hostSteps(host, bridge, networks, state, mtu),
      ...await acceptSteps(host, routed(bridge, { uplink: ways[0]?.uplink, families: networks.map(({ family }) => family), published: publish.length > 0, shown: shownToIp(host) }), options.whenDropped),
      ...await pairSteps(host, target, hostLink, options),
      ...chosen.filter(({ leased }) => !leased).map(({ element }) =>
        step(call('host', 'nat.lease', [element]), [call('host', 'nat.delete', [[element]])])),
      ...await insideSteps(target, name, chosen, options),
      ...await portSteps(host, hostLink, ports, state),
    ];
    // once something is to be done, it is tried whether packets get through; without a way out there is none to lose
    if (steps.length > 0 && options.whenDropped !== 'ignore' && options.defaultRoute !== false)
      steps.push(...chosen.flatMap(({ family, address, gateway }) => ways.filter((way) => way.family === family).slice(0, 1).map(({ to, uplink }) =>
        probeStep({ dev: name, from: address, gateway, to, bridge, uplink, way: 'routed' }))));
    const full = ({ address, subnet }: { address: string } & Network): string => `${address}/${subnet.length}`;
    return {
      places: { host, container: target.place }, steps, verify: target.verify, close: target.close,
      reopen: () => reopenTarget(options.container, target.place, host),
      result: () => ({
        bridge, name, hostLink, address: full(four!), gateway: four!.gateway,
        ...(six && { address6: full(six), gateway6: six.gateway }), published: publish,
      }),
    };
  } catch (error) {
    target.close();
    throw error;
  }
}

/** The host's own default routes, and whom packets that take them are addressed to in a trial. */
async function waysOut({ nl }: Host): Promise<{ family: 'ip' | 'ip6'; uplink: string | undefined; to: string }[]> {
  const routes = (await nl.route.list({ table: 'main', dst: 'default' })).filter(({ type = 'unicast', oif }) => type === 'unicast' && oif !== undefined);
  return Promise.all(routes.map(async ({ family, oif, gateway }) => ({
    family: family === 'inet6' ? 'ip6' : 'ip', uplink: (await nl.link.get(oif!, { stats: false })).name,
    to: gateway !== undefined && !gateway.startsWith('fe80:') ? gateway : family === 'inet6' ? '2000::1' : '203.0.113.1',
  } as const)));
}

/** The address that the container has already, the one that is asked for, or a free one. */
function choose({ family, subnet, gateway, wanted }: Network, link: string, state: State | undefined, turn: number):
  { address: string; leased: boolean; element: OwnElement } {
  const set: Lease['set'] = family === 'ip' ? 'leases4' : 'leases6', leases = (state?.leases ?? []).filter(({ what }) => what.set === set);
  const own = leases.find((lease) => lease.link === link)?.what.address;
  if (own !== undefined && wanted !== undefined && own !== wanted)
    throw new ContainerError('ERR_ATTACHED', `the container has ${own} already, not ${wanted}: detach it first`);
  // those who lost a race begin elsewhere than the others who lost it
  const start = turn === 0 ? 0n : BigInt(`0x${link.replace(/^\D*/, '').slice(-8) || '0'}`) * BigInt(turn);
  const taken = new Set([gateway, ...leases.map(({ what }) => what.address)]);
  const address = own ?? wanted ?? freeAddress(subnet, taken, start);
  if (address === undefined) throw new ContainerError('ERR_NO_ADDRESS', `all addresses of ${subnet.text} are taken`);
  return { address, leased: own !== undefined, element: { set, key: address, comment: link } };
}
