import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openNetfilter, rule, type Family, type RuleBuilder } from '../../../src/netfilter/index.ts';
import { build } from '../../../src/netfilter/builder/builder.ts';
import { installed } from '../../support/installed.ts';
import { skip } from '../../support/skip.ts';
import { listed, nft, sent } from './nft.ts';

const r = rule;

/** Rules as nft writes them and as we do. */
const pairs: readonly (readonly [type: 'nat' | 'filter', hook: string, text: string, ours: RuleBuilder,
  families?: readonly Family[]])[] = [
  ['nat', 'prerouting', 'fib daddr type local tcp dport 8080 counter dnat to 10.50.0.2:80',
    r().fib.daddr.type('local').tcp.dport(8080).counter().dnat({ to: '10.50.0.2', port: 80 }), ['ip']],
  ['nat', 'prerouting', 'tcp dport 8080 dnat ip to 10.50.0.2:80',
    r().tcp.dport(8080).dnat({ to: '10.50.0.2', port: 80 }), ['inet']],
  ['nat', 'prerouting', 'tcp dport 8080 dnat ip6 to [fd00::2]:80',
    r().tcp.dport(8080).dnat({ to: 'fd00::2', port: 80 }), ['inet']],
  ['nat', 'prerouting', 'udp dport 53 dnat to [fd00::2]:5300-5309',
    r().udp.dport(53).dnat({ to: 'fd00::2', port: '5300-5309' }), ['ip6']],
  ['nat', 'prerouting', 'dnat to 10.0.0.2-10.0.0.9 random', r().dnat({ to: '10.0.0.2-10.0.0.9', random: true }),
    ['ip']],
  ['nat', 'prerouting', 'dnat ip to meta l4proto . th dport map @ports4',
    r().dnat({ map: 'ports4', by: ['meta.l4proto', 'th.dport'], family: 'ip', withPort: true }), ['ip', 'inet']],
  ['nat', 'prerouting', 'dnat ip6 to ip6 daddr . meta l4proto . th dport map @ports6',
    r().dnat({ map: '@ports6', by: ['ip6.daddr', 'meta.l4proto', 'th.dport'], family: 'ip6', withPort: true }), ['inet']],
  ['nat', 'prerouting', 'dnat ip to tcp dport map @to4', r().dnat({ map: 'to4', by: ['tcp.dport'], family: 'ip' }), ['ip']],
  ['nat', 'prerouting', 'tcp dport 80 redirect to :8080', r().tcp.dport(80).redirect({ port: 8080 })],
  ['nat', 'prerouting', 'redirect', r().redirect()],
  ['nat', 'output', 'fib daddr type local tcp dport 8080 dnat to 10.50.0.2:80',
    r().fib.daddr.type('local').tcp.dport(8080).dnat({ to: '10.50.0.2', port: 80 }), ['ip']],
  ['nat', 'postrouting', 'ip saddr 10.50.0.0/24 oifname != "vsv" counter masquerade',
    r().ip.saddr('10.50.0.0/24').oifname.not('vsv').counter().masquerade()],
  ['nat', 'postrouting', 'ip saddr 10.50.0.0/20 ip daddr != 10.50.0.0/20 masquerade',
    r().ip.saddr('10.50.0.0/20').ip.daddr.not('10.50.0.0/20').masquerade()],
  ['nat', 'postrouting', 'ip6 saddr fd00::/64 masquerade fully-random,persistent',
    r().ip6.saddr('fd00::/64').masquerade({ fullyRandom: true, persistent: true }), ['ip6', 'inet']],
  ['nat', 'postrouting', 'meta l4proto tcp masquerade to :1024-65535',
    r().meta.l4proto('tcp').masquerade({ port: '1024-65535' })],
  ['nat', 'postrouting', 'oifname "eth0" snat to 192.0.2.1', r().oifname('eth0').snat({ to: '192.0.2.1' }), ['ip']],
  ['filter', 'input', 'ct state established,related accept', r().ct.state('established', 'related').accept()],
  ['filter', 'input', 'ct state invalid drop', r().ct.state('invalid').drop()],
  ['filter', 'input', 'ct status dnat accept', r().ct.status('dnat').accept()],
  ['filter', 'input', 'ct mark 0x7 accept', r().ct.mark(7).accept()],
  ['filter', 'input', 'ct mark set 0x7', r().ct.mark.set(7)],
  ['filter', 'input', 'ct direction reply accept', r().ct.direction('reply').accept()],
  ['filter', 'input', 'iifname "veth*" tcp dport != 22 reject with icmpx type admin-prohibited',
    r().iifname('veth*').tcp.dport.not(22).reject('admin-prohibited'), ['inet']],
  ['filter', 'input', 'reject', r().reject()],
  ['filter', 'input', 'meta l4proto tcp reject with tcp reset', r().meta.l4proto('tcp').reject('tcp-reset')],
  ['filter', 'input', 'iif 1 oif 1 accept', r().iif(1).oif(1).accept()],
  ['filter', 'input', 'meta mark & 0xff == 0x1 meta mark set 0x2',
    r().meta.mark({ value: 1, mask: 0xff }).meta.mark.set(2)],
  ['filter', 'input', 'meta mark != 5 accept', r().meta.mark.not(5).accept()],
  ['filter', 'input', 'meta skuid 1000 accept', r().meta.skuid(1000).accept()],
  ['filter', 'input', 'meta nfproto ipv4 tcp dport 80-90 accept', r().meta.nfproto('ipv4').tcp.dport('80-90').accept(),
    ['inet']],
  ['filter', 'input', 'tcp sport != 80-90 drop', r().tcp.sport.not('80-90').drop()],
  ['filter', 'input', 'tcp flags syn / fin,syn,rst,ack drop',
    r().tcp.flags.masked(['syn'], ['fin', 'syn', 'rst', 'ack']).drop()],
  ['filter', 'input', 'tcp flags syn,rst drop', r().tcp.flags('syn', 'rst').drop()],
  ['filter', 'input', 'ip protocol udp udp dport 53 accept', r().ip.protocol('udp').udp.dport(53).accept()],
  ['filter', 'input', 'ip saddr @s accept', r().ip.saddr('@s').accept()],
  ['filter', 'input', 'ip saddr != @s accept', r().ip.saddr.not('@s').accept()],
  ['filter', 'input', 'ip saddr . tcp dport @pairs accept', r().concat('ip.saddr', 'tcp.dport')('@pairs').accept(),
    ['ip']],
  ['filter', 'input', 'ip saddr . tcp dport != @pairs drop', r().concat('ip.saddr', 'tcp.dport').not('@pairs').drop(),
    ['inet']],
  ['filter', 'input', 'ip saddr . tcp dport vmap @pv', r().concat('ip.saddr', 'tcp.dport').vmap('@pv'), ['ip']],
  ['filter', 'input', 'tcp dport vmap @v', r().tcp.dport.vmap('@v')],
  ['filter', 'input', 'icmp type echo-request accept', r().icmp.type('echo-request').accept(), ['ip']],
  ['filter', 'input', 'icmpv6 type nd-neighbor-solicit accept', r().icmpv6.type('nd-neighbor-solicit').accept(),
    ['ip6']],
  ['filter', 'input', 'log prefix "seen: " level debug', r().log({ prefix: 'seen: ', level: 'debug' })],
  ['filter', 'input', 'log prefix "x" group 1 snaplen 64', r().log({ prefix: 'x', group: 1, snaplen: 64 })],
  ['filter', 'input', 'limit rate 10/second accept', r().limit({ rate: 10 }).accept()],
  ['filter', 'input', 'limit rate over 5/minute burst 7 packets drop',
    r().limit({ rate: 5, per: 'minute', burst: 7, over: true }).drop()],
  ['filter', 'input', 'jump g', r().jump('g')],
  ['filter', 'input', 'goto g', r().goto('g')],
  ['filter', 'input', 'return', r().return()],
  ['filter', 'input', 'counter name "n" drop', r().counter('n').drop()],
  ['filter', 'input', 'meta l4proto { tcp, udp } th dport 53 accept',
    r().meta.l4proto(['tcp', 'udp']).th.dport(53).accept()],
  ['filter', 'input', 'tcp dport { 80, 443 } accept', r().tcp.dport([80, 443]).accept()],
  ['filter', 'input', 'ip saddr { 10.0.0.0/8, 192.168.1.1-192.168.1.9 } accept',
    r().ip.saddr(['10.0.0.0/8', '192.168.1.1-192.168.1.9']).accept()],
  ['filter', 'input', 'iifname { "a", "b" } accept', r().iifname(['a', 'b']).accept()],
  ['filter', 'input', 'accept comment "of ours"', r().accept().comment('of ours')],
  ['filter', 'prerouting', 'notrack', r().notrack()],
];

