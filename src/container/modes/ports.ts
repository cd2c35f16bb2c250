import { formatIp, parseIp } from '../../bytes/ip.ts';
import { memoryOf } from '../../bytes/memory.ts';
import { EncodeError, within } from '../../errors.ts';
import { show } from '../../schema/codec.ts';
import type { SetName } from './table.ts';

/** A port of the host that leads to one of a container. */
export interface PublishedPort {
  /** tcp unless given. */
  readonly protocol?: 'tcp' | 'udp' | 'sctp' | undefined;
  readonly hostPort: number;
  /** The container's port; the same one unless given. */
  readonly port?: number | undefined;
  /** The one address of the host at which it is published; at all of them unless given. */
  readonly hostAddress?: string | undefined;
}

/** An element of one of the maps of published ports. */
export interface PortElement {
  readonly set: Extract<SetName, `${string}ports${string}`>;
  /** `tcp . 8080` */
  readonly key: string;
  /** `172.30.0.2 . 80` */
  readonly data: string;
}

/** The elements that publish ports of a container with these addresses. */
export function portElements(ports: readonly PublishedPort[], address: string | undefined, address6: string | undefined): PortElement[] {
  if (!Array.isArray(ports)) throw new EncodeError(`must be a list of ports, got ${show(ports)}`, 'publish');
  const all = ports.flatMap((port, i) => {
    try {
      return elementsOf(port, address, address6);
    } catch (error) {
      throw within(within(error, `[${i}]`), 'publish');
    }
  });
  const twice = all.find(({ set, key }, i) => all.findIndex((other) => other.set === set && other.key === key) !== i);
  if (twice) throw new EncodeError(`${twice.key} is published twice`, 'publish');
  return all;
}

function elementsOf(port: PublishedPort, address: string | undefined, address6: string | undefined): PortElement[] {
  const { protocol = 'tcp', hostPort, hostAddress } = port;
  if (!['tcp', 'udp', 'sctp'].includes(protocol)) throw new EncodeError(`must be tcp, udp or sctp, got ${show(protocol)}`, 'protocol');
  const key = `${protocol} . ${number(hostPort, 'hostPort')}`, to = number(port.port ?? hostPort, 'port');
  if (hostAddress === undefined) return [
    ...(address === undefined ? [] : [{ set: 'ports4', key, data: `${address} . ${to}` } as const]),
    ...(address6 === undefined ? [] : [{ set: 'ports6', key, data: `${address6} . ${to}` } as const]),
  ];
  const bytes = typeof hostAddress === 'string' ? parseIp(hostAddress) : undefined;
  if (!bytes) throw new EncodeError(`must be an address of the host, got ${show(hostAddress)}`, 'hostAddress');
  const target = bytes.length === 4 ? address : address6, text = formatIp(memoryOf(bytes), 0, bytes.length);
  if (text === '::1') throw new EncodeError('::1: the kernel lets no answer of a container in for it; 127.0.0.1 works', 'hostAddress');
  if (target === undefined) throw new EncodeError(`${text}: the container has no address of that family`, 'hostAddress');
  return [{ set: bytes.length === 4 ? 'hostports4' : 'hostports6', key: `${text} . ${key}`, data: `${target} . ${to}` }];
}

function number(value: unknown, field: string): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 1 || value > 65535)
    throw new EncodeError(`must be a port from 1 to 65535, got ${show(value)}`, field);
  return value;
}

/** A published port with the address it leads to. */
export interface PublishedAt extends PublishedPort {
  readonly protocol: 'tcp' | 'udp' | 'sctp';
  readonly port: number;
  readonly address: string;
}

/** A published port as users write it. */
export function publishedPort({ set, key, data }: PortElement): PublishedAt {
  const words = key.split(' . '), [address = '', port = ''] = data.split(' . ');
  const hostAddress = set.startsWith('host') ? words.shift() : undefined, [protocol, hostPort] = words;
  return { protocol: protocol as 'tcp', hostPort: Number(hostPort), hostAddress, address, port: Number(port) };
}
