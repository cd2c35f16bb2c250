import { build } from '../../netfilter/builder/builder.ts';
import { rule, type Chain, type Family, type RuleBuilder } from '../../netfilter/index.ts';
import { ContainerError } from '../errors.ts';
import { dropsForwarded, forUsers, userChain, withoutRules } from '../forwarding.ts';
import type { Host } from '../host.ts';
import { call, step, type Step } from '../plan/call.ts';
import type { BridgeModeOptions } from './options.ts';
import { table } from './table.ts';

/** What our rules in docker's chain are known by. */
const commentOf = (bridge: string): string => `netlink-ts ${bridge}`;

/**
 * A packet must be accepted by the chains of all tables: one that drops what is forwarded, as docker's does, makes a
 * container unreachable whatever our rules say. That is solved where it was asked for, and never passed over.
 */
export async function droppedSteps(host: Host, bridge: string, whenDropped: BridgeModeOptions['whenDropped']): Promise<Step[]> {
  const chains = await host.nft.chain.list(), dropping = chains.filter(drops);
  if (dropping.length === 0 || whenDropped === 'ignore') return [];
  const names = dropping.map(({ family, table: of, name }) => `${family} ${of} ${name}`).join(' and ');
  const solvable = dropping.every((chain) => userChain(chains, chain));
  if (whenDropped !== 'docker-user' || !solvable)
    throw new ContainerError('ERR_FORWARD_DROPPED', `the chain ${names} drops what is forwarded from and to ${bridge}. ` +
      (solvable ? `Give whenDropped: 'docker-user' to have it accepted in ${forUsers}, or 'ignore'` : `Accept it there, and give whenDropped: 'ignore'`));
  return acceptedSteps(host, bridge, chains);
}

/** Has the bridge's packets accepted wherever docker keeps a chain for that beside one that drops them. */
export async function acceptedSteps(host: Host, bridge: string, chains: readonly Chain[]): Promise<Step[]> {
  const steps: Step[] = [];
  for (const place of chains.filter(drops).flatMap((chain) => userChain(chains, chain) ?? [])) {
    const there = await host.nft.rule.list({ family: place.family, table: place.table, chain: forUsers });
    if (!there.some(({ userdata }) => userdata?.comment === commentOf(bridge))) steps.push(...insertSteps(place, bridge));
  }
  return steps;
}

/** Takes our rules out of docker's chain again. */
export async function withoutAccepted(host: Host, bridge: string): Promise<Step[]> {
  const places = new Map((await host.nft.rule.list()).filter(({ userdata }) => userdata?.comment === commentOf(bridge))
    .map(({ family, table: of, chain }) => [`${family} ${of}`, { family: family!, table: of!, name: chain! } as Chain]));
  return [...places.values()].map((place) => step(removal(place, bridge), insertSteps(place, bridge).flatMap(({ calls }) => calls)));
}

const insertSteps = (place: Chain, bridge: string): Step[] =>
  [rule().iifname(bridge), rule().oifname(bridge)].map((match: RuleBuilder) => step(
    call('host', 'nft.rule.insert', [{
      family: place.family, table: place.table, chain: place.name, userdata: { comment: commentOf(bridge) },
      expressions: build(match.counter().accept(), { family: place.family as Family, table: place.table! }).expressions,
    }]), [removal(place, bridge)],
    'docker drops what is forwarded unless it is accepted here',
  ));

const removal = (place: Chain, bridge: string) => withoutRules(place, commentOf(bridge));

/** Whether a chain of somebody else's drops what is forwarded. */
const drops = (chain: Chain): boolean =>
  dropsForwarded(chain) && chain.type === 'filter' && ['ip', 'ip6', 'inet'].includes(String(chain.family)) && chain.table !== table.name;
