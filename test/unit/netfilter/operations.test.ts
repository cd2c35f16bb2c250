import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { memoryOf } from '../../../src/bytes/memory.ts';
import { Writer } from '../../../src/bytes/writer.ts';
import type { Exchange } from '../../../src/conversation/operation.ts';
import { ArgumentError, EncodeError } from '../../../src/errors.ts';
import { families, netfilterProtocol, openNetfilter, rule, type Family, type RuleBuilder } from '../../../src/netfilter/index.ts';
import { build, insideOf } from '../../../src/netfilter/builder/builder.ts';
import { script } from '../conversation/scripted.ts';

const { table, chain, rule: rules, set, element, object, flowtable, conntrack } = families;

/** What an operation sends: the kernel's name of the message, and what is read from its bytes. */
function sent(operation: unknown): [name: string, value: object, command: string | undefined] {
  const { type, request, value, command } = operation as Exchange<unknown>, w = new Writer();
  request.encode(w, value as object);
  const bytes = Uint8Array.from(w.written());
  return [netfilterProtocol.messages[type]!.cName, request.decode(memoryOf(bytes), 0, bytes.length), command?.()];
}

const own = { family: 'ip', table: 't' } as const, named = { ...own, name: 'n' };

const cases: readonly [operation: unknown, name: string, value: object, command?: string][] = [
  [table.delete({ family: 'ip', handle: 7n }), 'NFT_MSG_DELTABLE', { family: 'ip', handle: 7n }, `nft delete table ip handle 7`],
  [chain.create({ ...named, type: 'filter', hook: 'input', priority: 0, policy: 'drop' }), 'NFT_MSG_NEWCHAIN', { ...named, type: 'filter', hook: 'input', priority: 0, policy: 'drop' },
    `nft 'create chain ip t n { type filter hook input priority 0; policy drop; }'`],
  [chain.create({ ...named, flags: { base: true, hwOffload: true } }), 'NFT_MSG_NEWCHAIN', { ...named, flags: { hwOffload: true } }, 'nft create chain ip t n'],
  [chain.rename({ ...own, handle: 3n }, 'm'), 'NFT_MSG_NEWCHAIN', { ...own, handle: 3n, name: 'm' }],
  [chain.delete({ ...own, handle: 3n }), 'NFT_MSG_DELCHAIN', { ...own, handle: 3n }, 'nft delete chain ip t handle 3'],
  [chain.get(named), 'NFT_MSG_GETCHAIN', named, 'nft list chain ip t n'],
  [chain.list({ family: 'inet' }), 'NFT_MSG_GETCHAIN', { family: 'inet' }, 'nft list chains inet'],
  [rules.get({ ...own, chain: 'c', handle: 9n }), 'NFT_MSG_GETRULE', { ...own, chain: 'c', handle: 9n }],
  [rules.add({ ...own, chain: 'c', expressions: [] }, { after: 4n }), 'NFT_MSG_NEWRULE', { ...own, chain: 'c', position: 4n }, 'nft add rule ip t c handle 4'],
  [rules.insert({ ...own, chain: 'c', expressions: [] }, { before: 4n }), 'NFT_MSG_NEWRULE', { ...own, chain: 'c', position: 4n }, 'nft insert rule ip t c handle 4'],
  [rules.delete({ ...own, chain: 'c', handle: 9n }), 'NFT_MSG_DELRULE', { ...own, chain: 'c', handle: 9n }, 'nft delete rule ip t c handle 9'],
  [rules.flush(own), 'NFT_MSG_DELRULE', own, 'nft flush table ip t'],
  [set.list({ family: 'ip6' }), 'NFT_MSG_GETSET', { family: 'ip6' }, 'nft list sets'],
  [set.delete({ ...own, handle: 5n }), 'NFT_MSG_DELSET', { ...own, handle: 5n }, 'nft delete set ip t handle 5'],
  [element.flush(named), 'NFT_MSG_DELSETELEM', { ...own, set: 'n' }, 'nft flush set ip t n'],
  [object.delete({ ...named, type: 'counter' }), 'NFT_MSG_DELOBJ', { ...named, type: 'counter' }, 'nft delete counter ip t n'],
  [flowtable.list(), 'NFT_MSG_GETFLOWTABLE', {}],
  [flowtable.get(named), 'NFT_MSG_GETFLOWTABLE', named],
  [flowtable.add({ ...named, handle: 8n, priority: 5 }), 'NFT_MSG_NEWFLOWTABLE', { ...named, priority: 5 }],
  [flowtable.delete(named), 'NFT_MSG_DELFLOWTABLE', named],
  [set.get(named), 'NFT_MSG_GETSET', named, 'nft list set ip t n'],
  [table.list({ family: 'inet' }), 'NFT_MSG_GETTABLE', { family: 'inet' }, 'nft list tables inet'],
  [rules.list({ ...own, chain: 'c' }), 'NFT_MSG_GETRULE', { ...own, chain: 'c' }, 'nft --handle list chain ip t c'],
  [rules.flush({ ...own, chain: 'c' }), 'NFT_MSG_DELRULE', { ...own, chain: 'c' }, 'nft flush chain ip t c'],
  [element.get({ ...named, keyType: 'mark' }, [7]), 'NFT_MSG_GETSETELEM', { ...own, set: 'n' }, 'nft get element ip t n'],
  [conntrack.flush().next().value, 'IPCTNL_MSG_CT_DELETE', {}, 'conntrack -F'],
  [conntrack.change({ orig: { src: '192.0.2.1', dst: '192.0.2.2' } }, { status: { seenReply: true } }), 'IPCTNL_MSG_CT_NEW', { family: 'ip', status: { confirmed: true, seenReply: true } }, 'conntrack -U -s 192.0.2.1 -d 192.0.2.2'],
  [conntrack.delete({ reply: { src: '192.0.2.1', dst: '192.0.2.2', protocol: 'tcp', sport: 1, dport: 2 } }), 'IPCTNL_MSG_CT_DELETE', { family: 'ip' }, 'conntrack -D -p tcp -r 192.0.2.1 -q 192.0.2.2 --sport 1 --dport 2'],
];

