import type { Owner } from '../../schema/codec.ts';
import { bridgeDefaults, changeBridge } from './bridge.ts';
import { checkAddress, checkMtu, setFlags, setMaster } from './link-change.ts';
import { tellLink } from './link-report.ts';
import { refuse } from './refusal.ts';
import type { Request } from './request.ts';
import { linkNamed, newIndex, type FakeLink, type Space } from './state.ts';

/** Kinds that the fake kernel has, and the options that a new link of each reports. */
const none = (): Owner => ({});
const kinds: { readonly [kind: string]: () => Owner } = { bridge: bridgeDefaults, veth: none, ifb: none, dummy: none };

/** The options of a new link of a kind; undefined for a kind that this kernel does not have. */
export const defaultsOf = (kind: string | undefined): Owner | undefined => (kind !== undefined && Object.hasOwn(kinds, kind) ? kinds[kind]!() : undefined);

/** Makes a link from a request that found none, a pair of them for a veth. */
export function makeLink(request: Request, { flags, change }: { flags: number; change: number }): void {
  const { value } = request, { kind } = value;
  const space = value.netnsFd === undefined ? request.space : request.namespace(value.netnsFd);
  const options = defaultsOf(kind);
  if (!options) refuse('EOPNOTSUPP', 'Unknown device type');
  const { peer, ...given } = (value.options ?? {}) as Owner & { peer?: Owner };
  const wanted = value.index > 0 || peer === undefined ? peer : { ...peer, index: 0 }; // an end alone cannot choose its index
  check(space, kind, value);
  const peerSpace = wanted?.['netnsFd'] === undefined ? space : request.namespace(wanted['netnsFd'] as number);
  if (kind === 'veth') check(peerSpace, kind, wanted ?? {}, peerSpace === space ? value : {});
  const other = kind === 'veth' ? register(peerSpace, kind, wanted ?? {}, {}) : undefined;
  const link = register(space, kind, value, options);
  if (other) [other.peer, link.peer] = [{ link }, { link: other }];
  try {
    if (kind === 'bridge') changeBridge(link, given);
    if (value.master !== undefined && value.master !== 0) setMaster(link, value.master);
  } catch (error) {
    for (const made of [link, other]) if (made) made.space.links.delete(made.index);
    throw error;
  }
  if (other) setFlags(other, ((wanted?.['flags'] as { up?: boolean } | undefined)?.up ?? false) ? 1 : 0, 1);
  setFlags(link, flags, change);
  if (other) tellLink(other);
  tellLink(link);
}

/** Whether a link can be made, besides another that is about to be. */
function check(space: Space, kind: string, value: Owner, besides: Owner = {}): void {
  if (value['address'] !== undefined) checkAddress(value['address'] as string);
  if (value['mtu'] !== undefined) checkMtu(kind, value['mtu'] as number);
  const name = value['name'] as string | undefined, index = value['index'] as number | undefined;
  if (name !== undefined && (linkNamed(space, name) || name === besides['name'])) refuse('EEXIST');
  if (index && (space.links.has(index) || index === besides['index'])) refuse('EBUSY');
}

function register(space: Space, kind: string, value: Owner, options: Owner): FakeLink {
  const index = (value['index'] as number) || newIndex(space), address = value['address'] as string | undefined;
  const link: FakeLink = {
    index, kind, space, options, up: false, name: (value['name'] as string | undefined) ?? freeName(space, kind),
    mtu: (value['mtu'] as number | undefined) ?? 1500, address: address ?? someAddress(index), ownAddress: address !== undefined, ownMtu: false,
    master: undefined, group: (value['group'] as number | undefined) ?? 0, alias: undefined, altnames: [],
    txqlen: (value['txqlen'] as number | undefined) ?? (kind === 'ifb' ? 32 : 1000), peer: undefined,
  };
  space.links.set(index, link);
  return link;
}

function freeName(space: Space, kind: string): string {
  let number = 0;
  while (linkNamed(space, `${kind}${number}`)) number++;
  return `${kind}${number}`;
}

/** Where the kernel takes chance, this one counts: what it does can be repeated. */
const someAddress = (index: number): string => `02:fa:ce${(index & 0xffffff).toString(16).padStart(6, '0').replaceAll(/../g, ':$&')}`;
