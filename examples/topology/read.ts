import type { Link, netns, RouteClient } from 'netlink-ts';
import type { Box, Cable, DrawnLink, End, Topology } from './model.ts';

/** A namespace to be drawn, and a connection to it. */
export interface Place {
  readonly title: string;
  readonly nl: RouteClient;
  readonly ns: netns.Namespace;
}


/** Asks the kernel for all that is drawn. */
export async function readTopology(places: readonly Place[]): Promise<Topology> {
  const found = await Promise.all(places.map(readPlace));
  const cables: Cable[] = [];
  const end = (box: number, index: number): End | undefined => {
    const link = found[box]!.links.findIndex((link) => link.index === index);
    return link < 0 ? undefined : { box, link };
  };
  for (const [box, { links }] of found.entries()) {
    for (const [link, { kind, link: peer, linkNetnsid }] of links.entries()) {
      if (kind !== 'veth' || peer === undefined) continue;
      const there = linkNetnsid === undefined ? box : await placeOf(places, box, linkNetnsid);
      const to = there === undefined ? undefined : end(there, peer);
      if (to && (to.box > box || (to.box === box && to.link > link))) cables.push({ from: { box, link }, to });
    }
  }
  return { boxes: found.map(({ box }) => box), cables };
}

/**
 * Each namespace has numbers of its own for the others that it knows of; `id` is one of `from`. It gives one to a
 * namespace as soon as they have a veth pair in common.
 */
async function placeOf(places: readonly Place[], from: number, id: number): Promise<number | undefined> {
  const { nl } = places[from]!;
  for (const [i, { ns }] of places.entries()) if (i !== from && await nl.nsid.get(ns) === id) return i;
  return undefined;
}

async function readPlace({ title, nl }: Place): Promise<{ box: Box; links: Link[] }> {
  const [all, addresses, routes] =
    await Promise.all([nl.link.list({ stats: false }), nl.addr.list(), nl.route.list({ family: 'inet', table: 'main' })]);
  const links = inOrder(all.filter(({ flags }) => !flags.loopback).sort((a, b) => a.index - b.index));
  const drawn = links.map((link): DrawnLink => ({
    name: link.name,
    kind: link.kind,
    up: link.flags.up === true,
    addresses: addresses.filter(({ index, scope }) => index === link.index && scope === 'global').map(({ address }) => address),
    port: isPort(link, all),
  }));
  const names = new Map(all.map(({ index, name }) => [index, name]));
  const defaults = routes.filter(({ dst }) => dst === 'default')
    .map(({ gateway, oif }) => ['default', ...(gateway ? ['via', gateway] : []), ...(oif ? ['dev', names.get(oif)] : [])].join(' '));
  return { box: { title, links: drawn, routes: defaults }, links };
}

const isPort = ({ master }: Link, all: readonly Link[]): boolean =>
  master !== undefined && all.some(({ index }) => index === master);

/** Bridges first, each with its ports behind it, then the rest. */
function inOrder(links: readonly Link[]): Link[] {
  const free = links.filter((link) => !isPort(link, links));
  const bridges = free.filter(({ kind }) => kind === 'bridge');
  return [...bridges, ...free.filter(({ kind }) => kind !== 'bridge')]
    .flatMap((link) => [link, ...links.filter(({ master }) => master === link.index)]);
}
