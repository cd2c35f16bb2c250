import type { Chain, Netfilter, Rule } from '../../netfilter/index.ts';
import { table as ours } from '../modes/table.ts';
import { seenBy, type Packet } from './packet.ts';
import { walk, type End } from './walk.ts';

/** A chain of somebody else's in which a packet of a container is dropped. */
export interface Drop {
  readonly packet: Packet;
  readonly chain: Chain;
  readonly end: End;
}

/** The chains of the forward hook that are not ours, with the rules of their tables. */
export interface Forwarding {
  readonly chains: readonly Chain[];
  readonly rules: ReadonlyMap<Chain, readonly Rule[]>;
  /** All chains, those without a hook too. */
  readonly all: readonly Chain[];
}

export async function readForwarding(nft: Netfilter): Promise<Forwarding> {
  const all = await nft.chain.list().catch(none), rules = new Map<Chain, Rule[]>();
  const chains = all.filter((chain) => chain.hook === 'forward' && chain.type === 'filter' && !ours.owns(chain));
  for (const chain of chains) rules.set(chain, await nft.rule.list({ family: chain.family, table: chain.table }));
  return { chains, rules, all };
}

/** A kernel without nf_tables has none. */
function none(error: { code?: string }): Chain[] {
  if (['EOPNOTSUPP', 'EPROTONOSUPPORT', 'EINVAL'].includes(error.code ?? '')) return [];
  throw error;
}

/** What is dropped for certain. Each chain must accept: one is enough. */
export const dropsOf = ({ chains, rules }: Forwarding, packets: readonly Packet[]): Drop[] =>
  packets.flatMap((packet) => chains.filter((chain) => seenBy(packet, chain)).flatMap((chain) => {
    const ends = walk(chain, rules.get(chain)!, packet), [end] = ends;
    return end && ends.every(({ verdict }) => verdict === 'drop') ? [{ packet, chain, end }] : [];
  }));

/** What may drop a packet: chains in which that depends on more than is known. */
export const mayDrop = ({ chains, rules }: Forwarding, packets: readonly Packet[]): Chain[] =>
  chains.filter((chain) => packets.some((packet) => seenBy(packet, chain) && walk(chain, rules.get(chain)!, packet).some(({ verdict }) => verdict === 'drop')));

/** `ip filter FORWARD` */
export const nameOf = ({ family, table, name }: Chain): string => `${family} ${table} ${name}`;

/** Who drops it: `the policy of the chain ip filter FORWARD`. */
export const dropText = ({ chain, end }: Drop): string => (end.rule === undefined
  ? `the policy of the chain ${nameOf(chain)}`
  : `the rule with handle ${end.rule.handle} of the chain ${chain.family} ${chain.table} ${end.chain}`);
