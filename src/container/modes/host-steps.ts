import { createHash } from 'node:crypto';
import type { AddrInput } from '../../route/addr/message.ts';
import type { LinkInput } from '../../route/link/message.ts';
import { ContainerError } from '../errors.ts';
import type { Host } from '../host.ts';
import { call, step, type Step } from '../plan/call.ts';
import { present } from '../plan/basic-calls.ts';
import type { OwnElement } from '../plan/own-arguments.ts';
import type { Network } from './options.ts';
import { bridgeComment, type OwnBridge, type State } from './state.ts';
import { overlap, subnetOf } from './subnet.ts';

/** What the host must do for packets to be forwarded, by family. The numbers are keys of our set `settings`. */
const forwarding = { ip: ['1', 'net/ipv4/ip_forward'], ip6: ['2', 'net/ipv6/conf/all/forwarding'] } as const;

/** A MAC address of the bridge's own: without one it would change with its ports. */
const macOf = (bridge: string): string =>
  `02:${createHash('sha256').update(bridge).digest('hex').slice(0, 10).match(/../g)!.join(':')}`;

const localnet = (bridge: string): string => `net/ipv4/conf/${bridge}/route_localnet`;

/** Whatever the host needs before a container can be attached to the bridge, and has not. */
export async function hostSteps(host: Host, bridge: string, networks: readonly Network[], state: State | undefined, mtu?: number): Promise<Step[]> {
  const link = await present(host.nl, bridge), steps: Step[] = [], mac = macOf(bridge);
  if (link !== undefined && link.kind !== 'bridge')
    throw new ContainerError('ERR_NO_BRIDGE', `${bridge} is a link of kind ${link.kind ?? 'none'}, not a bridge`);
  await checkOverlap(host, bridge, networks);
  if (state === undefined) steps.push(step(call('host', 'nat.prepare', []), [call('host', 'nat.remove', [])]));

  const known = state?.bridges.find(({ name }) => name === bridge);
  const gateways = networks.map(({ gateway, subnet }) => `${gateway}/${subnet.length}`);
  const has = link === undefined ? [] : (await host.nl.addr.list({ dev: bridge })).map(({ address }) => address);
  const all = [...new Set([...known?.gateways ?? [], ...gateways])];
  const kept = [...known?.kept ?? [], ...gateways.filter((one) => has.includes(one) && !known?.gateways.includes(one))];
  const own: OwnBridge = { name: bridge, made: known?.made ?? link === undefined, gateways: all, kept };
  steps.push(...noted(host, networks, state, own, known));
  if (link === undefined) {
    const input: LinkInput = { name: bridge, kind: 'bridge', address: mac, up: true, ...(mtu === undefined ? {} : { mtu }), options: { stpState: 0 } };
    steps.push(step(call('host', 'link.add', [input]), [call('host', 'link.remove', [bridge, mac])]));
  } else if (!link.flags.up) {
    steps.push(step(call('host', 'link.change', [bridge, { up: true }]), [call('host', 'link.change', [bridge, { up: false }])]));
  }
  for (const gateway of gateways.filter((one) => !has.includes(one)))
    steps.push(step(call('host', 'addr.add', [bridge, inputOf(gateway)]), [call('host', 'addr.delete', [bridge, gateway], ['EADDRNOTAVAIL', 'ENODEV'])]));
  if ((link === undefined ? '0' : host.settings.get(localnet(bridge))) !== '1')
    steps.push(step(call('host', 'sysctl.set', [localnet(bridge), '1']), link === undefined ? [] : [call('host', 'sysctl.set', [localnet(bridge), '0'])],
      'published ports answer at 127.0.0.1; the rules drop what others send there'));
  return steps;
}

