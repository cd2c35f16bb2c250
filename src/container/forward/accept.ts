import { build } from '../../netfilter/builder/builder.ts';
import { nft } from '../../netfilter/command.ts';
import { rule, type Chain, type Family, type Rule, type RuleBuilder } from '../../netfilter/index.ts';
import { ContainerError } from '../errors.ts';
import type { Host } from '../host.ts';
import { call, step, type Call, type Step } from '../plan/call.ts';
import { dropsOf, dropText, nameOf, readForwarding, type Drop, type Forwarding } from './drops.ts';
import type { Packet } from './packet.ts';

/**
 * What is done where rules of somebody else drop what a container sends or is sent. A packet must be accepted by the
 * chains of all tables, so no rule in a table of ours can help, and rules of others are changed only by who says so:
 * `accept` adds rules to the chain that drops, or to DOCKER-USER, which docker keeps for that; they go with the last
 * container of the bridge. `ignore` attaches all the same. Unless given, attaching fails with ERR_FORWARD_DROPPED,
 * before anything is changed, and the error has the rules that are missing.
 */
export type WhenDropped = 'accept' | 'ignore';

/** Docker asks that rules of others stand here, and never touches them. */
const forUsers = 'DOCKER-USER';

/** Packets of a bridge that must be forwarded, and the rules that accept them. */
export interface Needed {
  readonly bridge: string;
  readonly packets: readonly Packet[];
  /** What our rules are known by. */
  readonly comment: string;
  accepting(family: Packet['family']): readonly { readonly text: string; readonly rule: RuleBuilder }[];
}

/** The steps that make sure of it; none where nothing is dropped. */
export async function acceptSteps(host: Host, needed: Needed, whenDropped: WhenDropped | undefined): Promise<Step[]> {
  if (whenDropped === 'ignore' || needed.packets.length === 0) return [];
  const { drops, places } = await missing(host, needed);
  if (places.length > 0 && whenDropped !== 'accept') throw refused(needed, drops, places);
  return insertions(needed, places);
}

/** The same without a question; `forUsersAlone` leaves chains alone that have none for the rules of others beside them. */
export async function acceptedSteps(host: Host, needed: Needed, { forUsersAlone }: { readonly forUsersAlone: boolean }): Promise<Step[]> {
  const { places } = await missing(host, needed);
  return insertions(needed, places.filter(({ name }) => !forUsersAlone || name === forUsers));
}

/** What is dropped, and the chains in which it must be accepted. */
async function missing(host: Host, needed: Needed): Promise<{ readonly drops: readonly Drop[]; readonly places: readonly Chain[] }> {
  const forwarding = await readForwarding(host.nft), drops = dropsOf(forwarding, needed.packets);
  return { drops, places: [...new Set(drops.map(({ chain }) => placeFor(forwarding, needed, chain)))] };
}

const insertions = (needed: Needed, places: readonly Chain[]): Step[] => places.flatMap((place) =>
  needed.accepting(place.family as Packet['family']).map((one) =>
    step(insertion(place, one.rule, needed.comment), [removal(place, needed.comment)], `${one.text} accept: else ${nameOf(place)} drops it`)));

/** Takes our rules out of the chains of others again. */
export async function withoutAccepted(host: Host, comment: string): Promise<Step[]> {
  const rules = (await host.nft.rule.list().catch(() => [])).filter(({ userdata }) => userdata?.comment === comment);
  const places = new Map(rules.map((one) => [`${one.family} ${one.table}`, one]));
  return [...places.values()].map((place) => step(removal(place, comment), rules
    .filter(({ family, table }) => family === place.family && table === place.table).reverse()
    .map(({ family, table, chain, expressions }) => call('host', 'nft.rule.insert', [{ family, table, chain, expressions, userdata: { comment } }]))));
}

/** Docker's chain for others, where what is accepted there gets through; else the chain that drops, at its beginning. */
function placeFor(forwarding: Forwarding, needed: Needed, chain: Chain): Chain {
  const users = forwarding.all.find(({ family, table, name }) => family === chain.family && table === chain.table && name === forUsers);
  if (users === undefined) return chain;
  const there = needed.accepting(chain.family as Packet['family']).map(({ rule: one }) => ({
    family: chain.family, table: chain.table, chain: forUsers, expressions: expressionsOf(users, one),
  }) as unknown as Rule);
  const rules = new Map([[chain, [...there, ...forwarding.rules.get(chain)!]]]);
  return dropsOf({ all: [], chains: [chain], rules }, needed.packets).length === 0 ? users : chain;
}

