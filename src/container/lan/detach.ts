import type { Link, LinkInput } from '../../route/link/message.ts';
import { bridgedComment, withoutAccepted } from '../forward/accept.ts';
import type { Host } from '../host.ts';
import { present } from '../plan/basic-calls.ts';
import { call, step, type Call, type Step } from '../plan/call.ts';
import { containerNs, named } from '../plan/link-name.ts';
import { makePlan, type Plan } from '../plan/plan.ts';
import type { Told } from '../plan/told.ts';
import { openTarget, reopenTarget, type ContainerRef, type Target } from '../target/target.ts';
import { belongingsOf } from './belongings.ts';
import { save } from './restore.ts';
import { withoutVlan } from './vlan.ts';

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
    ...(below && bridge ? await rejoinVlans(host, below, bridge) : []),
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

/** Puts a port that was made anew into the VLANs that it was in, and in no other. */
async function rejoinVlans({ nl }: Host, { name, index }: Link, bridge: Link): Promise<Call[]> {
  if (bridge.kind !== 'bridge' || !bridge.options?.vlanFiltering) return [];
  const { vlanDefaultPvid } = bridge.options, all = await nl.vlan.list({ dev: index });
  return [
    ...(vlanDefaultPvid ? [call('host', 'vlan.delete', [name, vlanDefaultPvid], ['ENOENT'])] : []),
    ...all.map(({ vid, vidEnd, pvid, untagged }) => call('host', 'vlan.add', [name, vidEnd === undefined ? vid : { from: vid, to: vidEnd }, { pvid, untagged }])),
  ];
}

const pairOf = (link: Link, below: Link | undefined, bridge: Link | undefined): Told<LinkInput> => ({
  name: below?.name, kind: 'veth', address: below?.address, mtu: below?.mtu, up: true, ...(bridge && { master: named(bridge.name) }),
  options: { peer: { name: link.name, netns: containerNs, address: link.address, mtu: link.mtu } },
});

function upperOf(link: Link, below: Link | undefined): Told<LinkInput> {
  const { name, mtu, address } = link, common = { name, netns: containerNs, mtu, ...(below && { link: named(below.name) }) };
  switch (link.kind) {
    case 'ipvlan': return { ...common, kind: link.kind, options: { mode: link.options?.mode } };
    case 'macvlan': return { ...common, kind: link.kind, address, options: { mode: link.options?.mode } };
    default: return { ...common, kind: String(link.kind), address };
  }
}