for (const [operation, name, value, command] of cases)
  test(`${(operation as Exchange<unknown>).operation} sends ${name}`, () => {
    const [cName, found, told] = sent(operation);
    assert.is(cName, name);
    for (const [key, one] of Object.entries(value)) assert.equal((found as { [key: string]: unknown })[key], one, key);
    if (command !== undefined) assert.is(told, command);
  });

const built = (expressions: RuleBuilder, family: Family = 'ip') => build(expressions, { family, table: 't' });

test('a rule that cannot be is refused by the word that is wrong', () => {
  const any = 'odd' as never;
  const odd: readonly [() => RuleBuilder, string, Family?][] = [
    [() => rule().ip6.saddr('::1'), 'ip6.saddr: a table of family ip never sees IPv6'],
    [() => rule().ip.saddr('10.0.0.1'), 'ip.saddr: a table of family arp never sees IPv4', 'arp'],
    [() => rule().ct.state(any), 'ct.state: must be one of invalid, established, related, new, untracked or a number, got "odd"'],
    [() => rule().reject(any), 'reject: must be one of ', 'ip'],
    [() => rule().dnat({} as never), 'dnat.to: dnat needs an address or a port'],
    [() => rule().meta.l4proto('tcp').dnat({ port: 80 } as never), 'dnat.to: a table of both families needs the address', 'inet'],
    [() => rule().snat({ to: '::1' }), 'snat.to: is no address of family ip'],
    [() => rule().snat({ to: '192.0.2.1', port: 80 } as never), 'snat.port: a port needs a match of the transport protocol before'],
    [() => rule().dnat({ map: '@m', by: ['tcp.dport'] }), 'dnat.family: must be ip or ip6 in a table of both families', 'inet'],
    [() => rule().dnat({ map: '@m', by: ['tcp.dport'], family: 'ip6' }), 'dnat.family: is not that of the table, ip'],
    [() => rule().concat('ip.odd' as never)('@s'), 'concat: must be a field like ip.saddr or tcp.dport, got "ip.odd"'],
    [() => rule().concat('ip6.saddr', 'ip6.daddr', 'ip6.saddr', 'ip6.daddr', 'tcp.dport')('@s'), 'concat: the joined fields have ', 'ip6'],
    [() => rule().tcp.dport([80, 443]), 'tcp.dport: a list of values needs a transaction, which makes a set for it'],
    [() => rule().meta.mark('1-5'), 'meta.mark: a range of mark cannot be compared byte by byte'],
  ];
  for (const [expressions, message, family] of odd)
    assert.throws(() => built(expressions(), family), (error: unknown) => error instanceof EncodeError && (error.message.startsWith(message) || assert.unreachable(error.message)));
});

test('a list needs values, and nothing but a transaction makes a set of them', () => {
  assert.ok(insideOf(rule().tcp.dport([])).hasSets);
  assert.throws(() => build(rule().tcp.dport([]), { family: 'ip', table: 't' }, () => 1), (error: unknown) => error instanceof EncodeError && error.message.startsWith('tcp.dport: must be a list of values'));
});

