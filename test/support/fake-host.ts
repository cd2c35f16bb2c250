import type { Host } from '../../src/container/index.ts';
import type { Netfilter } from '../../src/netfilter/index.ts';
import { openRoute, type RouteClient } from '../../src/open.ts';
import { fakeKernel, type FakeKernel } from '../../src/testing/index.ts';

/** A host on a kernel in memory. */
export interface FakeHost extends Host {
  readonly kernel: FakeKernel;
  /** What stands below /proc/sys, of all namespaces. */
  readonly sysctl: Map<string, string>;
  /** How many of it are open. */
  readonly opened: () => number;
}

/** Operations that stand in for the kernel's own: `{ link: { list: async () => [...] } }`. */
type Operations = { readonly [family: string]: { readonly [name: string]: (...args: any[]) => unknown } };

export interface FakeHostOptions {
  readonly namespaces?: readonly string[];
  /** In the place of what the kernel has, by namespace; that of the host is ''. */
  readonly nl?: { readonly [namespace: string]: Operations };
  /** All that is asked of nf_tables. */
  readonly nft?: Operations & { readonly transaction?: (changes: any) => Promise<unknown> } | object;
  readonly sysctl?: { readonly [name: string]: string };
}

/** A host whose containers are the kernel's other namespaces: `{ path: 'box' }` and `{ ns: host.open('box').ns }`. */
export function fakeHost({ namespaces = ['box'], nl: replaced = {}, nft = nothing, sysctl = {} }: FakeHostOptions = {}): FakeHost {
  const kernel = fakeKernel({ namespaces }), settings = new Map(Object.entries(sysctl)), descriptors = new Map<number, string>(), names = ['', ...namespaces];
  let opened = 0;
  const open = (name: string): FakeHost => {
    const transport = name === '' ? kernel.open : kernel.in(name), nl = openRoute({ transport }), socket = transport({} as never);
    const fd = name === '' ? -1 : socket.openNamespace(`/run/netns/${name}`);
    descriptors.set(fd, name);
    opened++;
    const close = (): void => {
      opened--;
      nl.close();
      socket.close();
    };
    return {
      ns: { fd, dev: 4, ino: names.indexOf(name) } as Host['ns'], nl: instead(nl, replaced[name] ?? {}), nft: nft as Netfilter, ffi: undefined,
      kernel, sysctl: settings, opened: () => opened,
      settings: { get: (key) => settings.get(key), set: (key, value) => void settings.set(key, value) },
      open: (ref) => open(typeof ref === 'string' ? ref : descriptors.get((ref as { fd: number }).fd)!),
      close, [Symbol.dispose]: close,
    };
  };
  return open('');
}

/** A kernel on which nobody has rules. */
const none = async (): Promise<never[]> => [];
const nothing: Operations = { chain: { list: none }, rule: { list: none }, set: { list: none } };

function instead(nl: RouteClient, operations: Operations): RouteClient {
  const family = (key: string): object => new Proxy({}, {
    get: (_, name) => operations[key]![name as string] ?? Reflect.get((nl as unknown as { readonly [key: string]: object })[key]!, name),
  });
  return new Proxy({} as RouteClient, {
    get(_, key) {
      if (key === 'with') return (...options: Parameters<RouteClient['with']>) => instead(nl.with(...options), operations);
      return Object.hasOwn(operations, key) ? family(key as string) : Reflect.get(nl, key, nl);
    },
  });
}
