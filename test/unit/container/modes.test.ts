import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { modes, type ContainerRef, type Plan } from '../../../src/container/index.ts';
import { modeCalls } from '../../../src/container/modes/calls.ts';
import { sets, table, type SetName } from '../../../src/container/modes/table.ts';
import { elementsOf } from '../../../src/netfilter/element/values.ts';
import { TransactionError } from '../../../src/netfilter/index.ts';
import { fakeHost, type FakeHost, type FakeHostOptions } from '../../support/fake-host.ts';
import { refusal } from '../../support/witness.ts';

/* Plans for bridges of docker's sort, on a kernel in memory: what is refused, and what would be done. */
const container: ContainerRef = { path: 'box' };
const told = async (plan: Plan<unknown>): Promise<string[]> => (await plan.plan()).map(({ where, command }) => `${where}: ${command}`);
const why = async (plan: Plan<unknown>): Promise<unknown[]> => (({ code, message }) => [code, message])(await refusal(plan.plan()));

type Said = readonly [key: string, comment?: string, data?: string];

/** nf_tables with our table in it: the elements of its sets. */
const tableOf = (elements: { readonly [N in SetName]?: readonly Said[] }, missing: readonly SetName[] = []) => ({
  chain: { list: async () => [] }, rule: { list: async () => [] },
  set: { list: async () => [...Object.values(sets).filter(({ name }) => !missing.includes(name)).map(({ name }) => ({ family: table.family, table: table.name, name })), { family: 'ip', table: 'nat', name: 'theirs' }] },
  element: {
    list: async ({ name }: { name: SetName }) => elementsOf(sets[name], (elements[name] ?? []).map(([key, comment, data]) => ({
      key: key.split(' . '), ...(comment !== undefined && { comment }), ...(data !== undefined && { data: data.split(' . ') }),
    })) as never),
  },
});
const common = { container, bridge: 'nl0', subnet: '172.30.0.0/24' };
const forwarded = { 'net/ipv4/ip_forward': '1', 'net/ipv6/conf/all/forwarding': '1' };
const attach = (host: FakeHost, more: object = {}) => modes.bridge.attach(host, { ...common, ...more });

/** The name of the container's link on the host. */
const hostLink = await (async () => /name (veth\w+)/.exec((await told(attach(fakeHost()))).join('\n'))![1]!)();

/** A host with the bridge nl0, and a container on it by eth0 if `on` is a bridge. */
async function attached(on: string | undefined, options: FakeHostOptions = {}): Promise<FakeHost> {
  const host = fakeHost({ sysctl: forwarded, ...options }), { nl } = host;
  for (const name of ['nl0', 'nl1']) await nl.link.add({ name, kind: 'bridge', up: true });
  await nl.link.add({ name: hostLink, kind: 'veth', up: true, ...(on && { master: on }), options: { peer: { name: 'eth0', netns: 'box' } } });
  return host;
}

test('all that is missing is made, with what was asked for', async () => {
  const steps = await told(attach(fakeHost({ sysctl: { 'net/ipv6/conf/default/disable_ipv6': '1', 'net/ipv4/ip_forward': '1' } }),
    { ipv6: { subnet: 'fd30::/64' }, mtu: 1400, mac: '02:00:00:00:00:07', defaultRoute: false, publish: [{ hostPort: 53, protocol: 'udp' }] }));
  for (const one of [
    'host: sysctl -w net/ipv6/conf/all/forwarding=1', 'host: ip address add 172.30.0.1/24 dev nl0', 'container: sysctl -w net/ipv6/conf/eth0/disable_ipv6=0',
    'container: ip address add 172.30.0.2/24 dev eth0', 'host: conntrack -D -f ipv4 -p udp --orig-port-dst 53; conntrack -D -f ipv6 -p udp --orig-port-dst 53',
  ]) assert.ok(steps.includes(one), `${one} is not among\n${steps.join('\n')}`);
  assert.match(steps.join('\n'), /link add name nl0 .*mtu 1400 .*type bridge/);
  assert.match(steps.join('\n'), /link add name veth\w+ .*mtu 1400 .*peer name eth0 .*02:00:00:00:00:07/);
  assert.not(steps.some((text) => /route add|send a datagram/.test(text)));
  assert.not(steps.some((text) => text.includes('ipv4/ip_forward')), 'it forwards already');
});

