/**
 * Writes docs/kinds.md from the declarations: the kinds of links, ports, qdiscs, classes, filters and
 * actions with their options, and the kernels on which each was seen. `npm run operations` runs it.
 */
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { linkKinds } from '../src/route/link/kinds/index.ts';
import { portKinds } from '../src/route/link/port/index.ts';
import { actionKinds } from '../src/route/tc/action/kinds/index.ts';
import { filterKinds } from '../src/route/tc/filter/kinds/index.ts';
import { classKinds, qdiscKinds } from '../src/route/tc/qdisc/kinds/index.ts';

const top = dirname(dirname(fileURLToPath(import.meta.url)));

/** What the live tests made, listed and compared with iproute2, by kernel: this machine's and those of `npm run test:kernels`. */
const seen: { readonly [kernel: string]: { readonly [group: string]: string } } = {
  '6.1': {
    link: 'batadv bond bridge dummy erspan geneve gre gretap ifb ip6erspan ip6gre ip6gretap ip6tnl ipip ipvlan ipvtap macsec macvlan macvtap nlmon sit team vcan veth vlan vrf vti vti6 vxcan vxlan wireguard xfrm',
    port: 'bridge',
    qdisc: 'bfifo cake cbs clsact codel drr etf ets fq fq_codel fq_pie hfsc hhf htb ingress netem pfifo pfifo_fast pie plug prio qfq red sfq tbf',
    class: 'drr ets hfsc htb qfq',
    filter: 'basic bpf cgroup flow flower fw matchall route u32',
    action: 'bpf connmark csum ct ctinfo gact mirred mpls nat pedit police sample simple skbedit skbmod tunnel_key vlan',
  },
  '6.18': {
    link: 'bridge ifb macvlan macvtap tun veth vxlan', port: 'bridge', qdisc: 'bfifo clsact htb ingress noqueue pfifo pfifo_fast tbf', class: 'htb', filter: 'bpf u32', action: 'mirred',
  },
};

/** Kinds that no kernel at hand makes, and why. Their messages are compared with what `ip` sends, where it has words for them. */
const nowhere: { readonly [kind: string]: string } = {
  'link amt': 'Debian builds its kernels without it; sent as `ip` sends it',
  'link bareudp': 'Debian builds its kernels without it; sent as `ip` sends it',
  'link can': 'a CAN controller has it; `vcan` stands for it in tests',
  'link dsa': 'a switch chip has it',
  'link gtp': 'to be made by netlink alone it takes a kernel after 6.1; sent as `ip` sends it',
  'link hsr': 'Debian builds its kernels without it; sent as `ip` sends it',
  'link ipoib': 'InfiniBand hardware has it; sent as `ip` sends it',
  'link netdevsim': 'made by writing to /sys/bus/netdevsim, not by netlink; sent as `ip` sends it',
  'link ovpn': 'Linux 6.16 and later',
  'link rmnet': 'Debian builds its kernels without it; sent as `ip` sends it',
  'link tun': 'made through /dev/net/tun, by `netlink-ts` too; its options are only reported',
  'port bond': 'no test makes one yet', 'port vrf': 'no test makes one yet',
  'qdisc mq': 'devices with several queues have it', 'qdisc mqprio': 'wants a device with several queues; sent as `tc` sends it',
  'qdisc multiq': 'wants a device with several queues; sent as `tc` sends it', 'qdisc taprio': 'wants a device with several queues; sent as `tc` sends it',
  'qdisc pfifo_head_drop': 'the options of pfifo under another name',
  'qdisc noqueue': 'what a device has that keeps no packets',
  'link netkit': 'Linux 6.7 and later',
  'link virt_wifi': 'Debian builds its kernels without it',
};

type Set = { readonly declarations?: { readonly [name: string]: { readonly codec: Set } }; readonly fields?: { readonly [name: string]: unknown }; readonly inner?: Set };

/** The names of what a kind takes. */
function optionsOf(codec: Set): string[] {
  if (codec.declarations)
    return Object.entries(codec.declarations).flatMap(([name, { codec: own }]) => (name === 'parms' && own.fields ? Object.keys(own.fields) : [name]));
  return codec.fields ? Object.keys(codec.fields) : codec.inner ? optionsOf(codec.inner) : [];
}

/** The whole page. */
export function kindsPage(): string {
  const where = (group: string, kind: string): string =>
    Object.keys(seen).filter((kernel) => seen[kernel]![group]?.split(' ').includes(kind)).join(', ') || nowhere[`${group} ${kind}`] || 'nowhere, and nobody knows why';
  const table = (title: string, group: string, kinds: object): string => {
    const rows = Object.entries(kinds as { [kind: string]: Set }).map(([kind, codec]) =>
      `| \`${kind}\` | ${optionsOf(codec).map((name) => `\`${name}\``).join(' ') || 'none'} | ${where(group, kind)} |`);
    return `## ${title}\n\n| Kind | Options | Seen on Linux |\n|---|---|---|\n${rows.join('\n')}\n`;
  };
  return [
    '# Kinds\n\nWritten by `npm run operations` from the declarations; the second column is what lies on\nthe wire, in our words. A link, qdisc, filter or action of any other kind is read and\n'
      + 'written as well, its options by number or as bytes. `npm run test:kernels` runs the live tests on Debian\'s 6.1 and 6.12.\n\n'
      + 'Options of a team are not rtnetlink: `teamd` sets them by generic netlink. A wireguard\'s keys and peers are generic netlink as well.\n',
    table('Links', 'link', linkKinds), table('Ports of links', 'port', portKinds), table('Qdiscs', 'qdisc', qdiscKinds), table('Classes', 'class', classKinds),
    table('Filters', 'filter', filterKinds), table('Actions', 'action', actionKinds),
  ].join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(join(top, 'docs/kinds.md'), kindsPage());
