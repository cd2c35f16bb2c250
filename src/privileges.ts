/** A capability, and the user namespace in which the kernel looks for it. */
export interface Need {
  readonly capability: 'CAP_NET_ADMIN' | 'CAP_NET_RAW' | 'CAP_SYS_ADMIN';
  readonly in: keyof typeof owners;
}

/** User namespaces, in words. */
const owners = {
  owner: 'the user namespace that owns this network namespace',
  target: 'the user namespace that owns the other network namespace',
  initial: 'the initial user namespace',
  own: "this process's user namespace",
  mounts: 'the user namespace that owns this mount namespace',
} as const;

const admin: Need = { capability: 'CAP_NET_ADMIN', in: 'owner' }, there: Need = { capability: 'CAP_NET_ADMIN', in: 'target' };
const everywhere: Need = { capability: 'CAP_NET_ADMIN', in: 'initial' }, enter: Need = { capability: 'CAP_SYS_ADMIN', in: 'target' };
const system: Need = { capability: 'CAP_SYS_ADMIN', in: 'own' }, mounting: Need = { capability: 'CAP_SYS_ADMIN', in: 'mounts' };

/** Operations that only ask. Whoever may open a socket may ask NETLINK_ROUTE. */
const asking = new Set(['list', 'get', 'peerOf', 'anycast', 'multicast', 'routers', 'buckets', 'getBucket', 'save', 'globals', 'tunnels', 'mst']);

/** What differs from the rule: who changes something needs CAP_NET_ADMIN where the network namespace belongs. */
const exceptions: { readonly [operation: string]: readonly Need[] } = {
  ...Object.fromEntries(['add', 'replace', 'change', 'delete', 'flush'].map((verb) => [`action.${verb}`, [everywhere]])),
};

/** What an operation of NETLINK_ROUTE takes. `elsewhere`: it speaks of another network namespace, by `netns` or `nsid`. */
export function needsOf(operation: string, elsewhere = false): readonly Need[] {
  const verb = operation.slice(operation.indexOf('.') + 1);
  const here = exceptions[operation] ?? (asking.has(verb) ? [] : [admin]);
  return elsewhere ? [...here, there] : here;
}

/** Operations of NETLINK_ROUTE that may speak of another network namespace, and by which word. */
export const spanning: { readonly [operation: string]: string } = {
  'link.list': 'nsid', 'link.get': 'nsid', 'link.peerOf': 'the other end is in another namespace',
  'link.add': 'netns', 'link.change': 'netns', 'link.ensure': 'netns of the other end', 'link.move': 'always',
};

/** What is no operation of NETLINK_ROUTE. NETLINK_NETFILTER wants it of those who only ask, too. */
export const otherNeeds = {
  netfilter: [admin],
  'openRoute({ netns }), netns.spawn, netns.sysctl': [system, enter],
  'netns.create, netns.attach, netns.delete': [system, mounting],
  'tuntap.add, tuntap.delete': [admin],
  'a receiveBuffer beyond net.core.rmem_max': [everywhere],
  'asking a LAN for an address (lan.attach, lan.bridge)': [{ capability: 'CAP_NET_RAW', in: 'owner' }],
} as const satisfies { readonly [what: string]: readonly Need[] };

/** System calls that are refused for want of a capability. */
const calls: { readonly [syscall: string]: readonly Need[] } = {
  unshare: [system], setns: [system, enter], mount: [mounting], umount2: [mounting], ioctl: [admin],
};

export const needsOfCall = (syscall: string): readonly Need[] => calls[syscall] ?? [];

/** `CAP_NET_ADMIN in the user namespace that owns this network namespace`, and so on. */
export const needText = (needs: readonly Need[]): string => needs.map(({ capability, in: place }) => `${capability} in ${owners[place]}`).join(' and ');

/** What a thread may do, as the kernel tells it. */
export interface Privileges {
  /** Its effective capabilities, a bit for each (`CapEff`). */
  readonly effective: bigint;
  /** Whether its user namespace is the initial one. */
  readonly initial: boolean;
}

const bits = { CAP_NET_ADMIN: 12n, CAP_NET_RAW: 13n, CAP_SYS_ADMIN: 21n };

/** What is to be said to EPERM: what it takes and, where that is known, what lacks. Undefined where nothing lacks. */
export function lackText(needs: readonly Need[], have?: Privileges): string | undefined {
  if (needs.length === 0) return undefined;
  const takes = `It takes ${needText(needs)}`;
  if (!have) return takes;
  const missing = [...new Set(needs.map(({ capability }) => capability))].filter((capability) => !((have.effective >> bits[capability]) & 1n));
  if (missing.length > 0) return `${takes}; this process has no ${missing.join(' and no ')}`;
  return have.initial ? undefined : `${takes}; this process has it in another user namespace only`;
}
