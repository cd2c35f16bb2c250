import type { LinkFlags } from '../../route/link/header.ts';
import { RTM_NEWLINK } from '../../route/link/types.ts';
import { announce, nsidOf, type FakeLink } from './state.ts';

/** RTNLGRP_LINK */
export const linkGroup = 1;

/** Whether a link has a carrier: a pair while both ends are up, a bridge while a port has one. */
export function carrier(link: FakeLink): boolean {
  if (link.kind === 'veth') return link.up && link.peer !== undefined && link.peer.link.up;
  if (link.kind === 'bridge') return link.up && [...link.space.links.values()].some((port) => port.master === link.index && carrier(port));
  return true;
}

function flagsOf(link: FakeLink): LinkFlags {
  const running = link.up && carrier(link);
  const own: LinkFlags = link.kind === undefined ? { loopback: true } : { broadcast: true, ...(link.kind === 'ifb' ? { noArp: true } : { multicast: true }) };
  return { ...own, ...(link.up ? { up: true } : {}), ...(running ? { running: true, lowerUp: true } : {}) };
}

/** A link as RTM_NEWLINK tells it. */
export function reportLink(link: FakeLink): object {
  const { index, name, kind, mtu, address, master, group, txqlen, alias, altnames, options, peer, space } = link;
  const away = peer && peer.link.space !== space;
  return {
    family: 'unspec', type: kind === undefined ? 'loopback' : 'ether', index, flags: flagsOf(link), name, txqlen,
    operstate: link.up ? (kind === undefined ? 'unknown' : carrier(link) ? 'up' : kind === 'veth' ? 'lowerlayerdown' : 'down') : 'down',
    linkmode: 'default', mtu, group, promiscuity: 0, numTxQueues: 1, numRxQueues: 1, carrier: carrier(link),
    ...(master === undefined ? {} : { master }), ...(alias === undefined ? {} : { alias }),
    ...(altnames.length === 0 ? {} : { altnames }), ...(peer ? { link: peer.link.index } : {}),
    ...(away ? { linkNetnsid: nsidOf(space, peer.link.space) } : {}),
    address, broadcast: kind === undefined ? '00:00:00:00:00:00' : 'ff:ff:ff:ff:ff:ff', qdisc: link.up ? 'noqueue' : 'noop',
    ...(kind === undefined ? {} : { kind }), ...(Object.keys(options).length === 0 ? {} : { options }),
    ...(master !== undefined && space.links.get(master)?.kind === 'bridge' ? { portKind: 'bridge', port: { state: 0 } } : {}),
  };
}

/** Says to all who listen that a link is there, or has changed. */
export const tellLink = (link: FakeLink): void => announce(link.space, linkGroup, RTM_NEWLINK, reportLink(link));