test('a container that is on another bridge, or has a link of that name, is left alone', async () => {
  const box = await attached('nl1');
  assert.equal(await why(attach(box)), ['ERR_ATTACHED', 'eth0 of the container is on nl1, not on nl0: detach it first']);
  assert.equal(await why(attach(await attached(undefined))), ['ERR_ATTACHED', 'eth0 of the container is on no bridge, not on nl0: detach it first']);
  const other = fakeHost();
  await other.open('box').nl.link.add({ name: 'eth0', kind: 'dummy' });
  assert.equal(await why(attach(other)), ['ERR_ATTACHED', 'the container has a link eth0 that is not ours']);
  assert.is(box.opened(), 1);
});

test('what is in the way is told', async () => {
  const host = fakeHost();
  await host.nl.link.add({ name: 'nl0', kind: 'dummy' });
  assert.equal(await why(attach(host)), ['ERR_NO_BRIDGE', 'nl0 is a link of kind dummy, not a bridge']);
  assert.equal(await why(attach(host, { bridge: 'lo' })), ['ERR_NO_BRIDGE', 'lo is a link of kind none, not a bridge']);
  await host.nl.link.change('nl0', { up: true });
  await host.nl.addr.add('nl0', '172.30.0.9/16');
  assert.equal(await why(attach(host, { bridge: 'nl2' })), ['ERR_SUBNET_IN_USE', '172.30.0.0/24 is in use: nl0 has 172.30.0.9/16']);
  const small = { ...common, subnet: '172.30.0.0/30' };
  const full = await attached('nl0', { nft: tableOf({ leases4: [['172.30.0.2', 'veth1']] }) });
  assert.equal(await why(modes.bridge.attach(full, small)), ['ERR_NO_ADDRESS', 'all addresses of 172.30.0.0/30 are taken']);
  const leased = await attached('nl0', { nft: tableOf({ leases4: [['172.30.0.2', hostLink]] }) });
  assert.equal(await why(attach(leased, { address: '172.30.0.5' })), ['ERR_ATTACHED', 'the container has 172.30.0.2 already, not 172.30.0.5: detach it first']);
});

test('a bridge that was there is found, its addresses kept; what it lacks is added', async () => {
  const host = fakeHost({ sysctl: { ...forwarded, 'net/ipv4/conf/nl0/route_localnet': '0' }, nft: tableOf({ bridges: [['nl0', 'found =172.30.0.1/24']] }, ['settings', 'ports6']) });
  await host.nl.link.add({ name: 'nl0', kind: 'bridge' });
  const steps = await told(attach(host, { ipv6: { subnet: 'fd30::/64' } }));
  const has = (text: string) => assert.ok(steps.includes(text), `${text} is not among\n${steps.join('\n')}`);
  has('host: ip link set dev nl0 up');
  has('host: sysctl -w net/ipv4/conf/nl0/route_localnet=1');
  has(`host: nft 'delete element inet netlink-ts bridges { "nl0" comment "found =172.30.0.1/24" }'`);
  has(`host: nft 'add element inet netlink-ts bridges { "nl0" comment "found =172.30.0.1/24 fd30::1/64" }'; nft 'add element inet netlink-ts subnets6 { fd30::/64 }'`);
  has('host: ip address add fd30::1/64 dev nl0');
  await host.nl.addr.add('nl0', '172.30.0.1/24');
  assert.not((await told(attach(host))).some((text) => text.includes('address add 172.30.0.1')));
});

test('a published port of a container that is gone is free, one of a container that is there is not', async () => {
  const nft = tableOf({ ports4: [['tcp . 80', 'veth1', '172.30.0.9 . 80']] }), publish = [{ hostPort: 80 }], host = fakeHost({ nft });
  const steps = await told(attach(host, { publish }));
  assert.ok(steps.includes(`host: nft 'delete element inet netlink-ts ports4 { tcp . 80 comment "veth1" : 172.30.0.9 . 80 }'`), steps.join('\n'));
  assert.ok(steps.includes('host: conntrack -D -f ipv4 -p tcp -r 172.30.0.9 --reply-port-src 80'));
  await host.nl.link.add({ name: 'veth1', kind: 'dummy' });
  assert.equal(await why(attach(host, { publish })), ['ERR_PORT_IN_USE', 'tcp . 80 is published for another container already']);
});

