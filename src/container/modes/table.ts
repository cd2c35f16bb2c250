import type { Change } from '../../netfilter/change.ts';
import { ownTable, rule } from '../../netfilter/index.ts';

/**
 * The one table that bridge mode changes. Its rules are always the same; what they are about stands in its sets and
 * maps, and so does all that must be remembered: which address is whose, what was there before. It is kept by the
 * kernel, changed in transactions and seen by `nft list table inet netlink-ts`; there is no file besides.
 */
export const table = ownTable('netlink-ts', 'inet');

/** Where a published port leads: an address and a port. */
const target4 = 'ipv4_addr . inet_service', target6 = 'ipv6_addr . inet_service';

export const sets = {
  /** Our bridges; the comment has the gateways, and whether we made the bridge. */
  bridges: { name: 'bridges', keyType: 'ifname' },
  /** Each of them with itself: from a bridge to the same bridge. */
  within: { name: 'within', keyType: 'ifname . ifname' },
  subnets4: { name: 'subnets4', keyType: 'ipv4_addr', flags: { interval: true } },
  subnets6: { name: 'subnets6', keyType: 'ipv6_addr', flags: { interval: true } },
  /** Addresses that containers have; the comment is the name of the container's link on the host. */
  leases4: { name: 'leases4', keyType: 'ipv4_addr' },
  leases6: { name: 'leases6', keyType: 'ipv6_addr' },
  /** Published ports, of all addresses of the host and of one. The comment is as above. */
  ports4: { name: 'ports4', keyType: 'inet_proto . inet_service', dataType: target4 },
  ports6: { name: 'ports6', keyType: 'inet_proto . inet_service', dataType: target6 },
  hostports4: { name: 'hostports4', keyType: 'ipv4_addr . inet_proto . inet_service', dataType: target4 },
  hostports6: { name: 'hostports6', keyType: 'ipv6_addr . inet_proto . inet_service', dataType: target6 },
  /** Settings of the host that we changed, with what they were, in comments. */
  settings: { name: 'settings', keyType: 'mark' },
} as const;

export type SetName = keyof typeof sets;

export const portSets = ['ports4', 'ports6', 'hostports4', 'hostports6'] as const;

/** A set with its place, as the operations on elements ask for it. */
export const placed = (name: SetName) => ({ ...sets[name], family: table.family, table: table.name });

/**
 * Makes the table as it should be, or makes sure of it: sets keep what they have, rules are written anew. All in one
 * transaction, so that no packet sees half of it.
 */
export const skeleton = (): Change<unknown>[] => [
  table.add('networks of containers'),
  ...Object.values(sets).map((set) => table.set(set)),
  table.chain({ name: 'publish' }),
  table.chain({ name: 'guard', type: 'filter', hook: 'prerouting', priority: 'raw' }),
  table.chain({ name: 'prerouting', type: 'nat', hook: 'prerouting', priority: 'dstnat' }),
  table.chain({ name: 'output', type: 'nat', hook: 'output', priority: 'dstnat' }),
  table.chain({ name: 'forward', type: 'filter', hook: 'forward', priority: 'filter', policy: 'accept' }),
  table.chain({ name: 'postrouting', type: 'nat', hook: 'postrouting', priority: 'srcnat' }),
  ...Object.keys(rules).map((chain) => table.flush(chain)),
  ...Object.entries(rules).flatMap(([chain, all]) => all().map((one) => table.rule(chain, one))),
];

const target = (map: SetName, family: 'ip' | 'ip6', ...address: ('ip.daddr' | 'ip6.daddr')[]) =>
  ({ map, family, by: [...address, 'meta.l4proto', 'th.dport'], withPort: true } as const);

const rules = {
  publish: () => [
    rule().dnat(target('hostports4', 'ip', 'ip.daddr')),
    rule().dnat(target('ports4', 'ip')),
    rule().dnat(target('hostports6', 'ip6', 'ip6.daddr')),
    rule().dnat(target('ports6', 'ip6')),
  ],
  // bridges route 127.0.0.0/8 so that published ports answer there: nobody but this machine may use that
  guard: () => [rule().iifname('@bridges').ip.daddr('127.0.0.0/8').drop()],
  prerouting: () => [rule().fib.daddr.type('local').jump('publish')],
  output: () => [
    // the answer of a container would be dropped, as the kernel lets nothing in for ::1 from another link: who asks is refused at once
    rule().ip6.daddr('::1').return(),
    rule().fib.daddr.type('local').jump('publish'),
  ],
  forward: () => [
    rule().ct.state('established', 'related').accept(),
    rule().concat('meta.iifname', 'meta.oifname')('@within').accept(),
    rule().oifname('@bridges').ct.status('dnat').accept(),
    // what is not published is not reached, from outside or from another bridge
    rule().oifname('@bridges').drop(),
  ],
  postrouting: () => [
    rule().ip.saddr('@subnets4').oifname.not('@bridges').masquerade(),
    rule().ip6.saddr('@subnets6').oifname.not('@bridges').masquerade(),
    // a container that asks for a published port of a neighbour, or its own, must get its answers by way of the host
    rule().ip.saddr('@subnets4').oifname('@bridges').ct.status('dnat').masquerade(),
    rule().ip6.saddr('@subnets6').oifname('@bridges').ct.status('dnat').masquerade(),
    // and so must the host itself, where it asks at 127.0.0.1
    rule().ip.saddr('127.0.0.0/8').oifname('@bridges').masquerade(),
  ],
};
