import { openNetfilter, ownTable, rule, type Netfilter, type RuleBuilder } from '../../netfilter/index.ts';
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
  /** The link by which the host reaches the container. */
  readonly link: string;
  readonly masquerade: boolean;
}

/** Publishes ports of a container and hides its addresses behind the host's, in one transaction. */
export function translate(nft: Netfilter, { name, addresses, ports, link, masquerade }: Translation): void {
  const rules = addresses.flatMap(({ address }): [string, RuleBuilder][] => {
    const own = address.replace(/\/.*/, ''), family = own.includes(':') ? 'ip6' : 'ip';
    const published = ports.filter(({ hostIP }) => !hostIP || hostIP.includes(':') === (family === 'ip6'));
    return [
      ...published.flatMap((port) => (['prerouting', 'output'] as const).map((chain): [string, RuleBuilder] =>
        [chain, publish(port, own, family)])),
      ...(masquerade ? [['postrouting', rule()[family].saddr(own).oifname.not(link).masquerade()] as [string, RuleBuilder]] : []),
      // a container that asks at its own published port, and the host that asks at 127.0.0.1, get answers this way
      ...(published.length > 0 ? [['postrouting', rule()[family].daddr(own)[family].saddr(own).masquerade()] as [string, RuleBuilder]] : []),
      ...(published.length > 0 && family === 'ip' ? [
        ['postrouting', rule().ip.saddr('127.0.0.0/8').ip.daddr(own).masquerade()] as [string, RuleBuilder],
        ['guard', rule().iifname(link).ip.daddr('127.0.0.0/8').drop()] as [string, RuleBuilder],
      ] : []),
    ];
  });
  if (rules.length > 0) nft.sync.transaction([...skeleton(), ...rules.map(([chain, one]) => table.rule(chain, one.comment(name)))]);
}

function publish({ hostPort, containerPort, protocol, hostIP }: Port, to: string, family: 'ip' | 'ip6'): RuleBuilder {
  const here = hostIP && !/^(0\.0\.0\.0|::)$/.test(hostIP) ? rule()[family].daddr(hostIP)
    : rule().meta.nfproto(family === 'ip' ? 'ipv4' : 'ipv6').fib.daddr.type('local');
  return here[protocol].dport(hostPort).dnat({ to, port: containerPort });
}

/** The rules of an attachment as the kernel has them; none where there is no table. */
export const rulesOf = (nft: Netfilter, name: string) => nft.sync.rule.list({ family: table.family, table: table.name })
  .filter((one) => one.userdata?.comment === name);

/** Takes the rules of an attachment away, and with the last ones the table; again costs nothing. */
export function untranslate(name: string): void {
  using nft = openNetfilter();
  for (let tries = 0; ; tries++) {
    const generation = nft.sync.generation.get().id!;
    const all = nft.sync.rule.list({ family: table.family, table: table.name });
    const own = all.filter((one) => one.userdata?.comment === name);
    if (own.length === 0) return;
    try {
      // whether the table is nobody's any more is true of this generation alone: two who leave at once must see each other
      const changes = own.length === all.length ? [table.remove()] : own.map(({ chain, handle }) => table.deleteRule(chain!, handle!));
      nft.sync.transaction(changes, { generation });
      return;
    } catch (error) {
      if (tries > 50) throw error; // another process has changed the table between the two looks
    }
  }
}