test('a bridge that was found stays when its last container goes; what we did to it does not', async () => {
  const nft = tableOf({ bridges: [['nl0', 'found =172.30.0.1/24 fd30::1/64']], leases4: [['172.30.0.2', hostLink]], settings: [['1', 'net/ipv4/ip_forward=0'], ['2', 'net/ipv6/conf/all/forwarding=0']] });
  assert.equal(await told(modes.bridge.detach(await attached('nl0', { nft }), { container })), [
    `host: nft 'delete element inet netlink-ts leases4 { 172.30.0.2 comment "${hostLink}" }'`,
    `host: ip link delete dev ${hostLink}`,
    'host: sysctl -w net/ipv4/conf/nl0/route_localnet=0',
    'host: ip address delete fd30::1/64 dev nl0',
    'host: sysctl -w net/ipv4/ip_forward=0', 'host: sysctl -w net/ipv6/conf/all/forwarding=0',
    `host: nft 'delete element inet netlink-ts bridges { "nl0" comment "found =172.30.0.1/24 fd30::1/64" }'; nft 'delete element inet netlink-ts within { "nl0" . "nl0" }'; ` +
      `nft 'delete element inet netlink-ts subnets4 { 172.30.0.0/24 }'; nft 'delete element inet netlink-ts subnets6 { fd30::/64 }'; ` +
      `nft 'delete element inet netlink-ts settings { 1 comment "net/ipv4/ip_forward=0" }'; nft 'delete element inet netlink-ts settings { 2 comment "net/ipv6/conf/all/forwarding=0" }'`,
    'host: nft delete table inet netlink-ts',
  ]);
});

test('one that we made goes, the settings stay while another is there', async () => {
  const bridges: Said[] = [['nl0', 'made 172.30.0.1/24'], ['nl1', 'made 172.31.0.1/24']], settings: Said[] = [['1', 'net/ipv4/ip_forward=0']];
  const steps = await told(modes.bridge.detach(await attached('nl0', { nft: tableOf({ bridges, settings }) }), { container }));
  assert.equal(steps.slice(0, 2), [`host: ip link delete dev ${hostLink}`, 'host: ip link delete dev nl0']);
  assert.not(steps.some((text) => /sysctl|delete table/.test(text)));
  const kept = await told(modes.bridge.detach(await attached('nl0', { nft: tableOf({ bridges }) }), { container, keepBridge: true }));
  assert.equal(kept, [`host: ip link delete dev ${hostLink}`]);
});

test('a detach takes what there is: a pair on no bridge, on one of others, in no table', async () => {
  const bridges: Said[] = [['nl1', 'made 172.31.0.1/24']];
  for (const [on, nft] of [[undefined, tableOf({ bridges })], ['nl0', tableOf({ bridges })], ['nl0', undefined]] as const) {
    const host = await attached(on, nft ? { nft } : {});
    assert.equal(await told(modes.bridge.detach(host, { container })), [`host: ip link delete dev ${hostLink}`]);
    const applied = await modes.bridge.detach(host, { container }).apply({ guard: false });
    assert.equal((await host.nl.link.list({ kind: 'veth' })).length, 0);
    await refusal(applied.undo()).catch(() => undefined);
    const [back] = await host.nl.link.list({ kind: 'veth' });
    assert.equal([back?.name, back?.master === undefined ? undefined : (await host.nl.link.get(back.master)).name], [hostLink, on], 'its undo makes the pair as it was');
  }
  assert.equal(await told(modes.bridge.detach(fakeHost(), { container })), []);
  const failing = fakeHost({ nft: { set: { list: async () => { throw new RangeError('so'); } } } });
  assert.is((await refusal(modes.bridge.detach(failing, { container }).plan())).message, 'so');
  assert.is(failing.opened(), 1);
});

test('what ended without a word is given back: bridges with nobody on them, and those whose link is gone', async () => {
  const nft = tableOf({ bridges: [['nl0', 'made 172.30.0.1/24'], ['nl9', 'made 172.39.0.1/24']], leases4: [['172.30.0.9', 'vethgone'], ['172.30.0.2', hostLink]] });
  const steps = await told(modes.bridge.prune(await attached('nl0', { nft })));
  assert.equal(steps, [
    `host: nft 'delete element inet netlink-ts leases4 { 172.30.0.9 comment "vethgone" }'`,
    `host: nft 'delete element inet netlink-ts bridges { "nl9" comment "made 172.39.0.1/24" }'; nft 'delete element inet netlink-ts within { "nl9" . "nl9" }'; nft 'delete element inet netlink-ts subnets4 { 172.39.0.0/24 }'`,
  ]);
  assert.equal(await told(modes.bridge.prune(fakeHost())), []);
});

/** A call of a plan on nf_tables that answers so. */
const run = (name: keyof typeof modeCalls, nft: object, args: readonly unknown[] = []) => {
  const host = fakeHost({ nft });
  return (modeCalls[name] as { run(...args: unknown[]): unknown }).run(host, args, { timeout: 100, places: { host } });
};
const refusing = (code: string) => async (): Promise<never> => { throw Object.assign(new Error(code), { code }); };
const failed = async (work: unknown): Promise<string> => (await refusal(Promise.resolve(work))).code;

