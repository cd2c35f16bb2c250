import type { Element, Netfilter } from '../../netfilter/index.ts';
import { dataText, keyText } from '../../netfilter/index.ts';
import { portSets, placed, sets, table, type SetName } from './table.ts';
import type { PortElement } from './ports.ts';

/** Something that a link of a container has: an address, a published port. */
export interface Owned<T> {
  readonly link: string;
  readonly what: T;
}

export interface Lease {
  readonly set: 'leases4' | 'leases6';
  readonly address: string;
}

export interface OwnBridge {
  readonly name: string;
  /** Whether we made it, and so delete it. */
  readonly made: boolean;
  /** Its addresses in our subnets: `172.30.0.1/16`. */
  readonly gateways: readonly string[];
  /** Those of them that it had before. */
  readonly kept: readonly string[];
}

/** What the table has. */
export interface State {
  readonly bridges: readonly OwnBridge[];
  readonly leases: readonly Owned<Lease>[];
  readonly ports: readonly Owned<PortElement>[];
  /** Settings of the host with the value that they had before. */
  readonly settings: ReadonlyMap<string, string>;
}

/** Reads the table; undefined where there is none. */
export async function readState(nft: Netfilter): Promise<State | undefined> {
  const present = new Set((await nft.set.list({ family: table.family })).filter((set) => table.owns(set)).map(({ name }) => name));
  if (present.size === 0) return undefined;
  const listed = async <N extends SetName>(name: N): Promise<{ set: N; element: Element; key: string; comment: string }[]> =>
    (present.has(name) ? await nft.element.list(placed(name)) : []).map((element) =>
      ({ set: name, element, key: keyText(sets[name], element), comment: element.userdata?.comment ?? '' }));
  const leases = [...await listed('leases4'), ...await listed('leases6')];
  const ports = (await Promise.all(portSets.map(listed))).flat();
  const settings = await listed('settings');
  return {
    bridges: (await listed('bridges')).map(({ key, comment }) => bridgeOf(key, comment)),
    leases: leases.map(({ set, key, comment }) => ({ link: comment, what: { set, address: key } })),
    ports: ports.map(({ set, key, element, comment }) => ({ link: comment, what: { set, key, data: dataText(sets[set], element) } })),
    settings: new Map(settings.map(({ comment }) => comment.split('=') as [string, string])),
  };
}

/** What is said of a bridge in its comment: `made 172.30.0.1/16 fd00::1/64`, with `=` before those that it had. */
export const bridgeComment = ({ made, gateways, kept }: Omit<OwnBridge, 'name'>): string =>
  [made ? 'made' : 'found', ...gateways.map((one) => (kept.includes(one) ? `=${one}` : one))].join(' ');

function bridgeOf(name: string, comment: string): OwnBridge {
  const [word, ...words] = comment.split(' ');
  return {
    name, made: word === 'made', gateways: words.map((one) => one.replace('=', '')),
    kept: words.filter((one) => one.startsWith('=')).map((one) => one.slice(1)),
  };
}