const familiesOf = (text: string, families?: readonly Family[]): readonly Family[] =>
  families ?? (/\bip6 /.test(text) ? ['ip6', 'inet'] : /\bip /.test(text) ? ['ip', 'inet'] : ['ip', 'ip6', 'inet']);

const chain = (type: string, hook: string) => `chain c { type ${type} hook ${hook} priority 0; }`;
const around = (family: Family, table: string, type: string, hook: string, text: string) => `table ${family} ${table} {
  set s { type ipv4_addr; }
  map v { type inet_service : verdict; }
  map to4 { type inet_service : ipv4_addr; }
  map ports4 { type inet_proto . inet_service : ipv4_addr . inet_service; }
  map ports6 { type ipv6_addr . inet_proto . inet_service : ipv6_addr . inet_service; }
  set pairs { type ipv4_addr . inet_service; }
  map pv { type ipv4_addr . inet_service : verdict; }
  counter n { }
  chain g { }
  ${chain(type, hook)}
}
${text === '' ? '' : `add rule ${family} ${table} c ${text}`}`;

/** Each rule in each family, in a table of its own. */
const cases = pairs.flatMap(([type, hook, text, ours, only]) =>
  familiesOf(text, only).map((family) => ({ type, hook, text, ours, family })));
const script = (name: string, rules: boolean): string =>
  cases.map(({ type, hook, text, family }, i) =>
    around(family, `${name}${i}`, type, hook, rules ? text : '')).join('\n');

