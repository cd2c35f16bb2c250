import type { Link } from '../../route/link/message.ts';
import { routedComment, withoutAccepted } from '../forward/accept.ts';
import type { Host } from '../host.ts';
import { present } from '../plan/basic-calls.ts';
import { call, step, type Step } from '../plan/call.ts';
import type { Draft } from '../plan/draft.ts';
import type { OwnElement } from '../plan/own-arguments.ts';
import { makePlan, type Plan } from '../plan/plan.ts';
import { hostNameFor, openTarget, reopenTarget, type ContainerRef } from '../target/target.ts';
import { hairpin } from './container-steps.ts';
import { inputOf, withoutBridge } from './host-steps.ts';
import { dropPorts } from './port-steps.ts';
import { readState, type State } from './state.ts';

export interface BridgeModeDetachOptions {
  readonly container: ContainerRef;
  /** The container's interface; eth0 unless given. */
  readonly name?: string | undefined;
  /** True leaves the bridge where the last container goes. */
  readonly keepBridge?: boolean | undefined;
}

/**
 * Takes a container from the bridge that `attach` put it on: its interface, address and published ports go, with the
 * connections that came by them. With the last container go the bridge, if we made it, and then the rules; the host's
 * settings become what they were. Where there is nothing to do, nothing is done.
 */
export const detach = (host: Host, options: BridgeModeDetachOptions): Plan<void> => makePlan('modes.bridge.detach', async () => {
  const { container, name = 'eth0', keepBridge = false } = options, target = await openTarget(container, host);
  try {
    const state = await readState(host.nft), hostLink = hostNameFor(target, name);
    const link = await present(host.nl, hostLink), inside = await present(target.place.nl, name);
    const steps: Step[] = state === undefined ? [] : releaseSteps(state, new Set([hostLink]));
    if (link !== undefined && inside !== undefined) steps.push(await unplugged(host, target.place, link, inside));
    if (state !== undefined && !keepBridge && link?.master !== undefined)
      steps.push(...await emptied(host, state, (await host.nl.link.get(link.master)).name, new Set([hostLink])));
    return {
      places: { host, container: target.place }, steps, verify: target.verify, close: target.close,
      reopen: () => reopenTarget(container, target.place, host), result: () => undefined,
    } satisfies Draft<void>;
  } catch (error) {
    target.close();
    throw error;
  }
});

/**
 * Gives back what containers had that ended without being detached: addresses, published ports, and bridges of ours on
 * which nobody is left.
 */
export const prune = (host: Host): Plan<void> => makePlan('modes.bridge.prune', async () => {
  const state = await readState(host.nft), steps: Step[] = [];
  if (state !== undefined) {
    const links = new Set((await host.nl.link.list()).map(({ name }) => name));
    const gone = new Set([...state.leases, ...state.ports].map(({ link }) => link).filter((link) => !links.has(link)));
    steps.push(...releaseSteps(state, gone));
    let rest = state;
    for (const { name } of state.bridges) {
      const more = await emptied(host, rest, name, gone);
      steps.push(...more);
      if (more.length > 0) rest = { ...rest, bridges: rest.bridges.filter((one) => one.name !== name) };
    }
  }
  return { places: { host }, steps, close() {}, result: () => undefined } satisfies Draft<void>;
});

/** Takes back the ports and addresses of links. */
function releaseSteps(state: State, links: ReadonlySet<string>): Step[] {
  const steps = [...links].flatMap((link) => dropPorts(link, state.ports.filter((port) => port.link === link).map(({ what }) => what)));
  const leases = state.leases.filter(({ link }) => links.has(link)).map(({ link, what }): OwnElement => ({ set: what.set, key: what.address, comment: link }));
  if (leases.length > 0) steps.push(step(call('host', 'nat.delete', [leases]), [call('host', 'nat.add', [leases], ['EEXIST'])]));
  return steps;
}

/** Deletes the pair; should it come back, so do the addresses and routes that the container had by it. */
async function unplugged({ nl }: Host, container: Host, link: Link, inside: Link): Promise<Step> {
  const bridge = link.master === undefined ? undefined : (await nl.link.get(link.master)).name;
  const addresses = (await container.nl.addr.list({ dev: inside.index })).filter(({ address }) => !address?.startsWith('fe80:'));
  const routes = (await container.nl.route.list()).filter((route) => route.oif === inside.index && route.gateway !== undefined);
  const pair = { name: link.name, address: link.address, mtu: link.mtu, ...(bridge === undefined ? {} : { master: bridge }) };
  return step(call('host', 'link.delete', [link.name]), [
    call('container', 'veth.restore', [{ ...pair, up: true }, { name: inside.name, address: inside.address, mtu: inside.mtu }]),
    call('host', 'link.change', [link.name, hairpin]),
    call('container', 'link.change', [inside.name, { up: true }]),
    ...addresses.map(({ address }) => call('container', 'addr.add', [inside.name, inputOf(address!)], ['EEXIST'])),
    ...routes.map(({ dst, gateway }) => call('container', 'route.add', [{ dst: dst ?? 'default', gateway, dev: inside.name }], ['EEXIST'])),
  ]);
}

/** What goes with the last container of a bridge. */
async function emptied(host: Host, state: State, bridge: string, gone: ReadonlySet<string>): Promise<Step[]> {
  const own = state.bridges.find(({ name }) => name === bridge);
  if (own === undefined) return [];
  const link = await present(host.nl, bridge);
  const ports = link === undefined ? [] : (await host.nl.link.list({ master: link.index })).filter(({ name }) => !gone.has(name));
  return ports.length > 0 ? [] : [...await withoutAccepted(host, routedComment(bridge)), ...await withoutBridge(host, own, state)];
}
