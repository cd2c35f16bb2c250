import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Collected } from './collect.ts';

/** The kernel's headers whose names we use. */
const headers = [
  'asm/types.h', 'linux/types.h', 'linux/socket.h', 'linux/time.h', 'linux/in.h', 'linux/in6.h', 'linux/if.h', 'linux/if_ether.h', 'linux/if_arp.h',
  'linux/if_addr.h', 'linux/if_addrlabel.h', 'linux/if_bonding.h', 'linux/if_bridge.h', 'linux/if_link.h', 'linux/if_macsec.h', 'linux/if_tunnel.h',
  'linux/if_tun.h', 'linux/if_vlan.h', 'linux/if_xdp.h', 'linux/ip.h', 'linux/ipv6.h', 'linux/can/netlink.h', 'linux/can/vxcan.h', 'linux/veth.h',
  'linux/amt.h', 'linux/batman_adv.h', 'linux/fib_rules.h', 'linux/gen_stats.h', 'linux/lwtunnel.h', 'linux/mpls.h', 'linux/mpls_iptunnel.h',
  'linux/neighbour.h', 'linux/netconf.h', 'linux/net_namespace.h', 'linux/netlink.h', 'linux/nexthop.h', 'linux/pkt_cls.h', 'linux/pkt_sched.h',
  'linux/rtnetlink.h', 'linux/seg6.h', 'linux/seg6_iptunnel.h', 'linux/seg6_local.h', 'linux/seg6_hmac.h', 'linux/ioam6.h', 'linux/ioam6_iptunnel.h',
  'linux/ila.h', 'linux/rpl_iptunnel.h', 'linux/filter.h', 'linux/tc_act/tc_bpf.h', 'linux/tc_act/tc_connmark.h', 'linux/tc_act/tc_csum.h',
  'linux/tc_act/tc_ct.h', 'linux/tc_act/tc_ctinfo.h', 'linux/tc_act/tc_defact.h', 'linux/tc_act/tc_gact.h', 'linux/tc_act/tc_gate.h',
  'linux/tc_act/tc_ife.h', 'linux/tc_act/tc_mirred.h', 'linux/tc_act/tc_mpls.h', 'linux/tc_act/tc_nat.h', 'linux/tc_act/tc_pedit.h',
  'linux/tc_act/tc_sample.h', 'linux/tc_act/tc_skbedit.h', 'linux/tc_act/tc_skbmod.h', 'linux/tc_act/tc_tunnel_key.h', 'linux/tc_act/tc_vlan.h',
  'linux/xfrm.h', 'linux/netfilter.h', 'linux/netfilter/nfnetlink.h', 'linux/netfilter/nf_tables.h', 'linux/netfilter/nf_nat.h',
  'linux/netfilter/nf_log.h', 'linux/netfilter/nfnetlink_conntrack.h', 'linux/netfilter/nf_conntrack_common.h',
  'linux/netfilter/nf_conntrack_tcp.h', 'linux/netfilter/nf_conntrack_sctp.h',
];

export interface HeaderReport {
  /** Names that the headers have, with our number or place. */
  readonly agreed: number;
  readonly wrong: readonly string[];
  /** What these headers do not have: newer than they, or another program's. */
  readonly unknown: readonly string[];
}

/** Why the comparison cannot be made here; undefined where it can. */
export function missing(): string | undefined {
  if (!existsSync('/usr/include/linux/rtnetlink.h')) return 'the kernel\'s headers are not installed';
  return spawnSync('cc', ['--version']).status === 0 ? undefined : 'there is no C compiler';
}

/** Lets a C compiler compare our numbers and places with those of the installed headers. */
export function compareHeaders({ constants, members, sizes }: Collected): HeaderReport {
  const claims = [
    ...constants.map(({ cName, number }) => ({ says: `${cName} is ${number}`, test: `(unsigned)(${cName}) == ${number >>> 0}u` })),
    ...members.map(({ struct, member, offset }) => ({ says: `${struct}.${member} is at ${offset}`, test: `__builtin_offsetof(struct ${struct}, ${member}) == ${offset}` })),
    ...sizes.map(({ struct, size }) => ({ says: `struct ${struct} has ${size} bytes`, test: `sizeof(struct ${struct}) == ${size}` })),
  ];
  const lines = headers.filter((name) => existsSync(`/usr/include/${name}`) || name.startsWith('asm/')).map((name) => `#include <${name}>`);
  const first = lines.length + 1;
  const source = [...lines, ...claims.map(({ test }) => `_Static_assert(${test}, "differs");`)].join('\n');
  const { stderr, error } = spawnSync('cc', ['-fsyntax-only', '-fmax-errors=0', '-x', 'c', '-'], { input: `${source}\n`, encoding: 'utf8', maxBuffer: 1 << 26, env: { ...process.env, LC_ALL: 'C' } });
  if (error) throw error;
  const wrong = new Set<number>(), unknown = new Set<number>();
  for (const [, line, text] of stderr.matchAll(/^<stdin>:(\d+):\d+: error: (.*)$/gm)) (text!.includes('static assertion failed') ? wrong : unknown).add(Number(line) - first);
  for (const line of [...wrong, ...unknown]) if (line < 0) throw new Error(stderr.slice(0, 2000));
  const said = (lines: Iterable<number>): string[] => [...lines].map((i) => claims[i]!.says);
  return { agreed: claims.length - new Set([...wrong, ...unknown]).size, wrong: said(wrong), unknown: said(unknown) };
}
