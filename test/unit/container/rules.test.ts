import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { natRule } from '../../../src/container/inspect/rules.ts';
import { build } from '../../../src/netfilter/builder/builder.ts';
import { rule, type Expression, type Rule, type RuleBuilder } from '../../../src/netfilter/index.ts';

/* What rules of others do to addresses, whoever wrote them: nft in its own expressions, iptables in matches and targets. */
const read = (family: 'ip' | 'ip6', one: RuleBuilder | readonly Expression[]): object | undefined => {
  const place = { family, table: 'nat' }, expressions = Array.isArray(one) ? one : build(one as RuleBuilder, place).expressions;
  const found = natRule({ ...place, chain: 'c', expressions } as unknown as Rule);
  if (found === undefined) return undefined;
  const { place: where, ...rest } = found;
  assert.is(where, `${family} nat c`);
  return Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
};
const four = (one: RuleBuilder | readonly Expression[]) => read('ip', one), six = (one: RuleBuilder | readonly Expression[]) => read('ip6', one);

test('rules as nft writes them', () => {
  assert.equal(four(rule().tcp.dport(8080).dnat({ to: '172.17.0.2', port: 80 })), { action: 'dnat', protocol: 'tcp', hostPort: 8080, address: '172.17.0.2', port: 80 });
  assert.equal(four(rule().ip.daddr('192.0.2.1').udp.dport(53).dnat({ to: '172.17.0.2' })), { action: 'dnat', protocol: 'udp', hostPort: 53, hostAddress: '192.0.2.1', address: '172.17.0.2' });
  assert.equal(four(rule().ip.saddr('172.17.0.0/16').masquerade()), { action: 'masquerade', source: '172.17.0.0/16' });
  assert.equal(four(rule().ip.saddr('172.17.0.0/12').oifname.not('docker0').masquerade()), { action: 'masquerade', source: '172.16.0.0/12' });
  assert.equal(four(rule().ip.saddr('172.17.0.2').snat({ to: '192.0.2.1' })), { action: 'snat', source: '172.17.0.2', address: '192.0.2.1' });
  assert.equal(four(rule().tcp.dport(80).redirect({ port: 8080 })), { action: 'redirect', protocol: 'tcp', hostPort: 80, port: 8080 });
  assert.equal(six(rule().ip6.saddr('fd00::/64').ip6.daddr('2001:db8::1').tcp.dport(80).dnat({ to: 'fd00::2', port: 81 })),
    { action: 'dnat', protocol: 'tcp', source: 'fd00::/64', hostAddress: '2001:db8::1', hostPort: 80, address: 'fd00::2', port: 81 });
  assert.equal(six(rule().ip6.saddr('fd00::/61').masquerade()), { action: 'masquerade', source: 'fd00::/61' });
});

test('what is no translation of addresses, and what does not say of whom', () => {
  assert.is(four(rule().tcp.dport(80).accept()), undefined);
  assert.is(natRule({ family: 'ip', table: 'nat', chain: 'c' } as Rule), undefined);
  assert.equal(four(rule().ip.saddr.not('172.17.0.0/16').ip.daddr('@some').masquerade()), { action: 'masquerade' });
  assert.equal(four(rule().redirect({})), { action: 'redirect' });
});

/** An expression of iptables, with numbers at their offsets: two bytes as the machine has them, or bytes. */
const xtables = (kind: 'match' | 'target', name: string, size: number, at: { readonly [offset: number]: number | readonly number[] } = {}, revision = 0): Expression => {
  const info = new Uint8Array(size);
  for (const [offset, value] of Object.entries(at))
    info.set(typeof value === 'number' ? new Uint8Array(Uint16Array.of(value).buffer) : value, Number(offset));
  return { name: kind, data: { name, revision, info } } as unknown as Expression;
};
const port = (value: number): readonly number[] => [value >> 8, value & 0xff];

test('rules as iptables writes them', () => {
  const tcp = xtables('match', 'tcp', 16, { 4: 8080, 6: 8080 }), ports = xtables('match', 'udp', 16, { 4: 1000, 6: 2000 });
  const old = xtables('target', 'DNAT', 20, { 8: [172, 17, 0, 2], 16: port(80) });
  assert.equal(four([tcp, old]), { action: 'dnat', protocol: 'tcp', hostPort: 8080, address: '172.17.0.2', port: 80 });
  assert.equal(four([ports, xtables('target', 'DNAT', 40, { 4: [172, 17, 0, 2], 36: port(53) }, 2)]), { action: 'dnat', protocol: 'udp', address: '172.17.0.2', port: 53 });
  assert.equal(four([xtables('target', 'SNAT', 20, { 8: [192, 0, 2, 1] })]), { action: 'snat', address: '192.0.2.1' });
  assert.equal(six([xtables('target', 'DNAT', 40, { 4: [0xfd, ...Array(14).fill(0), 2], 36: port(80) }, 1)]), { action: 'dnat', address: 'fd00::2', port: 80 });
  assert.equal(four([xtables('target', 'MASQUERADE', 20)]), { action: 'masquerade' });
});

test('what is too short, or another match, says nothing', () => {
  const masquerade = xtables('target', 'MASQUERADE', 20);
  for (const match of [xtables('match', 'tcp', 7), xtables('match', 'addrtype', 16), { name: 'match', data: { name: 'tcp' } } as unknown as Expression])
    assert.equal(four([match, masquerade]), { action: 'masquerade' });
  for (const target of [xtables('target', 'DNAT', 17), xtables('target', 'LOG', 40), { name: 'target', data: { name: 'SNAT' } } as unknown as Expression])
    assert.is(four([target]), undefined);
});

test.run();
