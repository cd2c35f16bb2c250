import { openNetfilter, type Netfilter } from '../netfilter/index.ts';
import * as netns from '../netns/index.ts';
import type { NamespaceRef } from '../route/namespace.ts';
import { openRoute, type RouteClient } from '../open.ts';

export interface HostOptions extends netns.NetnsOptions {
  /** The namespace that is meant, this thread's unless given. */
  readonly netns?: netns.NamespaceRef | undefined;
}

/** What stands below /proc/sys, by names with slashes between their parts: `net/ipv4/ip_forward`. */
export interface Settings {
  /** Undefined where the kernel has none of that name. */
  get(name: string): string | undefined;
  set(name: string, value: string): void;
}

/**
 * A namespace in which a plan does something: that of the host, where bridges and uplinks are, or a container's. It is
 * held by a descriptor, and its connections are of the same namespace whatever becomes of its name.
 */
export interface Host extends Disposable {
  readonly ns: netns.Namespace;
  readonly nl: RouteClient;
  /** Opened when it is first used: not every kernel has nf_tables. */
  readonly nft: Netfilter;
  readonly settings: Settings;
  readonly ffi: netns.NetnsOptions['ffi'];
  /** Opens another namespace in the same way. */
  open(ref: NamespaceRef): Host;
  close(): void;
}

/** Opens this thread's namespace, or another, as the host of containers. `using host = openHost()` closes it. */
export function openHost({ netns: ref, ffi }: HostOptions = {}): Host {
  const ns = ref === undefined ? netns.current({ ffi }) : netns.open(ref, { ffi });
  let nft: Netfilter | undefined;
  try {
    const nl = openRoute({ netns: ns, ffi });
    const close = (): void => {
      nl.close();
      nft?.close();
      ns.close();
    };
    return {
      ns, nl, ffi, close, [Symbol.dispose]: close,
      settings: {
        get: (name) => netns.sysctl.get(ns, name, { ffi }),
        set: (name, value) => netns.sysctl.set(ns, name, value, { ffi }),
      },
      open: (other) => openHost({ netns: other, ffi }),
      get nft() {
        return (nft ??= openNetfilter({ netns: ns, ffi }));
      },
    };
  } catch (error) {
    ns.close();
    throw error;
  }
}