function refused({ bridge, accepting }: Needed, drops: readonly Drop[], places: readonly Chain[]): ContainerError {
  const told = [...new Set(drops.map((drop) => `what goes ${drop.packet.what} is dropped by ${dropText(drop)}`))];
  const missing = places.flatMap((place) => accepting(place.family as Packet['family']).map(({ text }) => nft(`insert rule ${nameOf(place)} ${text} accept`)));
  return new ContainerError('ERR_FORWARD_DROPPED', `a container on ${bridge} would not be reached: ${told.join('; ')}. ` +
    `Missing: ${missing.join('; ')}. Give whenDropped: 'accept' to have that added, 'ignore' to attach all the same`);
}

const expressionsOf = ({ family, table }: Chain, one: RuleBuilder) =>
  build(one.counter().accept(), { family: family as Family, table: table! }).expressions;

const insertion = (place: Chain, one: RuleBuilder, comment: string): Call => call('host', 'nft.rule.insert', [{
  family: place.family, table: place.table, chain: place.name, expressions: expressionsOf(place, one), userdata: { comment },
}]);

const removal = ({ family, table }: Pick<Rule, 'family' | 'table'>, comment: string): Call =>
  call('host', 'nft.removeRules', [{ family: family as Family, table: table!, comment }], ['ENOENT']);

/** What is routed from a bridge and to it, and where IP sees that (`shown`), what goes from port to port. */
export const routed = (bridge: string, { uplink, families, published, shown }: {
  readonly uplink: string | undefined; readonly families: readonly IpFamily[]; readonly published: boolean; readonly shown: readonly IpFamily[];
}): Needed => ({
  bridge, comment: routedComment(bridge),
  packets: families.flatMap((family): Packet[] => [
    { what: `from ${bridge}`, family, iifname: bridge, oifname: uplink, state: 'new' },
    { what: `to ${bridge}`, family, iifname: uplink, oifname: bridge, state: 'established' },
    ...(published ? [{ what: `to ${bridge}`, family, iifname: uplink, oifname: bridge, state: 'new' } as const] : []),
    ...(shown.includes(family) ? [within(bridge, family)] : []),
  ]),
  accepting: () => [
    { text: `iifname "${bridge}"`, rule: rule().iifname(bridge) }, { text: `oifname "${bridge}"`, rule: rule().oifname(bridge) },
  ],
});

/** What goes from port to port of a bridge: frames, and where br_netfilter shows them to it, packets of IP. */
export const bridged = (bridge: string, shown: readonly IpFamily[]): Needed => ({
  bridge, comment: bridgedComment(bridge),
  packets: [...shown.map((family) => within(bridge, family)),
    { what: `from port to port of ${bridge}`, family: 'bridge', ibrname: bridge, obrname: bridge, state: 'new' }],
  accepting: (family) => [family === 'bridge'
    ? { text: `meta ibrname "${bridge}"`, rule: rule().meta.ibrname(bridge) }
    : { text: `iifname "${bridge}" oifname "${bridge}"`, rule: rule().iifname(bridge).oifname(bridge) }],
});

export const routedComment = (bridge: string): string => `netlink-ts ${bridge}`;
export const bridgedComment = (bridge: string): string => `netlink-ts ${bridge} bridged`;

type IpFamily = 'ip' | 'ip6';

const within = (bridge: string, family: IpFamily): Packet =>
  ({ what: `from port to port of ${bridge}`, family, iifname: bridge, oifname: bridge, state: 'new' });

/**
 * The families to whose rules br_netfilter shows what goes from port to port. A bridge's own nf_call_iptables=0 does not
 * change it: it can only add to the setting of the namespace.
 */
export const shownToIp = ({ settings }: Host): IpFamily[] => ([['ip', 'iptables'], ['ip6', 'ip6tables']] as const)
  .filter(([, name]) => settings.get(`net/bridge/bridge-nf-call-${name}`) === '1').map(([family]) => family);
