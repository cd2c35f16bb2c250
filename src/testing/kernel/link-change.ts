import type { Owner } from '../../schema/codec.ts';
import { bridgeOf, changeBridge, follow, leaveBridge } from './bridge.ts';
import { dropNeighs, wasRenamed, wentDown, wentUp, withoutIPv4 } from './connected.ts';
import { tellLink } from './link-report.ts';
import { leaveSpace } from './link-remove.ts';
import { refuse } from './refusal.ts';
import type { Request } from './request.ts';
import { linkNamed, newIndex, type FakeLink, type Space } from './state.ts';

const IFF_UP = 1;

/** A change of a link that is there, in the kernel's order: what came before a refusal stays. */
export function changeLink(request: Request, link: FakeLink, value: Owner & { options?: Owner | undefined }, { flags, change }: { flags: number; change: number }): void {
  const { netnsFd, address, mtu, group, name, alias, master, txqlen } = value as { [key: string]: any };
  if (value.options && link.kind === 'bridge') changeBridge(link, value.options);
  if (netnsFd !== undefined) move(link, request.namespace(netnsFd), name);
  if (address !== undefined) setAddress(link, address);
  if (mtu !== undefined) setMtu(link, mtu);
  if (group !== undefined) link.group = group;
  if (name !== undefined && name !== link.name) {
    if (linkNamed(link.space, name)) refuse('EEXIST');
    link.name = name;
    wasRenamed(link);
  }
  if (alias !== undefined) link.alias = alias === '' ? undefined : alias;
  setFlags(link, flags, change);
  if (master !== undefined) setMaster(link, master);
  if (txqlen !== undefined) link.txqlen = txqlen;
  tellLink(link);
}

export function checkAddress(address: string): void {
  if ((parseInt(address.slice(0, 2), 16) & 1) !== 0 || /^(00:){5}00$/.test(address)) refuse('EADDRNOTAVAIL');
}

export function checkMtu(kind: string | undefined, mtu: number): void {
  const [least, most] = kind === undefined ? [0, 0x7fffffff] : kind === 'ifb' || kind === 'dummy' ? [0, 0x7fffffff] : [68, 65535];
  if (mtu < least) refuse('EINVAL', 'mtu less than device minimum', 'IFLA_MTU');
  if (mtu > most) refuse('EINVAL', 'mtu greater than device maximum', 'IFLA_MTU');
}

function setAddress(link: FakeLink, address: string): void {
  if (link.kind === 'ifb') refuse('EOPNOTSUPP');
  checkAddress(address);
  link.address = address;
  link.ownAddress = true;
  dropNeighs(link);
  const bridge = bridgeOf(link);
  if (bridge) follow(bridge);
}

function setMtu(link: FakeLink, mtu: number): void {
  if (mtu === link.mtu) return;
  checkMtu(link.kind, mtu);
  link.mtu = mtu;
  link.ownMtu = true;
  if (mtu < 68) withoutIPv4(link);
  const bridge = bridgeOf(link);
  if (bridge) follow(bridge);
}

/** Makes a link the port of a bridge; 0 takes it out. */
export function setMaster(link: FakeLink, index: number): void {
  if (index === (link.master ?? 0)) return;
  leaveBridge(link);
  if (index === 0) return;
  const bridge = link.space.links.get(index);
  if (!bridge) refuse('EINVAL');
  if (bridge.kind !== 'bridge') refuse('EOPNOTSUPP');
  if (link.kind === undefined) refuse('EINVAL');
  if (link.kind === 'bridge') refuse('ELOOP', 'Can not enslave a bridge to a bridge');
  link.master = index;
  follow(bridge);
}

/** Flags that are spoken of; a message from before `ifi_change` existed (0) means those that it has. */
export function setFlags(link: FakeLink, flags: number, change: number): void {
  if (flags === 0 && change === 0) return;
  const up = ((change === 0 ? flags : (flags & change) | (link.up ? ~change & IFF_UP : 0)) & IFF_UP) !== 0;
  if (up === link.up) return;
  link.up = up;
  if (up) wentUp(link);
  else wentDown(link);
}

/** Takes a link to another namespace: down, without addresses and master. */
function move(link: FakeLink, space: Space, name: string | undefined): void {
  if (space === link.space) return;
  if (link.kind === undefined || link.kind === 'bridge') refuse('EINVAL', 'The interface netns is immutable');
  if ([name ?? link.name, ...link.altnames].some((one) => linkNamed(space, one))) refuse('EEXIST');
  leaveSpace(link);
  link.up = false;
  link.space = space;
  link.name = name ?? link.name;
  if (space.links.has(link.index)) link.index = newIndex(space);
  space.links.set(link.index, link);
}