if (installed('nft')) {
  test('what we write, nft reads as if it had written it, and the kernel has the same', async () => {
    using nl = openNetfilter();
    nft(script('theirs', true));
    nft(script('ours', false));
    await nl.transaction((t) => cases.map(({ family, ours }, i) =>
      t.rule.add({ family, table: `ours${i}`, chain: 'c', expressions: ours })));
    const inJson = listed('ruleset').flatMap((item) =>
      ('rule' in item ? [item.rule as { table: string; chain: string }] : []));
    const inKernel = await nl.rule.list();
    for (const [i, { text, family }] of cases.entries()) {
      const [ours, theirs] = [`ours${i}`, `theirs${i}`].map((name) => {
        const json = inJson.filter(({ table, chain }) => table === name && chain === 'c').map((rule) =>
          ({ ...rule, table: undefined }));
        return { json, kernel: inKernel.filter(({ table, chain }) => table === name && chain === 'c') };
      });
      assert.is(ours!.json.length, 1, text);
      assert.equal(ours!.json, theirs!.json, `${family}: ${text}`);
      const anonymous = (expressions: unknown) => JSON.stringify(expressions, plain).replaceAll(/__set\d+/g, '__set');
      assert.is(anonymous(ours!.kernel[0]!.expressions), anonymous(theirs!.kernel[0]!.expressions),
        `${family}: ${text}`);
      assert.equal(ours!.kernel[0]!.userdata, theirs!.kernel[0]!.userdata);
    }
    const tables = await nl.table.list();
    await nl.transaction((t) => tables.map(({ family, name }) => t.table.delete({ family, name })));
    assert.equal(await nl.table.list(), []);
  });

  test('nft sends the same expressions', () => {
    if (!installed('strace')) return skip('strace is not installed');
    const messages = sent(script('t', true)).filter(({ cName }) => cName === 'NFT_MSG_NEWRULE');
    for (const [i, { text, ours, family }] of cases.entries()) {
      if (/\{|counter|log|limit/.test(text)) continue; // sets of their own, and defaults that only the kernel fills in
      const theirs = messages.find(({ value }) => value.table === `t${i}`)?.value.expressions;
      const mine = build(ours, { family, table: 't' }).expressions;
      assert.equal(JSON.parse(JSON.stringify(mine, plain)), JSON.parse(JSON.stringify(theirs, plain)),
        `${family}: ${text}`);
    }
  });
  test.run();
} else skip('nft is not installed');

/** Bytes and bigints as JSON has them; flags without any are none. */
function plain(key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (key === 'setId' || value === 'maskXor') return undefined; // the name tells; the kernel's default
  if (key === 'flags' && Object.keys(value as object).length === 0) return undefined;
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
  return value;
}
