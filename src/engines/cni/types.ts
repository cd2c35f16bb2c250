/** What CNI's messages hold, in the words of its specification 1.1.0. */
import type { Port, Shaping, WantedRoute } from '../network/request.ts';

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

export type CniRoute = WantedRoute;

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

export type PortMapping = Port;

export type Bandwidth = Shaping;

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
