import { execFileSync } from 'node:child_process';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openNetfilter, type Expression, type Family, type Ruleset } from '../../../src/netfilter/index.ts';
import { installed } from '../../support/installed.ts';
import { skip } from '../../support/skip.ts';
import { listed, nft } from './nft.ts';

const nl = openNetfilter();
test.after.each(async () => {
  const tables = await nl.table.list();
  await nl.transaction((t) => tables.map(({ family, name }) => t.table.delete({ family, name })));
});
test.after(() => nl.close());

/** Nearly everything that nft 1.0.6 can say and this sort of kernel takes. */
const script = (family: Family, name: string) => `table ${family} ${name} {
  comment "all sorts"
  counter cnt { packets 3 bytes 99 }
  quota q { over 25 mbytes }
  limit lim { rate 400/minute burst 7 packets }
  set hosts { type ipv4_addr; comment "some hosts"; elements = { 10.0.0.1 comment "one", 10.0.0.2 } }
  set nets { type ipv4_addr; flags interval; elements = { 10.0.0.0/8, 192.168.1.1-192.168.1.9, 255.255.255.255 } }
  set pairs { type ipv4_addr . inet_service; flags interval; elements = { 10.0.0.0/8 . 80-90, 1.2.3.4 . 22 } }
  set plainpairs { type ipv4_addr . inet_service; elements = { 1.2.3.4 . 22 } }
  set marks { type mark; elements = { 1, 2 } }
  set names { type ifname; elements = { "eth0", "veth1" } }
  set leases { type ipv4_addr; flags timeout, dynamic; timeout 1h; elements = { 10.9.9.9 timeout 30m } }
  set counted { type inet_service; counter; elements = { 80 counter packets 0 bytes 0 } }
  map ports { type inet_service : ipv4_addr; elements = { 80 : 10.0.0.1, 443 : 10.0.0.2 } }
  map verdicts { type inet_service : verdict; elements = { 80 : jump g, 443 : drop } }
  map limits { type ipv4_addr : counter; elements = { 10.0.0.1 : "cnt" } }
  chain g {
    counter return comment "back"
  }
  chain pre { type filter hook prerouting priority -250; policy accept;
    ct state { established, related } counter accept
    tcp dport vmap { 22 : accept, 80-90 : drop, 100 : jump g }
    tcp dport vmap @verdicts
    ip saddr @nets ip daddr != { 1.1.1.1, 2.2.2.0/24 } drop
    ip saddr . tcp dport @pairs accept
    iifname { "eth0", "lo" } meta mark set ct mark
    meta mark & 0xff00 == 0x100 ct mark set meta mark or 0x1
    tcp flags & (fin|syn) == syn tcp option maxseg size set 1400
    limit name "lim" quota name "q" counter name "cnt" log prefix "hello x" group 2
    ip dscp set 1
    numgen random mod 2 0 accept
    jhash ip saddr mod 4 seed 0x1 1 accept
    add @leases { ip saddr timeout 10m }
    fib saddr . iif oif missing drop
    socket transparent 1 accept
    ct count over 5 drop
    rt classid 1 accept
    ip saddr 10.0.0.0/9 udp dport 53-55 notrack
    meta l4proto tcp tproxy ip to :80
    @th,0,16 80 accept
    meta time > "2020-01-01 00:00:00" meta day "Monday" meta hour "08:00"-"17:00" accept
    meta l4proto tcp reject with tcp reset
  }
  chain nat { type nat hook prerouting priority dstnat; policy accept;
    dnat ip to tcp dport map @ports
    tcp dport 81 dnat ip to numgen inc mod 2 map { 0 : 10.0.0.1, 1 : 10.0.0.2 }
    meta l4proto tcp redirect to :80
  }
  chain post { type nat hook postrouting priority 100; policy accept;
    meta l4proto tcp masquerade to :1024-2048 random
    snat ip to 192.0.2.1-192.0.2.5 persistent
  }
}`;

