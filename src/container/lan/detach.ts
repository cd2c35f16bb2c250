import { bridgedComment, withoutAccepted } from '../forward/accept.ts';
import type { Host } from '../host.ts';
import { present } from '../plan/basic-calls.ts';
import { call, step, type Step } from '../plan/call.ts';
import { containerNs, named } from '../plan/link-name.ts';
import { makePlan, type Plan } from '../plan/plan.ts';
import { openTarget, reopenTarget, type ContainerRef, type Target } from '../target/target.ts';
import { belongingsOf } from './belongings.ts';
import { save } from './restore.ts';
import { withoutVlan } from './vlan.ts';
import type { Link } from '../../route/link/message.ts';

export interface DetachOptions {
  readonly container: ContainerRef;
  /** `eth1` unless given. */
  readonly name?: string | undefined;
}

/**
 * Takes the interface away that `lan.attach` gave a container; with it go its addresses and routes, and with the last
 * container of a bridge the rule that accepts what stays within, with the last one of a VLAN the link `PARENT.VLAN` if
 * `lan.attach` made it. Where there is no such interface, nothing is done.
 *
 * Equivalent to `ip -n NAMESPACE link delete dev eth1`.
 */
export const detach = (host: Host, options: DetachOptions): Plan<void> => makePlan('lan.detach', async () => {
  const target = await openTarget(options.container, host);
  try {
    return {
      places: { host, container: target.place },
      steps: await stepsOf(host, target, options.name ?? 'eth1'),
      result: () => {},
      verify: () => target.verify(),
      reopen: () => reopenTarget(options.container, target.place, host),
      close: () => target.close(),
    };
  } catch (error) {
    target.close();
    throw error;
  }
});

async function stepsOf(host: Host, { place }: Target, name: string): Promise<Step[]> {
  const link = await present(place.nl, name);
  if (!link) return [];
  const links = await host.nl.link.list({ stats: false }), below = links.find(({ index }) => index === link.link);
  const bridge = links.find(({ index }) => index === below?.master);
  const again = [
    call('host', 'link.add', [link.kind === 'veth' ? pairOf(link, below, bridge) : upperOf(link, below)], ['EEXIST']),
    call('container', 'link.change', [name, { up: true }]),
    call('container', 'lan.restore', [save(await belongingsOf(place.nl, link), name, link.index)]),
  ];
  // the uplink of a bridge that lan.bridge has made has its MAC address
  const others = links.filter((other) => other.kind === 'veth' && other.master === bridge?.index &&
    other.index !== below?.index && other.address !== bridge?.address);
  return [
    step(call('container', 'link.delete', [name]), again),
    ...(below === undefined ? [] : await withoutVlan(host, below, place, name)),
    ...(bridge === undefined || others.length > 0 ? [] : await withoutAccepted(host, bridgedComment(bridge.name))),
  ];
}

const pairOf = (link: Link, below: Link | undefined, bridge: Link | undefined) => ({
  name: below?.name, kind: 'veth', address: below?.address, mtu: below?.mtu, up: true, ...(bridge && { master: named(bridge.name) }),
  options: { peer: { name: link.name, netns: containerNs, address: link.address, mtu: link.mtu } },
});

const upperOf = (link: Link, below: Link | undefined) => ({
  name: link.name, kind: link.kind, netns: containerNs, mtu: link.mtu, ...(below && { link: named(below.name) }),
  ...(link.kind === 'ipvlan' ? {} : { address: link.address }), options: { mode: (link.options as { mode?: unknown } | undefined)?.mode },
});
