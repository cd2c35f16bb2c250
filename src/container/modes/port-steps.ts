import { ContainerError } from '../errors.ts';
import type { Host } from '../host.ts';
import { present } from '../plan/basic-calls.ts';
import { call, step, type Step } from '../plan/call.ts';
import type { Forgotten, OwnElement } from '../plan/own-arguments.ts';
import { publishedPort, type PortElement } from './ports.ts';
import type { State } from './state.ts';

/** Makes the published ports of a container's link those that are asked for, and no others. */
export async function portSteps(host: Host, link: string, wanted: readonly PortElement[], state: State | undefined): Promise<Step[]> {
  const all = state?.ports ?? [], same = (one: PortElement, other: PortElement): boolean =>
    one.set === other.set && one.key === other.key && one.data === other.data;
  const own = all.filter((port) => port.link === link).map(({ what }) => what);
  const gone = own.filter((one) => !wanted.some((other) => same(one, other)));
  const fresh = wanted.filter((one) => !own.some((other) => same(one, other)));
  const steps: Step[] = [];
  for (const one of fresh) {
    const holder = all.find((other) => other.link !== link && other.what.set === one.set && other.what.key === one.key);
    if (holder === undefined) continue;
    // a container that ended without being detached took its link along: its ports are free
    if (await present(host.nl, holder.link)) throw new ContainerError('ERR_PORT_IN_USE', `${one.key} is published for another container already`);
    steps.push(...dropPorts(holder.link, [holder.what]));
  }
  steps.push(...dropPorts(link, gone));
  if (fresh.length > 0) {
    const elements = fresh.map(elementOf(link));
    steps.push(step(call('host', 'nat.add', [elements]), [call('host', 'nat.delete', [elements])]));
    const datagrams = fresh.map(forgotten).filter(({ protocol }) => protocol === 'udp');
    if (datagrams.length > 0) steps.push(step(call('host', 'nat.forget', [datagrams.map(({ address: _a, port: _p, ...rest }) => rest)]), [],
      'who has sent to the port before is led to the container too'));
  }
  return steps;
}

/** Takes published ports back, and the connections that came by them. */
export function dropPorts(link: string, ports: readonly PortElement[]): Step[] {
  if (ports.length === 0) return [];
  const elements = ports.map(elementOf(link));
  return [
    step(call('host', 'nat.delete', [elements]), [call('host', 'nat.add', [elements], ['EEXIST'])]),
    step(call('host', 'nat.forget', [ports.map(forgotten).map(({ hostPort: _, ...rest }) => rest)])),
  ];
}

const elementOf = (link: string) => ({ set, key, data }: PortElement): OwnElement => ({ set, key, data, comment: link });

function forgotten(port: PortElement): Forgotten {
  const { protocol, hostPort, address, port: to } = publishedPort(port);
  return { family: port.set.endsWith('6') ? 'ip6' : 'ip', protocol, hostPort, address, port: to };
}