test('the table goes when nobody has a bridge in it', async () => {
  const sent: unknown[] = [], transaction = async (changes: readonly unknown[]) => void sent.push(...changes);
  await run('nat.remove', { ...tableOf({ bridges: [['nl0', 'made 172.30.0.1/24']] }), transaction });
  await run('nat.remove', { ...tableOf({}, Object.keys(sets) as SetName[]), transaction });
  assert.equal(sent, []);
  await run('nat.remove', { ...tableOf({}), transaction });
  assert.is(sent.length, 1);
});

test('an address that is taken by now, elements that are there', async () => {
  const lease = [{ set: 'leases4', key: '172.30.0.2', comment: 'veth1' }];
  const refuse = (code: string) => ({ transaction: async () => { throw new TransactionError([{ index: 0, operation: 'element.create', error: Object.assign(new Error(code), { code }) }], 1, true); } });
  const lost = { transaction: async () => { throw new TransactionError([], 1, false); } };
  assert.is(await failed(run('nat.lease', refuse('EEXIST'), lease)), 'ERR_ADDRESS_TAKEN');
  assert.is(await failed(run('nat.lease', refuse('EPERM'), lease)), 'ERR_TRANSACTION');
  assert.is(await failed(run('nat.add', refuse('EEXIST'), [lease])), 'EEXIST');
  assert.is(await failed(run('nat.add', lost, [lease])), 'ERR_TRANSACTION', 'its reasons were lost');
  assert.is(await failed(run('nat.add', { transaction: refusing('ERR_CLOSED') }, [lease])), 'ERR_CLOSED');
});

test('elements are deleted that are there, and ours by now', async () => {
  const deleted: unknown[] = [], of = (comment: string | undefined, more: object = {}) => ({ element: {
    get: async () => [{ userdata: { comment } }], delete: async ({ name }: { name: string }, [key]: unknown[]) => void deleted.push([name, key]), ...more,
  } });
  const lease = { set: 'leases4', key: '172.30.0.2', comment: 'veth1' };
  await run('nat.delete', of('veth1'), [[lease, { set: 'within', key: 'nl0' }]]);
  assert.equal(deleted.splice(0), [['leases4', '172.30.0.2'], ['within', ['nl0', 'nl0']]]);
  await run('nat.delete', of('veth2'), [[lease]]);
  await run('nat.delete', of(undefined, { get: async () => [] }), [[lease]]);
  await run('nat.delete', of(undefined, { get: refusing('ENOENT') }), [[lease]]);
  assert.equal(deleted, []);
  assert.is(await failed(run('nat.delete', of('veth1', { delete: refusing('EPERM') }), [[lease]])), 'EPERM');
});

test('connections are forgotten that came to the host itself, or went to the container', async () => {
  const filters: unknown[] = [], deleted: unknown[] = [], to = (dst: string | undefined) => ({ orig: dst === undefined ? undefined : { dst } });
  const conntrack = {
    list: async (filter: unknown) => {
      filters.push(filter);
      return [to('192.0.2.1'), to('127.0.0.1'), to('198.51.100.1'), to(undefined)];
    },
    delete: async (one: { orig?: { dst: string } }) => void deleted.push(one.orig?.dst),
  };
  const forget = async (more: object, ...connections: object[]) => {
    const host = fakeHost({ nft: { conntrack: { ...conntrack, ...more } }, nl: { '': { addr: { list: async () => [{ address: '192.0.2.1/24' }, {}] } } } });
    await modeCalls['nat.forget'].run(host, [connections as never]);
  };
  await forget({}, { family: 'ip', protocol: 'udp', hostPort: 53 });
  assert.equal(deleted.splice(0), ['192.0.2.1', '127.0.0.1', undefined], 'what passes by is none of ours');
  await forget({}, { family: 'ip', protocol: 'tcp', address: '172.30.0.2', port: 80 });
  assert.is(deleted.length, 4);
  assert.equal(filters, [{ family: 'ip', protocol: 'udp', orig: { dport: 53 } }, { family: 'ip', protocol: 'tcp', reply: { src: '172.30.0.2', sport: 80 } }]);
  await forget({ delete: refusing('ENOENT') }, { family: 'ip', protocol: 'udp', hostPort: 53 });
  assert.is(await failed(forget({ delete: refusing('EPERM') }, { family: 'ip', protocol: 'udp', hostPort: 53 })), 'EPERM');
});

test.run();
