import { ownTable, rule, type ExpressionData, type OwnTable } from '../../netfilter/index.ts';
import { openPacket } from '../../packet/index.ts';
import { ContainerError } from '../errors.ts';
import type { Host } from '../host.ts';
import { IPV4, IPV6, udpFrame } from '../lan/frames.ts';
import { reach } from '../lan/calls.ts';
import { call, step, type Step } from '../plan/call.ts';
import type { Probe } from '../plan/own-arguments.ts';
import type { CallPlaces, OwnCalls } from '../plan/own-call.ts';
import { mayDrop, nameOf, readForwarding } from './drops.ts';
import { bridged, routed, shownToIp, type Needed } from './accept.ts';

/** The step that tries it; should this process die meanwhile, its table goes. */
export const probeStep = (what: Probe): Step => step(call('container', 'forward.probe', [what]), familiesFor(what).map((family) =>
  call('host', 'nft.table.remove', [{ family, name: tableOf(what) }], lacking)));

/** The port of the discard service. */
const discard = 9;

/**
 * Sends a datagram on the container's way out and catches it behind everything that forwards: a chain of ours, in a
 * table of its own for that moment, counts and drops it before it leaves the host. So it is known whether packets get
 * through, whoever has rules, those of legacy iptables among them, which cannot be read over netlink.
 */
async function probe(container: Host, [what]: [Probe], { signal, timeout, places: { host } }: CallPlaces): Promise<void> {
  const { dev, from, gateway, to } = what, six = from.includes(':');
  const mac = await reach(container, [dev, from, gateway], { signal, timeout });
  const { index, address } = await container.nl.link.get(dev, { stats: false });
  const frame = udpFrame({ mac: address!, toMac: mac, from, to, port: discard });
  using socket = openPacket({ ns: container.ns, index, etherType: six ? IPV6 : IPV4, ffi: container.ffi });
  const table = await trap(host, what);
  if (table === undefined) return;
  try {
    for (let turn = 0; turn < 20; turn++) {
      signal?.throwIfAborted();
      socket.send(frame);
      await new Promise((resolve) => setTimeout(resolve, turn * 5));
      if (await count(host, table) > 0n) return;
    }
  } finally {
    await host.nft.transaction([table.remove()]);
  }
  throw new ContainerError('ERR_FORWARD_DROPPED', `what ${from} sends to ${to} is dropped on its way through the host. ${await suspects(host, what)} ` +
    `Accept there what ${what.bridge} forwards, or give whenDropped: 'ignore'`);
}

/**
 * Counts the datagrams and drops them, in a table that it gives. What goes from port to port is caught as frames, so that
 * what drops frames is found out, too; a kernel without tables for those can only try what br_netfilter shows to IP.
 */
async function trap(host: Host, what: Probe): Promise<OwnTable | undefined> {
  const { from, to, way } = what, six = from.includes(':');
  const caught = (six ? rule().ip6.saddr(from).ip6.daddr(to) : rule().ip.saddr(from).ip.daddr(to)).udp.dport(discard).counter().drop();
  const within = async (family: 'inet' | 'bridge'): Promise<OwnTable> => {
    const table = ownTable(tableOf(what), family);
    await host.nft.transaction([table.reset(), table.chain({ name: 'caught', type: 'filter', hook: 'postrouting', priority: 90 }), table.rule('caught', caught)]);
    return table;
  };
  if (way === 'routed') return within('inet');
  try {
    return await within('bridge');
  } catch (error) {
    const { code = '', cause } = error as { code?: string; cause?: { code?: string } };
    if (!lacking.includes(cause?.code ?? code)) throw error;
    return shownToIp(host).includes(six ? 'ip6' : 'ip') ? within('inet') : undefined;
  }
}

/** What a kernel says that has no tables of the bridge family, or none at all. */
const lacking = ['EOPNOTSUPP', 'EAFNOSUPPORT', 'EPROTONOSUPPORT', 'EINVAL', 'ENOENT'];

async function count({ nft }: Host, { family, name }: OwnTable): Promise<bigint> {
  const [one] = await nft.rule.list({ family, table: name, chain: 'caught' });
  return (one?.expressions.find(({ name }) => name === 'counter')?.data as ExpressionData<'counter'> | undefined)?.packets ?? 0n;
}

/** Who may have done it. */
async function suspects({ nft }: Host, { from, bridge, uplink, way }: Probe): Promise<string> {
  const family = from.includes(':') ? 'ip6' : 'ip';
  const needed: Needed = way === 'bridged' ? bridged(bridge, [family]) : routed(bridge, { uplink, families: [family], published: false, shown: [] });
  const found = mayDrop(await readForwarding(nft), needed.packets).map(nameOf);
  return found.length > 0 ? `These chains may drop it: ${found.join(', ')}.`
    : 'No chain of nf_tables drops it: look at legacy iptables (iptables-legacy -S FORWARD), rp_filter and routes.';
}

const tableOf = ({ dev, from }: Probe): string => `netlink-ts-probe-${dev}-${from.replaceAll(/[.:]/g, '-')}`;

/** Where the table of a trial may be. */
const familiesFor = ({ way }: Probe): readonly ('inet' | 'bridge')[] => (way === 'routed' ? ['inet'] : ['bridge', 'inet']);

export const forwardCalls = {
  'forward.probe': { run: probe, command: ({ from, to }) => `# send a datagram from ${from} to ${to}, and see whether it gets through the host` },
} satisfies Partial<OwnCalls>;
