import type { RouteClient } from '../../../src/open.ts';

/** What is asked of a kernel, and what it says: `ok` or the code of its error. */
export type Step = readonly [said: string, call: string, ...values: readonly unknown[]];

/** Sequences that chance seldom finds: what many links are told at once, what is refused and why, what is left out. */
export const edges: { readonly [title: string]: readonly Step[] } = {
  'links of a group are changed and deleted as one, unless one of them cannot be': [
    ['ok', 'link.add', { name: 'i0', kind: 'ifb', group: 7 }], ['ok', 'link.add', { name: 'i1', kind: 'ifb', group: 7 }],
    ['ok', 'link.change', { group: 7 }, { mtu: 1400 }], ['ok', 'link.change', { group: 9 }, { mtu: 1300 }],
    ['ok', 'link.change', 'lo', { group: 7 }], ['EOPNOTSUPP', 'link.delete', { group: 7 }], ['ok', 'link.change', 'lo', { group: 0 }],
    ['ok', 'link.delete', { group: 7 }], ['ENODEV', 'link.delete', { group: 7 }],
  ],
  'other names are one link\'s alone, and not its name': [
    ['ok', 'link.add', { name: 'i0', kind: 'ifb' }], ['ok', 'link.add', { name: 'i1', kind: 'ifb' }],
    ['ok', 'link.addAltname', 'i0', 'other', 'another'], ['EEXIST', 'link.addAltname', 'i1', 'other'], ['EEXIST', 'link.rename', 'i1', 'other'],
    ['EEXIST', 'link.add', { name: 'another', kind: 'ifb' }],
    ['EINVAL', 'link.deleteAltname', 'i1', 'other'], ['EINVAL', 'link.deleteAltname', 'i0', 'i0'], ['ENOENT', 'link.deleteAltname', 'i0', 'none'],
    ['ok', 'link.deleteAltname', 'i0', 'other'], ['ENOENT', 'link.deleteAltname', 'i0', 'other'],
    ['ENODEV', 'link.addAltname', 999, 'x'], ['ENODEV', 'link.deleteAltname', 999, 'x'],
    ['ENODEV', 'link.get', 'a-name-of-more-than-15-bytes'], ['ENODEV', 'link.delete', 'a-name-of-more-than-15-bytes'],
    ['ok', 'link.change', 'another', { alias: 'x' }], ['ok', 'link.change', 'i0', { alias: '' }], ['ok', 'link.delete', 'another'],
  ],
  'who can be the port of whom': [
    ['ok', 'link.add', { name: 'br0', kind: 'bridge' }], ['ok', 'link.add', { name: 'br1', kind: 'bridge' }], ['ok', 'link.add', { name: 'i0', kind: 'ifb' }],
    ['ELOOP', 'link.change', 'br1', { master: 'br0' }], ['EINVAL', 'link.change', 'lo', { master: 'br0' }],
    ['EINVAL', 'link.change', 'i0', { master: 999 }], ['EOPNOTSUPP', 'link.change', 'br1', { master: 'i0' }],
    ['ok', 'link.change', 'i0', { master: 'br0' }], ['ok', 'link.change', 'i0', { master: 'br0' }], ['ok', 'link.change', 'i0', { master: 'br1' }],
    ['ELOOP', 'link.add', { name: 'br2', kind: 'bridge', master: 'br0' }], ['EINVAL', 'link.add', { name: 'i1', kind: 'ifb', master: 999 }],
    ['ok', 'link.change', 'i0', { master: 0 }],
  ],
  'addresses and sizes that a link can have': [
    ['ok', 'link.add', { name: 'i0', kind: 'ifb', address: '02:00:00:00:00:01' }], ['EOPNOTSUPP', 'link.change', 'i0', { address: '02:00:00:00:00:02' }],
    ['ok', 'link.add', { name: 'a0', kind: 'veth', address: '02:00:00:00:00:01', options: { peer: { name: 'b0', address: '02:00:00:00:00:02' } } }],
    ['EADDRNOTAVAIL', 'link.change', 'a0', { address: '01:00:5e:00:00:01' }], ['EADDRNOTAVAIL', 'link.change', 'a0', { address: '00:00:00:00:00:00' }],
    ['ok', 'link.change', 'a0', { address: '02:00:00:00:00:03' }],
    ['EINVAL', 'link.change', 'a0', { mtu: 60 }], ['EINVAL', 'link.add', { name: 'a1', kind: 'veth', mtu: 60, options: { peer: { name: 'b1' } } }],
    ['EADDRNOTAVAIL', 'link.add', { name: 'br0', kind: 'bridge', address: '01:00:5e:00:00:01' }],
    ['ok', 'link.add', { name: 'br0', kind: 'bridge', address: '02:00:00:00:00:04' }],
    ['ERANGE', 'link.change', 'br0', { kind: 'bridge', options: { helloTime: 11 } }], ['ERANGE', 'link.change', 'br0', { kind: 'bridge', options: { maxAge: 41 } }],
    ['EINVAL', 'link.add', { name: 'a1', kind: 'veth', mtu: 65536, options: { peer: { name: 'b1' } } }], ['ok', 'link.add', { name: 'i1', kind: 'ifb', mtu: 60, address: '02:00:00:00:00:05' }],
    ['ok', 'link.change', 'a0', { txqlen: 20, master: 'br0' }], ['ok', 'link.change', 'a0', { address: '02:00:00:00:00:06' }], ['ok', 'link.change', 'a0', { mtu: 1400 }],
    ['ok', 'link.change', 'br0', { kind: 'bridge', options: { forwardDelay: 31 } }], ['ok', 'link.change', 'br0', { kind: 'bridge', options: { stpState: 1 } }], ['ok', 'link.change', 'br0', { kind: 'bridge', options: { stpState: 0 } }],
    ['EOPNOTSUPP', 'link.change', 'a0', { kind: 'bridge', options: { stpState: 1 } }],
    ['EADDRNOTAVAIL', 'link.change', 'br0', { kind: 'bridge', address: '01:00:5e:00:00:01', options: { stpState: 1 } }],
    ['EINVAL', 'link.change', 'br0', { kind: 'bridge', mtu: 60, options: { stpState: 1 } }],
  ],
  'IPv4 leaves a link that is too small for it': [
    ['ok', 'link.add', { name: 'i0', kind: 'ifb', up: true, address: '02:00:00:00:00:01' }], ['ok', 'addr.add', 'i0', '10.0.0.1/24'],
    ['ok', 'route.add', { dst: '10.5.0.0/16', dev: 'i0' }], ['ok', 'link.change', 'i0', { mtu: 60 }], ['ok', 'link.change', 'i0', { mtu: 1500 }],
  ],
  'names and ends that nobody chose': [
    ['ok', 'link.add', { kind: 'veth' }], ['ok', 'link.delete', 'veth0'],
    ['ok', 'link.add', { name: 'a0', kind: 'veth', up: true, options: { peer: { name: 'b0', up: true } } }],
    ['EEXIST', 'link.add', { name: 'a1', kind: 'veth', options: { peer: { name: 'a1' } } }],
    ['ok', 'link.add', { name: 'i0', kind: 'ifb', netns: 'blue' }], ['ok', 'link.add', { name: 'i0', kind: 'ifb' }],
    ['EEXIST', 'link.move', 'i0', 'blue'], ['EINVAL', 'link.move', 'lo', 'blue'], ['ok', 'link.add', { name: 'br0', kind: 'bridge' }], ['EINVAL', 'link.move', 'br0', 'blue'],
    ['ok', 'link.add', { name: 'i1', kind: 'ifb', index: 50, netns: 'blue' }], ['ok', 'link.add', { name: 'i2', kind: 'ifb', index: 50 }], ['ok', 'link.move', 'i2', 'blue'],
    ['ok', 'link.move', 'a0', 'blue'], ['ENODEV', 'link.get', 50], ['ENODEV', 'link.change', 999, { up: true }], ['ENODEV', 'link.get', 'none'], ['EOPNOTSUPP', 'link.delete', 'lo'],
  ],
  'addresses: which is the same, and which is gone': [
    ['ok', 'link.add', { name: 'i0', kind: 'ifb', up: true, address: '02:00:00:00:00:01' }],
    ['ok', 'addr.add', 'i0', { address: '10.0.0.1/24', label: 'i0:1', validLft: 900, preferredLft: 800 }],
    ['EEXIST', 'addr.add', 'i0', '10.0.0.1/24'], ['ok', 'addr.replace', 'i0', { address: '10.0.0.1/24', validLft: 700, preferredLft: 600 }],
    ['ok', 'addr.add', 'i0', { address: '10.0.4.1/24', broadcast: '10.0.4.200', proto: 4, metric: 200 }], ['ok', 'addr.replace', 'i0', { address: '10.0.4.1/24', metric: 200, validLft: 700, preferredLft: 600 }],
    ['EADDRNOTAVAIL', 'addr.delete', 'i0', { address: '10.0.0.1/24', label: 'i0:2' }], ['EADDRNOTAVAIL', 'addr.delete', 'i0', '10.0.0.1/25'],
    ['ok', 'addr.add', 'i0', { address: '10.0.1.1/32', peer: '10.0.2.1/32' }], ['ok', 'addr.add', 'i0', { address: '10.0.3.1/24', metric: 300 }],
    ['ok', 'addr.delete', 'i0', { address: '10.0.0.1/24', label: 'i0:1' }], ['ENODEV', 'addr.add', 999, '10.0.0.1/24'], ['ENODEV', 'addr.delete', 999, '10.0.0.1/24'],
    ['ENODEV', 'addr.list', { dev: 999 }],
    ['ok', 'addr.add', 'i0', { address: '2001:db8::1/64', flags: { nodad: true } }], ['EEXIST', 'addr.add', 'i0', '2001:db8::1/64'],
    ['ok', 'addr.delete', 'i0', '2001:db8::1/64'], ['EADDRNOTAVAIL', 'addr.delete', 'i0', '2001:db8::1/64'],
  ],
  'neighbours, and addresses that are answered for': [
    ['ok', 'link.add', { name: 'br0', kind: 'bridge', up: true, address: '02:00:00:00:00:01' }], ['ok', 'addr.add', 'br0', '10.0.0.1/24'],
    ['EINVAL', 'neigh.add', { dst: '10.0.0.5', dev: 'br0', state: 'permanent' }], ['EINVAL', 'neigh.add', { dst: '10.0.0.6', dev: 'br0', state: 'noarp' }],
    ['ok', 'neigh.add', { dst: '10.0.0.7', lladdr: '02:00:00:00:00:07', dev: 'br0' }], ['EEXIST', 'neigh.add', { dst: '10.0.0.7', lladdr: '02:00:00:00:00:07', dev: 'br0' }],
    ['ok', 'neigh.replace', { dst: '10.0.0.7', dev: 'br0', state: 'permanent', protocol: 'static' }],
    ['ENOENT', 'neigh.change', { dst: '10.0.0.8', lladdr: '02:00:00:00:00:08', dev: 'br0' }],
    ['ENODEV', 'neigh.add', { dst: '10.0.0.8', lladdr: '02:00:00:00:00:08', dev: 999 }], ['ENODEV', 'neigh.delete', { dst: '10.0.0.8', dev: 999 }],
    ['ENOENT', 'neigh.delete', { dst: '10.0.0.8', dev: 'br0' }], ['ENOENT', 'neigh.get', { dst: '10.0.0.8', dev: 'br0' }],
    ['ok', 'neigh.add', { dst: '10.0.0.7', dev: 'br0', flags: { proxy: true } }], ['ok', 'neigh.get', { dst: '10.0.0.7', dev: 'br0', proxy: true }],
    ['ok', 'neigh.delete', { dst: '10.0.0.7', dev: 'br0', flags: { proxy: true } }], ['ENOENT', 'neigh.delete', { dst: '10.0.0.7', dev: 'br0', flags: { proxy: true } }],
    ['ok', 'neigh.list', { family: 'inet', dev: 'br0' }], ['ok', 'neigh.delete', { dst: '10.0.0.7', dev: 'br0' }],
  ],
  'numbers of namespaces are given once': [
    ['ok', 'nsid.set', 'blue', 5], ['EEXIST', 'nsid.set', 'blue', 6], ['EEXIST', 'nsid.set', 'red', 5], ['ok', 'nsid.set', 'red', 'auto'], ['ok', 'nsid.get', 'red'], ['ok', 'nsid.list'],
  ],
  'rules: before and behind which, and which goes': [
    ['ok', 'rule.add', { priority: 0, table: 100 }], ['ok', 'rule.add', { fwmark: 1, table: 100 }], ['ok', 'rule.add', { fwmark: 2, table: 100, priority: 50 }],
    ['EEXIST', 'rule.add', { fwmark: 2, table: 100, priority: 50 }], ['ok', 'rule.add', { fwmark: 2, tos: 8, table: 100 }],
    ['ok', 'rule.delete', { fwmark: 2, tos: 8 }], ['ENOENT', 'rule.delete', { fwmark: 2, tos: 8 }], ['ok', 'rule.add', { action: 'prohibit', src: '10.0.0.0/8' }],
    ['ok', 'rule.delete', { action: 'prohibit' }], ['ok', 'rule.add', { family: 'inet6', table: 100 }], ['ok', 'rule.delete', { family: 'inet6', table: 100 }],
    ['ENOENT', 'rule.delete', { family: 'inet6', table: 100 }],
  ],
  'routes: where they lead, and which of several': [
    ['ok', 'link.add', { name: 'i0', kind: 'ifb', up: true, address: '02:00:00:00:00:01' }], ['ok', 'addr.add', 'i0', '10.0.0.1/24'],
    ['ENETUNREACH', 'route.add', { dst: '10.5.0.0/16', gateway: '10.0.0.9', scope: 'link' }], ['ok', 'route.add', { dst: '10.7.0.0/16', gateway: '10.0.0.1', scope: 'link' }],
    ['EINVAL', 'route.add', { dst: '10.5.0.0/16', gateway: '10.0.0.1', scope: 'host' }], ['EINVAL', 'route.add', { dst: '10.5.0.0/16', dev: 'i0', prefsrc: '192.0.2.1' }],
    ['EINVAL', 'route.add', { dst: '10.5.0.0/16', gateway: '10.0.0.255' }],
    ['ENOENT', 'route.change', { dst: '10.5.0.0/16', dev: 'i0' }], ['ok', 'route.add', { dst: '10.5.0.0/16', gateway: '10.0.0.9' }],
    ['ok', 'route.append', { dst: '10.5.0.0/16', gateway: '10.0.0.8' }], ['EEXIST', 'route.replace', { dst: '10.5.0.0/16', gateway: '10.0.0.8' }],
    ['EEXIST', 'route.append', { dst: '10.5.0.0/16', gateway: '10.0.0.8' }],
    ['ok', 'route.add', { dst: '10.8.0.0/16', gateway: '10.0.0.9', table: 100 }], ['ok', 'route.add', { dst: '10.9.0.0/16', type: 'blackhole' }], ['ok', 'route.add', { dst: '10.0.0.128/25', dev: 'i0', priority: 5 }],
    ['ok', 'route.add', { dst: '10.0.0.128/25', dev: 'i0', priority: 4 }], ['ok', 'route.add', { dst: '10.10.0.0/16', gateway: '10.0.0.129' }], ['ok', 'route.delete', { dst: '10.9.0.0/16', type: 'blackhole', scope: 'global' }],
    ['ok', 'route.list', { dev: 'i0', protocol: 'boot' }], ['ESRCH', 'route.delete', { dst: '10.5.0.0/16', protocol: 'static' }],
    ['ok', 'route.delete', { dst: '10.5.0.0/16', protocol: 'boot' }], ['ok', 'route.get', '10.0.0.7'], ['ENETUNREACH', 'route.get', '192.0.2.1'],
    ['ok', 'route.add', { dst: 'default', gateway: '10.0.0.9' }], ['ok', 'route.get', '192.0.2.1'],
    ['ENODEV', 'route.add', { dst: '10.6.0.0/16', dev: 999 }], ['ENODEV', 'route.add', { dst: '10.6.0.0/16' }], ['ok', 'link.down', 'i0'], ['ENETDOWN', 'route.add', { dst: '10.6.0.0/16', dev: 'i0' }],
    ['ENETUNREACH', 'route.add', { dst: '10.6.0.0/16', gateway: '10.0.0.9' }], ['ESRCH', 'route.delete', { dst: '2001:db8::/32', dev: 999 }],
    ['ESRCH', 'route.delete', { dst: '2001:db8::/32' }],
  ],
};

/** Does one step; `ok`, or the code of the error. */
export async function take(nl: RouteClient, [, call, ...values]: Step): Promise<string> {
  const [family, verb] = call.split('.') as ['link', 'add'];
  try {
    await (nl[family][verb] as (...values: unknown[]) => Promise<unknown>)(...values);
    return 'ok';
  } catch (error) {
    return (error as { code?: string }).code ?? String((error as Error).stack);
  }
}
