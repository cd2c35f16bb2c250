/** What CNI's messages hold, in the words of its specification 1.1.0. */

export interface CniInterface {
  name: string;
  mac?: string | undefined;
  mtu?: number | undefined;
  /** The namespace it is in; left out for those of the host. */
  sandbox?: string | undefined;
  socketPath?: string | undefined;
  pciID?: string | undefined;
}

export interface CniIp {
  /** With its prefix length. */
  address: string;
  gateway?: string | undefined;
  /** The place in `interfaces`. */
  interface?: number | undefined;
}

export interface CniRoute {
  dst: string;
  gw?: string | undefined;
  mtu?: number | undefined;
  advmss?: number | undefined;
  priority?: number | undefined;
  table?: number | undefined;
  scope?: number | undefined;
}

export interface CniDns {
  nameservers?: readonly string[] | undefined;
  domain?: string | undefined;
  search?: readonly string[] | undefined;
  options?: readonly string[] | undefined;
}

/** What ADD results in, in the shape of 1.1.0 whatever version is spoken. */
export interface CniResult {
  interfaces: CniInterface[];
  ips: CniIp[];
  routes: CniRoute[];
  dns: CniDns;
}

export interface PortMapping {
  readonly hostPort: number;
  readonly containerPort: number;
  readonly protocol: 'tcp' | 'udp' | 'sctp';
  /** The host's address that is published; all of them unless given. */
  readonly hostIP?: string | undefined;
}

/** Bits per second, and bits that may come at once. Ingress is what the container receives. */
export interface Bandwidth {
  readonly ingressRate?: number | undefined;
  readonly ingressBurst?: number | undefined;
  readonly egressRate?: number | undefined;
  readonly egressBurst?: number | undefined;
}

/** A container's attachment to a network, as GC names those that are valid. */
export interface CniAttachment {
  readonly containerID: string;
  readonly ifname: string;
}

export interface IpamConfig {
  /** `netlink-ts` is our own pool; any other is a program in CNI_PATH. */
  readonly type: string;
  readonly [key: string]: unknown;
}

export const commands = ['ADD', 'DEL', 'CHECK', 'GC', 'STATUS', 'VERSION'] as const;
export type Command = (typeof commands)[number];

/** What the runtime says in environment variables. */
export interface CniEnvironment {
  readonly command: Command;
  readonly containerId: string;
  readonly netns: string;
  readonly ifname: string;
  readonly path: readonly string[];
  /** CNI_ARGS: `IgnoreUnknown=1;K8S_POD_NAME=web`. */
  readonly args: Readonly<Record<string, string>>;
}
