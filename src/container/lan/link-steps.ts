import { ArgumentError } from '../../errors.ts';
import { ContainerError } from '../errors.ts';
import type { Host } from '../host.ts';
import { present } from '../plan/basic-calls.ts';
import { call, step, type Step } from '../plan/call.ts';
import { containerNs, named } from '../plan/link-name.ts';
import { vlanAlias } from './vlan.ts';
import { randomMac, type AttachOptions, type Wanted } from './attach-options.ts';

interface Made {
  readonly steps: readonly Step[];
  /** The container's MAC address. */
  readonly mac: string;
  /** The host's link on which the LAN can be asked before anything is made; none where that is in another VLAN. */
  readonly probed: string | undefined;
}

/** The steps that make the container's interface, in its namespace and with its name from the beginning. */
export async function linkSteps(host: Host, options: AttachOptions, wanted: Wanted, hostLink: string | undefined): Promise<Made> {
  const { bridge, parent } = options;
  if (bridge !== undefined) return vethSteps(host, options, wanted, bridge, hostLink!);
  return upperSteps(host, options, wanted, parent!);
}

async function vethSteps({ nl }: Host, { vlan, mtu }: AttachOptions, { name, mac }: Wanted, bridge: string, hostLink: string): Promise<Made> {
  const link = await nl.link.get(bridge, { stats: false }), ends = mtu === undefined ? {} : { mtu }, hostMac = randomMac(0xfe);
  if (link.kind !== 'bridge') throw new ArgumentError(`lan.attach: ${bridge} is no bridge`);
  if (vlan !== undefined && !link.options?.vlanFiltering)
    throw new ContainerError('ERR_VLAN', `lan.attach: the bridge ${bridge} does not filter VLANs: turn that on (vlan_filtering 1), or give the uplink as parent`);
  const pvid = vlan === undefined ? undefined : link.options?.vlanDefaultPvid;
  return {
    mac, probed: vlan === undefined ? bridge : undefined,
    steps: [
      step(call('host', 'link.waitGone', [hostLink]), [], 'the end of a pair outlives a container by a moment'),
      step(call('host', 'link.add', [{
        name: hostLink, kind: 'veth', master: named(bridge), address: hostMac, ...ends, up: true,
        options: { peer: { name, netns: containerNs, address: mac, ...ends } },
      }]), [call('host', 'link.remove', [hostLink, hostMac])]),
      ...(pvid ? [step(call('host', 'vlan.delete', [hostLink, pvid]))] : []),
      ...(vlan === undefined ? [] : [step(call('host', 'vlan.add', [hostLink, vlan, { pvid: true, untagged: true }]))]),
    ],
  };
}

/** A macvlan or ipvlan upon the uplink, or upon a VLAN of it. */
async function upperSteps({ nl }: Host, { vlan, mtu }: AttachOptions, { name, mac, kind }: Wanted, parent: string): Promise<Made> {
  const uplink = await nl.link.get(parent, { stats: false }), under = vlan === undefined ? parent : `${parent}.${vlan}`;
  const there = vlan === undefined || await present(nl, under);
  const own = kind === 'ipvlan' ? uplink.address! : mac;
  return {
    mac: own, probed: vlan === undefined ? parent : undefined,
    steps: [
      ...(there ? [] : [step(call('host', 'link.add', [{ name: under, kind: 'vlan', link: named(parent), up: true, alias: vlanAlias, options: { id: vlan } }]),
        [call('host', 'vlan.release', [under, uplink.address!])])]),
      // so that detach can look whether anybody is left on the VLAN
      ...(vlan === undefined ? [] : [step(call('host', 'nsid.set', [containerNs, 'auto'], ['EEXIST']), [], 'the container is among those that are asked who uses the VLAN')]),
      step(call('host', 'link.add', [{
        name, link: named(under), netns: containerNs, mtu,
        ...(kind === 'ipvlan' ? { kind, options: { mode: 'l2' } } as const : { kind: 'macvlan', address: mac, options: { mode: 'bridge' } } as const),
      }]), [call('container', 'link.remove', [name, own])]),
    ],
  };
}