test('what is not written often is what it says', () => {
  const last = (expressions: RuleBuilder, family?: Family) => built(expressions, family).expressions.at(-1);
  assert.equal(last(rule().queue(3, { bypass: true })), { name: 'queue', data: { number: 3, total: 1, flags: { bypass: true, fanout: undefined } } });
  assert.equal(last(rule().continue()), { name: 'immediate', data: { dreg: 0, data: { verdict: { code: 'continue' } } } });
  const raw = { name: 'notrack' } as const;
  assert.equal(last(rule().expression(raw)), raw);
  const op = (expressions: RuleBuilder): unknown => (last(expressions) as { data: { op?: string } }).data.op;
  assert.equal([rule().iifname.not('veth*'), rule().ip.saddr.not('10.0.0.0/8'), rule().ip.saddr.not('10.0.0.0/9'), rule().ct.state.not('new'), rule().ct.state('new'), rule().meta.mark.not({ value: 1, mask: 3 })].map(op),
    ['neq', 'neq', 'neq', 'eq', 'neq', 'neq']);
  assert.equal((last(rule().limit({ rate: 1000, bytes: true })) as { data: { burst: number; type: string } }).data, { rate: 1000n, unit: 1n, burst: 0, type: 'bytes', flags: {} });
  assert.equal((last(rule().snat({ map: '@m', by: ['ip.saddr'], random: true, persistent: true })) as { data: { flags: object } }).data.flags, { random: true, persistent: true });
  assert.equal((last(rule().meta.l4proto(6).tcp.dport(80)) as { data: { op: string } }).data.op, 'eq');
  assert.is(built(rule().meta.l4proto(6).tcp.dport(80)).expressions.length, built(rule().meta.l4proto('tcp').tcp.dport(80)).expressions.length, 'the protocol is known by its number, too');
});

test('the way back of ICMP has the type of the answer', () => {
  const back = (type: object) => (sent(conntrack.add({ orig: { src: '::1', dst: '::2', protocol: 'icmpv6', ...type }, timeout: 9 }))[1] as { reply: object }).reply;
  assert.equal(back({ icmpType: 8 }), { src: '::2', dst: '::1', protocol: 'icmpv6', icmpType: 0 });
  assert.equal(back({ icmpType: 3 }), { src: '::2', dst: '::1', protocol: 'icmpv6', icmpType: 3 }, 'one without an answer');
  assert.equal(back({ icmpv6Type: 128 }), { src: '::2', dst: '::1', protocol: 'icmpv6', icmpv6Type: 129 });
  assert.equal(back({ icmpv6Type: 1 }), { src: '::2', dst: '::1', protocol: 'icmpv6', icmpv6Type: 1 });
  assert.throws(() => conntrack.get({} as never), (error: unknown) => error instanceof EncodeError && error.message === 'orig: must have src and dst');
});

test('what a message is about: by that an answer is known to be one', () => {
  const types = (name: string): number[] => Object.entries(netfilterProtocol.messages).filter(([, { cName }]) => cName.endsWith(name)).map(([type]) => Number(type));
  const about = (...names: string[]): unknown[] => [...new Set(names.flatMap(types).map((type) => netfilterProtocol.about!(type)))];
  assert.equal(about('GETRULE', 'NEWRULE', 'DESTROYRULE', 'GETRULE_RESET'), ['RULE']);
  assert.equal(about('NEWSETELEM', 'NEWSET'), ['SETELEM', 'SET']);
  assert.equal(about('CT_NEW', 'CT_GET', 'CT_GET_CTRZERO'), [1]); // all of connection tracking
});

test('elements that cannot be are refused by their place', () => {
  const refused = (elements: unknown[]): string => {
    try {
      element.add({ ...named, keyType: 'mark' }, elements as never);
    } catch (error) {
      assert.instance(error, EncodeError);
      return (error as Error).message;
    }
    return 'taken';
  };
  assert.is(refused([]), 'there is no element');
  assert.match(refused([1, { key: 2, comment: 'a\0b' }]), /^elements\[1\]\.userdata\.comment: must be a string without NUL/);
});

test('changes have no place in a batch, and what is none has none in a transaction', async () => {
  const transport = script(() => []), nl = openNetfilter({ transport });
  for (const refused of [
    nl.batch((b) => [(b as any).table.add({ family: 'ip', name: 't' })]),
    nl.transaction([table.list()] as never),
  ]) assert.instance(await refused.then(() => undefined, (error: unknown) => error), ArgumentError);
  assert.throws(() => nl.sync.batch((b) => [(b as any).table.add({ family: 'ip', name: 't' })]), (error: unknown) => error instanceof ArgumentError);
  assert.equal(await nl.transaction([]), []);
  assert.is(transport.sends, 0);
  assert.throws(() => nl.events(['odd' as never]), (error: unknown) => error instanceof EncodeError && error.field === 'types');
  assert.throws(() => nl.events([]), (error: unknown) => error instanceof EncodeError);
});

test.run();
