import type { LinkInput } from '../../route/link/message.ts';
import { ContainerError } from '../errors.ts';
import type { Host } from '../host.ts';
import { present } from '../plan/basic-calls.ts';
import { call, step, type Step } from '../plan/call.ts';
import type { Target } from '../target/target.ts';
import { inputOf } from './host-steps.ts';
import type { BridgeModeOptions, Network } from './options.ts';

/** The pair of links, made in one message: the container's end is born in its namespace under its name. */
export async function pairSteps(host: Host, target: Target, hostLink: string, { bridge, name = 'eth0', mac, mtu }: BridgeModeOptions): Promise<Step[]> {
  const there = await present(host.nl, hostLink), inside = await present(target.place.nl, name);
  if (there !== undefined && inside !== undefined) {
    const master = there.master === undefined ? undefined : (await host.nl.link.get(there.master)).name;
    if (master === bridge) return [];
    throw new ContainerError('ERR_ATTACHED', `${name} of the container is on ${master ?? 'no bridge'}, not on ${bridge}: detach it first`);
  }
  if (inside !== undefined) throw new ContainerError('ERR_ATTACHED', `the container has a link ${name} that is not ours`);
  const size = mtu === undefined ? {} : { mtu }, address = macOf(hostLink);
  const peer = { name, netns: target.place.ns, ...size, ...(mac === undefined ? {} : { address: mac }) };
  const input: LinkInput = { name: hostLink, kind: 'veth', address, up: true, master: bridge, ...size, options: { peer } };
  return [
    step(call('host', 'link.add', [input]), [call('host', 'link.remove', [hostLink, address])]),
    // where br_netfilter translates addresses on the bridge, a container that asks for its own port is answered so alone
    step(call('host', 'link.change', [hostLink, hairpin])),
  ];
}

/** Frames may leave by the port that they came in by. */
export const hairpin = { portKind: 'bridge', port: { hairpin: true } } as const;

/** A MAC address for a name with eight hexadecimal digits at its end; locally administered. */
const macOf = (link: string): string => `02:00:${link.slice(-8).match(/../g)!.join(':')}`;

/** The container's own part: links that are up, its addresses, its default routes. */
export async function insideSteps(target: Target, name: string, networks: readonly (Network & { address: string })[], options: BridgeModeOptions): Promise<Step[]> {
  const { nl, settings } = target.place, steps: Step[] = [], link = await present(nl, name);
  const lo = await present(nl, 'lo');
  if (lo !== undefined && !lo.flags.up)
    steps.push(step(call('container', 'link.change', ['lo', { up: true }]), [call('container', 'link.change', ['lo', { up: false }])]));
  const has = link === undefined ? [] : (await nl.addr.list({ dev: name })).map(({ address }) => address);
  const routes = await nl.route.list();
  if (!link?.flags.up) steps.push(step(call('container', 'link.change', [name, { up: true }])));
  for (const { family, address, gateway, subnet } of networks) {
    const full = `${address}/${subnet.length}`, setting = `net/ipv6/conf/${name}/disable_ipv6`;
    // engines switch IPv6 off in containers to which they give none of it
    if (family === 'ip6' && (link === undefined ? settings.get('net/ipv6/conf/default/disable_ipv6') : settings.get(setting)) === '1')
      steps.push(step(call('container', 'sysctl.set', [setting, '0'])));
    if (!has.includes(full))
      steps.push(step(call('container', 'addr.add', [name, inputOf(full)]), [call('container', 'addr.delete', [name, full], ['EADDRNOTAVAIL', 'ENODEV'])]));
    if (options.defaultRoute === false || routes.some((route) => route.dst === undefined || route.dst === 'default' ? route.gateway === gateway : false)) continue;
    const route = { dst: 'default', gateway, dev: name };
    steps.push(step(call('container', 'route.add', [route]), [call('container', 'route.delete', [route], ['ESRCH', 'ENODEV'])]));
  }
  return steps;
}
