import { accessSync, constants } from 'node:fs';
import { openNetfilter } from '../../src/netfilter/open.ts';
import * as netns from '../../src/netns/index.ts';
import { routeSockets, type RouteClient } from '../../src/open.ts';
import { openPacket } from '../../src/packet/index.ts';
import * as tuntap from '../../src/tuntap/index.ts';

/** Something that a plain user does as root of a user namespace of their own, in a network namespace made there. */
export interface Attempt {
  readonly what: string;
  /** What becomes of it; the code is that of the error. */
  readonly becomes: 'works' | 'EPERM' | 'device';
  readonly note?: string | undefined;
  /** Fails where it does not work. Links v0 and v1 are a pair, both up; v0 has the address 192.0.2.1/24. */
  run(nl: RouteClient): unknown;
}

const here = '/proc/self/ns/net';

/** Whether the device file lets this user in: that is up to the machine. */
export function tunDevice(): boolean {
  try {
    accessSync('/dev/net/tun', constants.R_OK | constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** The rows of docs/privileges.md: each is tried by test/live/privileges, as a plain user and as root. */
export const attempts: readonly Attempt[] = [
  { what: 'links, addresses, routes, rules, neighbours are listed', becomes: 'works', run: async (nl) => Promise.all([nl.link.list(), nl.addr.list(), nl.route.list(), nl.rule.list(), nl.neigh.list()]) },
  { what: 'links are made, changed and deleted: `veth`, `bridge`, `macvlan`, `vxlan` and others', becomes: 'works', async run(nl) {
    await nl.link.add({ name: 'br0', kind: 'bridge', up: true });
    await nl.link.change('v1', { master: 'br0', mtu: 1400 });
    await nl.link.add({ name: 'mv0', kind: 'macvlan', link: 'v0' });
    await nl.link.add({ name: 'vx0', kind: 'vxlan', options: { id: 5, port: 4789 } });
    await nl.link.delete('br0');
  } },
  { what: 'addresses, routes, rules, neighbours and nexthops are changed', becomes: 'works', async run(nl) {
    await nl.addr.add('v0', '198.51.100.1/24');
    await nl.route.add({ dst: 'default', gateway: '198.51.100.2' });
    await nl.rule.add({ table: 100, priority: 5 });
    await nl.neigh.add({ dst: '198.51.100.2', dev: 'v0', lladdr: '02:00:00:00:00:05' });
    await nl.nexthop.add({ id: 1, gateway: '198.51.100.2', dev: 'v0' });
  } },
  { what: 'qdiscs, classes and filters are set, with actions in them', becomes: 'works', async run(nl) {
    await nl.qdisc.add('v0', { kind: 'htb', handle: '1:' });
    await nl.filter.add('v0', { kind: 'u32', parent: '1:', prio: 7, options: { classid: '1:5', sel: { keys: [] }, actions: [{ kind: 'mirred', options: { action: 'egress redirect', ifindex: 1 } }] } } as never);
  } },
  { what: 'actions of their own, for several filters (`action.add`)', becomes: 'EPERM', note: 'the kernel wants CAP_NET_ADMIN in the initial user namespace', run: (nl) => nl.action.add({ kind: 'mirred', options: { action: 'egress redirect', ifindex: 1 } } as never) },
  { what: 'events and the mirror', becomes: 'works', async run(nl) {
    using mirror = await nl.watch({ links: true });
    using events = nl.events(['link']);
    await nl.link.change('v0', { mtu: 1300 });
    await events.next();
    mirror.close();
  } },
  { what: 'namespaces are made, entered, and links moved to them', becomes: 'works', note: 'in a mount namespace of the user, with a tmpfs on /run', async run(nl) {
    netns.create('plain');
    await nl.link.add({ name: 'p0', kind: 'veth', options: { peer: { name: 'p1', netns: 'plain' } } });
    await nl.link.move('p0', 'plain');
    netns.delete('plain');
  } },
  { what: 'settings below /proc/sys/net of the namespace', becomes: 'works', run: () => netns.sysctl.set(here, 'net/ipv4/ip_forward', 1) },
  { what: 'nf_tables and connection tracking', becomes: 'works', async run() {
    using nft = openNetfilter();
    await nft.table.add({ family: 'ip', name: 'plain' });
    await nft.conntrack.list();
  } },
  { what: 'frames of a link are sent and received (ARP and NDP of `lan.attach`)', becomes: 'works', run(nl) {
    using ns = netns.open(here);
    openPacket({ ns, index: nl.sync.link.get('v0').index, etherType: 0x0806 }).close();
  } },
  { what: 'tun and tap devices', becomes: 'device', note: 'where /dev/net/tun lets the user open it', run: () => tuntap.delete(tuntap.add({ mode: 'tun' }), 'tun') },
  { what: 'a `receiveBuffer` beyond net.core.rmem_max', becomes: 'EPERM', note: 'no error: it is as large as rmem_max allows', run() {
    const socket = routeSockets()({ receiveBuffer: 1 << 26 }), held = socket.receiveLimit;
    socket.close();
    if (held < 1 << 26) throw Object.assign(new Error(`it holds ${held} bytes`), { code: 'EPERM' });
  } },
];