/** Writes into the table what bridge and subnets are ours and what the host's settings were, then changes those. */
function noted(host: Host, networks: readonly Network[], state: State | undefined, own: OwnBridge, known: OwnBridge | undefined): Step[] {
  const comment = bridgeComment(own), wrong = networks.filter(({ family }) => host.settings.get(forwarding[family][1]) !== '1');
  const changed = wrong.filter(({ family }) => !state?.settings.has(forwarding[family][1]));
  const elements: OwnElement[] = [
    ...(known === undefined ? [{ set: 'within', key: own.name } as const] : []),
    ...(known === undefined || bridgeComment(known) !== comment ? [{ set: 'bridges', key: own.name, comment } as const] : []),
    ...networks.filter(({ gateway, subnet }) => !known?.gateways.includes(`${gateway}/${subnet.length}`)).map(subnetElement),
    ...changed.map(({ family: of }): OwnElement =>
      ({ set: 'settings', key: forwarding[of][0], comment: `${forwarding[of][1]}=${host.settings.get(forwarding[of][1])}` })),
  ];
  const replaced: OwnElement[] = known !== undefined && bridgeComment(known) !== comment
    ? [{ set: 'bridges', key: own.name, comment: bridgeComment(known) }] : [];
  return [
    ...(replaced.length > 0 ? [step(call('host', 'nat.delete', [replaced]), [call('host', 'nat.add', [replaced], ['EEXIST'])])] : []),
    ...(elements.length > 0 ? [step(call('host', 'nat.add', [elements]), [call('host', 'nat.delete', [elements])])] : []),
    // where it is noted already, somebody else is about to set it: then it is not ours to set back
    ...wrong.map((network) => step(call('host', 'sysctl.set', [forwarding[network.family][1], '1']), changed.includes(network)
      ? [call('host', 'sysctl.set', [forwarding[network.family][1], host.settings.get(forwarding[network.family][1]) ?? '0'])] : [])),
  ];
}

const subnetElement = ({ family, subnet }: Network): OwnElement => ({ set: family === 'ip' ? 'subnets4' : 'subnets6', key: subnet.text });

/** An address that is ours needs no search for others who have it. */
export const inputOf = (address: string): AddrInput => ({ address, ...(address.includes(':') ? { flags: { nodad: true } } : {}) });

/** Two links of one subnet: half of its addresses would not be found. */
async function checkOverlap({ nl }: Host, bridge: string, networks: readonly Network[]): Promise<void> {
  const links = new Map((await nl.link.list()).map(({ index, name }) => [index, name]));
  for (const { index, address } of await nl.addr.list()) {
    const name = links.get(index ?? 0);
    if (address === undefined || name === bridge || /\/(3[12]|12[78])$/.test(address) || address.startsWith('fe80:')) continue;
    const other = subnetOf(address, 'address'), both = networks.find(({ subnet }) => overlap(subnet, other));
    if (both) throw new ContainerError('ERR_SUBNET_IN_USE', `${both.subnet.text} is in use: ${name} has ${address}`);
  }
}

/** Takes a bridge away that no container is on any more, and with the last one all that was changed on the host. */
export async function withoutBridge(host: Host, own: OwnBridge, state: State): Promise<Step[]> {
  const link = await present(host.nl, own.name), steps: Step[] = [], { name: bridge, made, gateways } = own;
  if (link?.kind === 'bridge' && made) {
    const input: LinkInput = { name: bridge, kind: 'bridge', address: link.address, mtu: link.mtu, up: true, options: { stpState: 0 } };
    steps.push(step(call('host', 'link.delete', [bridge]), [
      call('host', 'link.add', [input], ['EEXIST']),
      ...gateways.map((address) => call('host', 'addr.add', [bridge, inputOf(address)], ['EEXIST'])),
      call('host', 'sysctl.set', [localnet(bridge), '1'], ['ENOENT']),
    ]));
  } else if (link?.kind === 'bridge') {
    steps.push(step(call('host', 'sysctl.set', [localnet(bridge), '0']), [call('host', 'sysctl.set', [localnet(bridge), '1'])]));
    for (const gateway of gateways.filter((one) => !own.kept.includes(one))) steps.push(step(call('host', 'addr.delete', [bridge, gateway], ['EADDRNOTAVAIL']),
      [call('host', 'addr.add', [bridge, inputOf(gateway)], ['EEXIST'])]));
  }
  const elements: OwnElement[] = [
    { set: 'bridges', key: bridge, comment: bridgeComment(own) }, { set: 'within', key: bridge },
    ...gateways.map((gateway): OwnElement => {
      const subnet = subnetOf(gateway, 'gateway');
      return { set: subnet.family === 'ip' ? 'subnets4' : 'subnets6', key: subnet.text };
    }),
  ];
  const last = state.bridges.every(({ name }) => name === bridge);
  const settings = last ? [...state.settings] : [];
  for (const [name, before] of settings)
    steps.push(step(call('host', 'sysctl.set', [name, before]), [call('host', 'sysctl.set', [name, '1'])]));
  if (settings.length > 0)
    elements.push(...settings.map(([name, before]): OwnElement =>
      ({ set: 'settings', key: name === forwarding.ip[1] ? forwarding.ip[0] : forwarding.ip6[0], comment: `${name}=${before}` })));
  steps.push(step(call('host', 'nat.delete', [elements]), [call('host', 'nat.add', [elements], ['EEXIST'])]));
  if (last) steps.push(step(call('host', 'nat.remove', []), [call('host', 'nat.prepare', [])]));
  return steps;
}