/** Writes what was read into another table. */
async function copy(from: Ruleset, family: Family, name: string): Promise<void> {
  const renamed = new Map<string, number>();
  from.sets.filter((set) => set.flags?.anonymous).forEach((set, i) => renamed.set(set.name, i + 1));
  const inside = (expression: Expression): Expression => {
    const data = expression.data as { set?: string; setId?: number } | undefined, id = data?.set === undefined
      ? undefined : renamed.get(data.set);
    return id === undefined ? expression : { ...expression,
      data: { ...data, set: '__set%d', setId: id } } as Expression;
  };
  await nl.transaction((t) => {
    for (const table of from.tables) t.table.add({ ...table, name });
    for (const chain of from.chains) t.chain.add({ ...chain, table: name });
    for (const object of from.objects) t.object.add({ ...object, table: name } as never);
    for (const named of from.sets.filter((set) => !set.flags?.anonymous)) {
      const { elements, count: _count, backend: _backend, ...set } = named;
      t.set.add({ ...set, table: name });
      if (elements.length > 0) t.element.add({ ...set, table: name },
        elements.map((element) => ({ ...element, expiration: undefined })));
    }
    for (const rule of from.rules) {
      // a set without a name is made with the rule that uses it
      for (const set of from.sets.filter((one) =>
        rule.expressions.some(({ data }) => (data as { set?: string } | undefined)?.set === one.name &&
        renamed.has(one.name)))) {
        const id = renamed.get(set.name)!;
        t.set.add({ ...set, table: name, name: '__set%d', id, elements: undefined, count: undefined,
          backend: undefined } as never);
        t.element.add({ family, table: name, name: '__set%d', id }, set.elements);
      }
      t.rule.add({ ...rule, table: name, expressions: rule.expressions.map(inside) });
    }
  });
}

if (installed('nft')) {
  for (const family of ['ip', 'inet'] as const)
    test(`what nft wrote we read and write again: ${family}`, async () => {
      nft(script(family, 'theirs'));
      const read = await nl.ruleset.list({ family, table: 'theirs' });
      assert.ok(read.rules.length > 20);
      const unknown = JSON.stringify(read, (key, value) =>
        (typeof value === 'bigint' ? String(value) : key === 'unknown'
        ? assert.unreachable(`unknown ${JSON.stringify(value)}`) : value));
      assert.ok(unknown);
      const theirs = named(listed('table', family, 'theirs'), 'theirs');
      await copy(read, family, 'ours');
      assert.equal(named(listed('table', family, 'ours'), 'ours'), theirs);
    });

  test('rules of iptables-nft are opaque, and nothing of them is lost', async () => {
    if (!installed('iptables-nft')) return skip('iptables-nft is not installed');
    const iptables = (...args: string[]) => execFileSync('iptables-nft', ['-w', ...args], { encoding: 'utf8' });
    try {
      iptables('-t', 'nat', '-A', 'POSTROUTING', '-s', '10.9.0.0/24', '!', '-o', 'docker0', '-j', 'MASQUERADE');
      iptables('-A', 'FORWARD', '-m', 'conntrack', '--ctstate', 'RELATED,ESTABLISHED', '-m', 'comment', '--comment',
        'x', '-j', 'ACCEPT');
    } catch (error) {
      return skip(`iptables-nft cannot: ${String((error as { stderr?: string }).stderr ?? error).trim().split('\n')[0]}`);
    }
    const before = execFileSync('iptables-nft-save', { encoding: 'utf8' }).replaceAll(/^#.*$|\[\d+:\d+\]/gm, '');
    const rules = await nl.rule.list({ family: 'ip' });
    const opaque = rules.flatMap(({ expressions }) => expressions).filter(({ name }) => name === 'match' ||
      name === 'target');
    assert.ok(opaque.length > 0, JSON.stringify(rules.map(({ expressions }) => expressions.map(({ name }) => name))));
    for (const { data } of opaque as { data: { info?: Uint8Array } }[]) assert.instance(data.info, Uint8Array);
    for (const rule of rules) await nl.rule.replace({ ...rule, handle: rule.handle! });
    assert.is(execFileSync('iptables-nft-save', { encoding: 'utf8' }).replaceAll(/^#.*$|\[\d+:\d+\]/gm, ''), before);
  });
  test.run();
} else skip('nft is not installed');

/** The same under one table name; time that runs is left out. */
function named(items: object[], table: string): unknown {
  return JSON.parse(JSON.stringify(items, (key, value) =>
    (key === 'expires' ? undefined : value === table && (key === 'table' || key === 'name') ? 'T' : value)));
}
