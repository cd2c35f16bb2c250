import { join } from 'node:path';
import { openNetfilter, ownTable, rule, type Netfilter, type RuleBuilder } from '../../netfilter/index.ts';
import { locked } from '../pool/lock.ts';
import type { Address, Port } from './request.ts';

/**
 * The table of the engines' networks. Each rule bears the name of its attachment as a comment: by that it is found
 * again when the attachment goes.
 */
export const table = ownTable('netlink-ts-engines', 'inet');

const skeleton = () => [
  table.add('networks of container engines'),
  table.chain({ name: 'guard', type: 'filter', hook: 'prerouting', priority: 'raw' }),
  table.chain({ name: 'prerouting', type: 'nat', hook: 'prerouting', priority: 'dstnat' }),
  table.chain({ name: 'output', type: 'nat', hook: 'output', priority: 'dstnat' }),
  table.chain({ name: 'postrouting', type: 'nat', hook: 'postrouting', priority: 'srcnat' }),
];

export interface Translation {
  /** The name of the attachment. */
  readonly name: string;
  readonly addresses: readonly Address[];
  readonly ports: readonly Port[];
  /** The link by which the host reaches the container; undefined where it does not. */
  readonly link: string | undefined;
  readonly masquerade: boolean;
}

/** Publishes ports of a container and hides its addresses behind the host's, in one transaction; tells how many rules it takes. */
export function translate(nft: Netfilter, state: string, { name, addresses, ports, link, masquerade }: Translation): number {
  const rules = addresses.flatMap(({ address }): [string, RuleBuilder][] => {
    const own = address.replace(/\/.*/, ''), family = own.includes(':') ? 'ip6' : 'ip';
    const published = ports.filter(({ hostIP }) => !hostIP || hostIP.includes(':') === (family === 'ip6'));
    return [
      ...published.flatMap((port) => (['prerouting', 'output'] as const).map((chain): [string, RuleBuilder] =>
        [chain, publish(port, own, family)])),
      ...(masquerade && link !== undefined ? [['postrouting', rule()[family].saddr(own).oifname.not(link).masquerade()] as [string, RuleBuilder]] : []),
      // a container that asks at its own published port, and the host that asks at 127.0.0.1, get answers this way
      ...(published.length > 0 ? [['postrouting', rule()[family].daddr(own)[family].saddr(own).masquerade()] as [string, RuleBuilder]] : []),
      ...(published.length > 0 && family === 'ip' && link !== undefined ? [
        ['postrouting', rule().ip.saddr('127.0.0.0/8').ip.daddr(own).masquerade()] as [string, RuleBuilder],
        ['guard', rule().iifname(link).ip.daddr('127.0.0.0/8').drop()] as [string, RuleBuilder],
      ] : []),
    ];
  });
  if (rules.length > 0) aloneWithRules(state, () => nft.sync.transaction([...skeleton(), ...rules.map(([chain, one]) => table.rule(chain, one.comment(name)))]));
  return rules.length;
}

function publish({ hostPort, containerPort, protocol, hostIP }: Port, to: string, family: 'ip' | 'ip6'): RuleBuilder {
  const here = hostIP && !/^(0\.0\.0\.0|::)$/.test(hostIP) ? rule()[family].daddr(hostIP)
    : rule().meta.nfproto(family === 'ip' ? 'ipv4' : 'ipv6').fib.daddr.type('local');
  return here[protocol].dport(hostPort).dnat({ to, port: containerPort });
}

/** The rules of an attachment as the kernel has them; none where there is no table. */
export const rulesOf = (nft: Netfilter, name: string) => patiently(() => nft.sync.rule.list({ family: table.family, table: table.name }))
  .filter((one) => one.userdata?.comment === name);

/** Takes the rules of an attachment away, and with the last ones the table; again costs nothing. */
export function untranslate(name: string, state: string): void {
  using nft = openNetfilter();
  if (rulesOf(nft, name).length > 0) aloneWithRules(state, () => patiently(() => {
    const generation = nft.sync.generation.get().id!;
    const all = nft.sync.rule.list({ family: table.family, table: table.name });
    const own = all.filter((one) => one.userdata?.comment === name);
    // whether the table is nobody's any more is true of this generation alone
    const changes = own.length === all.length ? [table.remove()] : own.map(({ chain, handle }) => table.deleteRule(chain!, handle!));
    if (own.length > 0) nft.sync.transaction(changes, { generation });
  }));
}

/** Of many that come and go at once each would only see the others change the rules. */
const aloneWithRules = <T>(state: string, work: () => T): T => locked(join(state, 'rules.lock'), work);

/** Again, where somebody else has changed the rules while we looked at them. */
export function patiently<T>(work: () => T): T {
  for (let tries = 0; ; tries++) {
    try {
      return work();
    } catch (error) {
      if (tries === 50 || !['ERR_DUMP_INTERRUPTED', 'ERESTART'].includes((error as { code: string }).code)) throw error;
    }
  }
}
