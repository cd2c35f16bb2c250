import { quote } from '../../bytes/shell.ts';
import { errno } from '../../errno.ts';
import { AbortError, KernelError } from '../../errors.ts';
import { openPacket } from '../../packet/index.ts';
import type { Link } from '../../route/link/message.ts';
import { waitForDad } from '../../route/addr/ready.ts';
import { ContainerError } from '../errors.ts';
import type { Host } from '../host.ts';
import { present } from '../plan/basic-calls.ts';
import type { Probing } from '../plan/own-arguments.ts';
import type { CallContext, OwnCalls } from '../plan/own-call.ts';
import { askNetwork } from './ask.ts';
import { ARP, arpFrame, arpSender, IPV6, ndAdvertised, ndFrame, solicitedNode } from './frames.ts';
import { restore } from './restore.ts';

const linkOf = async ({ nl }: Host, dev: string) => {
  const { index, address } = await nl.link.get(dev, { stats: false });
  return { index, mac: address! };
};

/** As RFC 5227 has it, the sender of a probe has no address; whoever has it, or probes for it too, is told by ARP. */
export async function probe(host: Host, [dev, ip, { count, interval }]: [string, string, Probing], { signal }: CallContext): Promise<void> {
  const { index, mac } = await linkOf(host, dev);
  const frame = arpFrame({ operation: 'request', mac, ip: '0.0.0.0', target: ip });
  const other = await askNetwork(host, index, { etherType: ARP, frame, count, interval, signal, answer(received) {
    const sender = arpSender(received);
    return sender && sender.mac !== mac && (sender.ip === ip || (sender.ip === '0.0.0.0' && sender.target === ip)) ? sender.mac : undefined;
  } });
  if (other !== undefined) throw new ContainerError('ERR_ADDRESS_IN_USE', `${ip} is in use on the network of ${dev}, by ${other}`);
}

/** Tells the network which MAC address an address has now: twice as a request, once as a reply, for all tastes. */
export async function announce(host: Host, [dev, ip]: [string, string], { signal, timeout }: CallContext): Promise<void> {
  if (!(await linkState(host.nl, dev, (link) => link?.operstate === 'up' || link?.operstate === 'unknown', signal, timeout)))
    throw new ContainerError('ERR_UNREACHABLE', `${dev} has no carrier`);
  const { index, mac } = await linkOf(host, dev), six = ip.includes(':');
  using socket = openPacket({ ns: host.ns, index, etherType: six ? IPV6 : ARP, ffi: host.ffi });
  if (six) return socket.send(ndFrame({ type: 'advertisement', mac, ip, to: 'ff02::1', toMac: '33:33:00:00:00:01', target: ip }));
  for (const operation of ['request', 'reply', 'request'] as const) socket.send(arpFrame({ operation, mac, ip, target: ip, targetMac: mac }));
}

/** Asks who has the gateway's address, from ours; gives its MAC address. */
export async function reach(host: Host, [dev, ip, gateway]: [string, string, string], { signal }: CallContext): Promise<string> {
  const { index, mac } = await linkOf(host, dev), group = solicitedNode(gateway.includes(':') ? gateway : '::');
  const question = gateway.includes(':')
    ? { etherType: IPV6, frame: ndFrame({ type: 'solicitation', mac, ip, to: group.ip, toMac: group.mac, target: gateway }), answer: (frame: Uint8Array) => {
      const said = ndAdvertised(frame);
      return said?.target === gateway ? said.mac : undefined;
    } }
    : { etherType: ARP, frame: arpFrame({ operation: 'request', mac, ip, target: gateway }), answer: (frame: Uint8Array) => {
      const sender = arpSender(frame);
      return sender?.ip === gateway && sender.mac !== mac ? sender.mac : undefined;
    } };
  const found = await askNetwork(host, index, { ...question, count: 10, interval: 300, signal });
  if (found !== undefined) return found;
  throw new ContainerError('ERR_UNREACHABLE', `the gateway ${gateway} does not answer on ${dev}: it is not there, or not in this network (VLAN), or the uplink lets no other MAC address than its own through`);
}

/**
 * Waits until a link of this name is gone: the end of a pair outlives the namespace of its other end by a moment. One
 * whose other end is in a namespace that lives is in use, and is not waited for.
 */
async function waitGone({ nl }: Host, [name]: [string], { signal, timeout }: CallContext): Promise<void> {
  const taken = (hint: string) => new KernelError({ operation: 'link.waitGone', errno: errno.EEXIST, hint });
  let first = true;
  const gone = await linkState(nl, name, async (link) => {
    if (!link) return true;
    if (first && (link.kind !== 'veth' || await lives(nl, name))) throw taken(`${name} is in use`);
    return first = false;
  }, signal, timeout);
  if (!gone) throw taken(`${name} is still there after ${timeout} ms`);
}

/** Looks at a link whenever the kernel tells of it, until it is as wanted; false where that took too long. */
async function linkState(
  nl: Host['nl'], name: string, wanted: (link: Link | undefined) => boolean | Promise<boolean>, signal: AbortSignal | undefined, timeout: number,
): Promise<boolean> {
  const late = AbortSignal.timeout(timeout);
  using events = nl.events(['link'], { signal: signal ? AbortSignal.any([signal, late]) : late });
  try {
    while (!(await wanted(await present(nl, name)))) await events.next();
    return true;
  } catch (error) {
    if (error instanceof AbortError && late.aborted && !signal?.aborted) return false;
    throw error;
  }
}

const lives = (nl: Host['nl'], name: string): Promise<boolean> => nl.link.peerOf(name).then(() => true, () => false);

/** What plans of an address on the LAN do besides the operations of our connections. */
export const lanCalls = {
  'lan.restore': { run: restore, command: ({ dev }) => `# give ${quote(dev)} back the addresses and routes it had` },
  'arp.probe': { run: probe, command: (dev, ip, { count }) => `arping -D -c ${count} -I ${quote(dev)} ${quote(ip)}` },
  'lan.announce': {
    run: announce,
    command: (dev, ip) => (ip.includes(':') ? `ndsend ${quote(ip)} ${quote(dev)}` : `arping -U -c 2 -I ${quote(dev)} ${quote(ip)}`),
  },
  'lan.reach': {
    run: reach,
    command: (dev, ip, gateway) => (gateway.includes(':') ? `ndisc6 ${quote(gateway)} ${quote(dev)}` : `arping -c 1 -I ${quote(dev)} -s ${quote(ip)} ${quote(gateway)}`),
  },
  'link.waitGone': { run: waitGone, command: (name) => `ip monitor link # until ${quote(name)} is gone` },
  'addr.waitForDad': {
    run: ({ nl }, [dev], { signal, timeout }) => waitForDad(nl as never, dev, { signal, timeout }).then(() => undefined),
    command: (dev) => `ip monitor address # until no address of ${quote(dev)} is tentative`,
  },
} satisfies Partial<OwnCalls>;
