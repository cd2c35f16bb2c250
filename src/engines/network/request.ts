import type { NamespaceRef } from '../../route/namespace.ts';
import type { Settings } from './settings.ts';

/** Whose an attachment is. All that is made for it is found by this again, whoever looks. */
export interface Owner {
  readonly network: string;
  readonly container: string;
  readonly ifname: string;
}

export interface Address {
  /** With its prefix length. */
  readonly address: string;
  readonly gateway?: string | undefined;
}

export interface WantedRoute {
  readonly dst: string;
  /** The gateway of the address of the same family unless given. */
  readonly gw?: string | undefined;
  readonly mtu?: number | undefined;
  readonly advmss?: number | undefined;
  readonly priority?: number | undefined;
  readonly table?: number | undefined;
  readonly scope?: number | undefined;
}

export interface Port {
  readonly hostPort: number;
  readonly containerPort: number;
  readonly protocol: 'tcp' | 'udp' | 'sctp';
  /** The host's address that is published; all of them unless given. */
  readonly hostIP?: string | undefined;
}

/** Bits per second, and bits that may come at once; ingress is what the container receives. */
export interface Shaping {
  readonly ingressRate?: number | undefined;
  readonly ingressBurst?: number | undefined;
  readonly egressRate?: number | undefined;
  readonly egressBurst?: number | undefined;
}

/** A container's link to a network, as it is to be. */
export interface Attachment {
  readonly owner: Owner;
  readonly settings: Settings;
  readonly netns: NamespaceRef;
  readonly addresses: readonly Address[];
  readonly routes: readonly WantedRoute[];
  readonly mac?: string | undefined;
  readonly ports: readonly Port[];
  readonly shaping?: Shaping | undefined;
}
