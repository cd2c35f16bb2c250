import { EncodeError } from '../../errors.ts';
import { show } from '../../schema/codec.ts';
import type { WhenDropped } from '../forward/accept.ts';
import type { PublishedPort } from './ports.ts';
import { addressIn, lowest, subnetOf, type Subnet } from './subnet.ts';
import type { ContainerRef } from '../target/target.ts';

/** Addresses of one family. */
export interface NetworkOptions {
  /** The containers' subnet: `172.30.0.0/16`. */
  readonly subnet: string;
  /** The bridge's address in it; the lowest unless given. */
  readonly gateway?: string | undefined;
  /** The container's address; the lowest free one unless given. */
  readonly address?: string | undefined;
}

export interface BridgeModeOptions extends NetworkOptions {
  readonly container: ContainerRef;
  /** The bridge; it is made where there is none of that name. */
  readonly bridge: string;
  /** The same for IPv6. */
  readonly ipv6?: NetworkOptions | undefined;
  /** Ports of the host that lead to the container. */
  readonly publish?: readonly PublishedPort[] | undefined;
  /** What the container's interface is called; eth0 unless given. */
  readonly name?: string | undefined;
  /** The MAC address of the container's interface; the kernel chooses one unless given. */
  readonly mac?: string | undefined;
  readonly mtu?: number | undefined;
  /** False leaves the container's default route as it is. */
  readonly defaultRoute?: boolean | undefined;
  /** What is done where rules of others drop what is forwarded from and to the bridge; it fails unless given. */
  readonly whenDropped?: WhenDropped | undefined;
}

/** A family's subnet with the gateway. */
export interface Network {
  readonly family: 'ip' | 'ip6';
  readonly subnet: Subnet;
  readonly gateway: string;
  /** The address that was asked for. */
  readonly wanted: string | undefined;
}

/** The networks that are asked for, checked. */
export function networksOf({ ipv6, ...ipv4 }: Pick<BridgeModeOptions, 'subnet' | 'gateway' | 'address' | 'ipv6'>): Network[] {
  return [networkOf(ipv4, 'ip', ''), ...(ipv6 === undefined ? [] : [networkOf(ipv6, 'ip6', 'ipv6.')])];
}

function networkOf(options: NetworkOptions, family: 'ip' | 'ip6', path: string): Network {
  const subnet = subnetOf(options.subnet, `${path}subnet`);
  if (subnet.family !== family)
    throw new EncodeError(`must be a subnet of ${family === 'ip' ? 'IPv4' : 'IPv6'}, got ${show(options.subnet)}`, `${path}subnet`);
  const gateway = options.gateway === undefined ? lowest(subnet) : addressIn(subnet, options.gateway, `${path}gateway`);
  const wanted = options.address === undefined ? undefined : addressIn(subnet, options.address, `${path}address`);
  if (wanted === gateway) throw new EncodeError(`${wanted} is the gateway's`, `${path}address`);
  return { family, subnet, gateway, wanted };
}
