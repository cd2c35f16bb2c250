import { build } from '../../netfilter/builder/builder.ts';
import { rule, type Chain, type Family } from '../../netfilter/index.ts';
import { sysctl } from '../../netns/index.ts';
import { dropsForwarded, userChain, withoutRules } from '../forwarding.ts';
import type { Host } from '../host.ts';
import { call, step, type Call, type Step } from '../plan/call.ts';

/** What our rules are known by. */
const commentOf = (bridge: string): string => `netlink-ts ${bridge} bridged`;

/**
 * With br_netfilter, frames that a bridge hands from port to port go through the forward chains of IP, too; docker's
 * drops whatever nobody asked for, and a container on the bridge is silent without a word. An accept in a table of our
 * own would not help, since every table must accept, and the bridge's own nf_call_iptables=0 does not either: it can only
 * add to the setting of the namespace. So what stays within the bridge is accepted in the very chain that drops it, or
 * in the one that docker keeps for that.
 */
export async function acceptSteps(host: Host, bridge: string): Promise<Step[]> {
  const places = await droppingPlaces(host);
  const steps = await Promise.all(places.map(async (place) => {
    const rules = await host.nft.rule.list({ family: place.family, table: place.table, chain: place.name });
    if (rules.some(({ userdata }) => userdata?.comment === commentOf(bridge))) return [];
    return [step(accept(place, bridge), [removal(place, bridge)], 'br_netfilter shows bridged frames to this chain, which drops them')];
  }));
  return steps.flat();
}

/** Takes these rules away, where they are. */
export async function withoutAccepted(host: Host, bridge: string): Promise<Step[]> {
  const rules = (await host.nft.rule.list().catch(() => [])).filter(({ userdata }) => userdata?.comment === commentOf(bridge));
  return rules.map(({ family, table, chain }) => {
    const place = { family, table, name: chain } as Chain;
    return step(removal(place, bridge), [accept(place, bridge)]);
  });
}

async function droppingPlaces({ ns, nft, ffi }: Host): Promise<Chain[]> {
  const calls = (name: string) => sysctl.get(ns, `net/bridge/bridge-nf-call-${name}`, { ffi }) === '1';
  const seen = [...(calls('iptables') ? ['ip', 'inet'] : []), ...(calls('ip6tables') ? ['ip6', 'inet'] : [])];
  if (seen.length === 0) return [];
  const chains = await nft.chain.list().catch(() => []);
  return chains
    .filter((chain) => dropsForwarded(chain) && seen.includes(String(chain.family)))
    .map((chain) => userChain(chains, chain) ?? chain);
}

const accept = ({ family, table, name }: Chain, bridge: string): Call => call('host', 'nft.rule.insert', [{
  family, table, chain: name, userdata: { comment: commentOf(bridge) },
  expressions: build(rule().iifname(bridge).oifname(bridge).counter().accept(), { family: family as Family, table: table! }).expressions,
}]);

const removal = (place: Chain, bridge: string): Call => withoutRules(place, commentOf(bridge));
