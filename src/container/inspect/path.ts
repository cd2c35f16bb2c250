import type { Link } from '../../route/link/message.ts';
import type { Host } from '../host.ts';

/** An interface of a container, and where it leads on the host. */
export interface InterfacePath {
  readonly name: string;
  readonly kind: string | undefined;
  readonly mac: string | undefined;
  /** With prefix lengths: `172.17.0.2/16`. Link-local ones are left out. */
  readonly addresses: readonly string[];
  /** The other end of a veth pair, or what a macvlan or ipvlan lies upon. */
  readonly hostLink?: string | undefined;
  /** The bridge whose port that is. */
  readonly bridge?: { readonly name: string; readonly addresses: readonly string[]; readonly ports: readonly string[] } | undefined;
  /** Links by which packets leave the host. */
  readonly uplinks: readonly string[];
}

/** The interfaces of a container that are of use, without its loopback device. */
export async function pathsOf(host: Host, container: Host, gateways: readonly string[]): Promise<InterfacePath[]> {
  const addresses = await container.nl.addr.list(), same = container.ns.ino === host.ns.ino;
  const links = (await container.nl.link.list()).filter((link) => !link.flags.loopback &&
    (link.flags.up || addresses.some(({ index }) => index === link.index)));
  const theirs = await host.nl.link.list(), nsid = await host.nl.nsid.get(container.ns), paths: InterfacePath[] = [];
  for (const link of links) {
    const own = addresses.filter(({ index }) => index === link.index).map(({ address }) => address!).filter(isGlobal);
    const hostLink = same ? undefined : otherEnd(link, theirs, nsid);
    const bridge = theirs.find(({ index, kind }) => hostLink?.master !== undefined && index === hostLink.master && kind === 'bridge');
    paths.push({
      name: link.name, kind: link.kind, mac: link.address, addresses: own, hostLink: hostLink?.name,
      bridge: bridge && await bridgeOf(host, bridge, theirs),
      uplinks: bridge ? await uplinksOf(host, container, bridge, theirs, gateways) : hostLink && link.kind !== 'veth' ? [hostLink.name] : [],
    });
  }
  return paths;
}

const isGlobal = (address: string): boolean => !address.startsWith('fe80:');

/** A link's counterpart on the host. Indexes are each namespace's own: the host must know the container by that number. */
function otherEnd(link: Link, theirs: readonly Link[], nsid: number | undefined): Link | undefined {
  const found = theirs.find(({ index }) => index === link.link);
  if (found === undefined || link.kind !== 'veth') return link.linkNetnsid === undefined ? undefined : found;
  return found.kind === 'veth' && found.link === link.index && found.linkNetnsid === nsid ? found : undefined;
}

async function bridgeOf({ nl }: Host, bridge: Link, theirs: readonly Link[]): Promise<NonNullable<InterfacePath['bridge']>> {
  const addresses = (await nl.addr.list({ dev: bridge.index })).map(({ address }) => address!).filter(isGlobal);
  return { name: bridge.name, addresses, ports: theirs.filter(({ master }) => master === bridge.index).map(({ name }) => name) };
}

/** Where the bridge has the gateway's address, the host's own way out; else the port behind which the gateway was seen. */
async function uplinksOf(
  { nl }: Host, container: Host, bridge: Link, theirs: readonly Link[], gateways: readonly string[],
): Promise<string[]> {
  const own = new Set((await nl.addr.list({ dev: bridge.index })).map(({ address }) => address?.split('/')[0]));
  if (gateways.some((gateway) => own.has(gateway))) {
    const ways = (await nl.route.list()).filter(({ dst, gateway }) => gateway !== undefined && (dst === undefined || dst === 'default'));
    return [...new Set(ways.flatMap(({ oif }) => theirs.filter(({ index }) => index === oif).map(({ name }) => name)))];
  }
  const neighbours = [...await container.nl.neigh.list(), ...await nl.neigh.list({ dev: bridge.index })];
  const macs = new Set(neighbours.filter(({ dst }) => gateways.includes(String(dst))).map(({ lladdr }) => lladdr));
  const learned = (await nl.fdb.list()).filter(({ lladdr }) => lladdr !== undefined && macs.has(lladdr)).map(({ index }) => index);
  return theirs.filter(({ index, master, kind }) => master === bridge.index && (learned.includes(index) || kind !== 'veth')).map(({ name }) => name);
}
