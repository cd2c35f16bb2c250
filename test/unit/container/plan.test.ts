import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { PlanError } from '../../../src/container/index.ts';
import { call, step, together, type Call, type Step } from '../../../src/container/plan/call.ts';
import { commandOf } from '../../../src/container/plan/command.ts';
import type { Draft } from '../../../src/container/plan/draft.ts';
import { decode, encode } from '../../../src/container/plan/encode.ts';
import { removeJournal } from '../../../src/container/plan/journal.ts';
import { containerNs, named } from '../../../src/container/plan/link-name.ts';
import { makePlan } from '../../../src/container/plan/plan.ts';
import { callText } from '../../../src/container/plan/text.ts';
import { fakeHost } from '../../support/fake-host.ts';
import { refusal } from '../../support/witness.ts';

/* What becomes of plans, on a kernel in memory. */
const folder = mkdtempSync(join(tmpdir(), 'plan-'));
test.after(() => rmSync(folder, { recursive: true }));

const unguarded = { guard: false }, mac = '02:00:00:00:00:17';
const bridge = step(call('host', 'link.add', [{ name: 'br7', kind: 'bridge', address: mac }]), [call('host', 'link.remove', ['br7', mac])]);
const address = (ip: string, forgive?: readonly string[]): Call => call('host', 'addr.add', [named('br7'), ip], forgive);
const any = (where: Call['where'], name: string, ...args: unknown[]): Call => ({ where, call: name, args });
/** An undo that cannot be done. */
const stubborn = step(call('host', 'link.change', ['br7', { up: true }]), [any('host', 'link.delete', 'nobody')]);

/** A plan of these steps on a host of its own, and what there is on that. */
function planned(steps: readonly Step[], more: Partial<Draft<string>> = {}) {
  const host = fakeHost(), links = async () => (await host.nl.link.list()).map(({ name }) => name).filter((name) => name !== 'lo');
  let closed = 0;
  const plan = makePlan('a plan', async () => ({ places: { host }, steps, result: (values) => JSON.stringify(values), close: () => void closed++, ...more }));
  return { ...plan, host, links, closed: () => closed };
}

test('what is done is told by its results, and undone on demand', async () => {
  const { apply, links, host } = planned([bridge, together([], []), together([address('192.0.2.1/24'), address('192.0.2.2/24')])]);
  const applied = await apply(unguarded);
  assert.is(applied.result, '[[null],[],[null,null]]');
  assert.equal((await host.nl.addr.list({ dev: 'br7' })).map((one) => one.address), ['192.0.2.1/24', '192.0.2.2/24']);
  await applied.confirm(); // it is kept already
  await applied.undo();
  assert.equal(await links(), []);
  await applied.undo();
});

test('of calls that are sent together those that are forgiven do not fail the others', async () => {
  const forgiven = planned([bridge, together([address('192.0.2.1/24')]), together([address('192.0.2.1/24', ['EEXIST']), address('192.0.2.2/24')])]);
  await forgiven.apply(unguarded);
  assert.is((await forgiven.host.nl.addr.list({ dev: 'br7' })).length, 2);
  const failing = planned([bridge, together([address('192.0.2.1/24')]), together([address('192.0.2.1/24'), address('192.0.2.2/24')])]);
  const error = await refusal(failing.apply(unguarded));
  assert.instance(error, PlanError);
  assert.equal([error.step, await failing.links()], [2, []]);
});

test('what cannot be undone is told', async () => {
  const { apply, links, closed } = planned([bridge, stubborn, step(call('host', 'link.add', [{ name: 'br7', kind: 'bridge' }]))]);
  const error = await refusal(apply(unguarded));
  assert.equal([error.code, error.step, error.failures.map((one: { where: string; call: string }) => [one.where, one.call])], ['EEXIST', 2, [['host', 'link.delete']]]);
  assert.match(error.message, /^a plan failed: link\.add failed: EEXIST.*; could not be undone: link\.delete in the host \(link\.delete failed: ENODEV/);
  assert.equal([await links(), closed()], [[], 1], 'the rest is undone all the same');
  const applied = await planned([bridge, stubborn]).apply(unguarded);
  const later = await refusal(applied.undo());
  assert.equal([later.code, later.step], ['ENODEV', undefined]);
  assert.match(later.message, /^a plan: undo failed: /);
});

test('later, the container that is gone or another is left alone', async () => {
  let closed = 0;
  const inside = step(call('container', 'link.change', ['lo', { up: true }]), [call('container', 'link.change', ['lo', { up: false }])]);
  const host = fakeHost(), box = host.open('box'), places = { host, container: box }, up = async () => (await box.nl.link.get('lo')).flags.up ?? false;
  const gone = await planned([inside], { places, reopen: async () => undefined }).apply(unguarded);
  await gone.undo();
  assert.ok(await up());
  const there = await planned([inside], { places, reopen: async () => ({ place: box, close: () => void closed++ }) as never }).apply(unguarded);
  await there.undo();
  assert.equal([await up(), closed], [false, 1]);
});

test('what fails before the first step is told as it is, and nothing is left open', async () => {
  const path = join(folder, 'taken');
  writeFileSync(path, '');
  const taken = planned([bridge]), error = await refusal(taken.apply({ ...unguarded, journal: path }));
  assert.equal([error.code, error instanceof PlanError, taken.closed(), await taken.links()], ['EEXIST', false, 1, []]);
  const other = planned([bridge], { verify() { throw new RangeError('not that one'); } });
  assert.equal([(await refusal(other.apply(unguarded))).name, other.closed()], ['RangeError', 1]);
  assert.is((await refusal(planned([bridge]).apply({ ...unguarded, confirmWithin: 10 }))).message, 'confirmWithin needs the undo helper: do not give guard: false beside it');
  assert.equal(readdirSync(folder), ['taken']);
});

test('a plan of nothing needs no helper, whatever is asked of it', async () => {
  const applied = await planned([]).apply({ confirmWithin: 600_000 });
  await applied.confirm();
  assert.is(await applied.outcome, 'kept');
});

test('an error that is none is told all the same', async () => {
  for (const [thrown, said] of [['no', 'no'], [null, 'null'], [{ message: 'so' }, 'so']] as const) {
    const stop = new AbortController(), { apply, links } = planned([bridge, stubborn]);
    const error = await refusal(apply({ ...unguarded, signal: stop.signal, progress: (at, state) => at === 0 && state === 'done' && stop.abort(thrown) }));
    assert.equal([error.code, error.message, await links()], ['ERR_PLAN', `a plan failed: ${said}; everything was undone`, []]);
  }
  const { message } = new PlanError('it', 0, [{ where: 'container', call: 'addr.add', error: 'no' }], new Error('so'));
  assert.is(message, 'it failed: so; could not be undone: addr.add in the container (no)');
});

test('calls that there are none of, and places', async () => {
  const said = async (one: Call) => (await refusal(planned([step(one)]).apply(unguarded))).cause.message;
  for (const name of ['link', 'nl.link.add', 'nft.one.link.add']) assert.is(await said(any('host', name)), `there is no call ${name}`);
  assert.is(await said(any('container', 'link.list')), 'link.list: this plan has no container');
});

test('each call has a command; where there is none, its name', () => {
  const table = { family: 'inet', table: 't' } as const, saved = { dev: 'em1', addrs: [], groups: [], nexthops: [], neighs: [], at: 0 };
  const probe = { dev: 'eth1', from: '192.0.2.7', gateway: '192.0.2.254', to: '192.0.2.254', bridge: 'br0', way: 'bridged' } as const;
  const published = { set: 'ports4', key: 'tcp . 80', data: '172.30.0.2 . 80', comment: 'veth1' } as const;
  const commands: readonly [Call, string][] = [
    [call('host', 'link.change', [named('br7'), { up: true }]), 'ip link set dev br7 up'],
    [call('host', 'link.add', [{ name: 'm0', kind: 'macvlan', link: named('em1'), netns: containerNs }]), 'ip link add link em1 name m0 netns container type macvlan'],
    [call('host', 'link.remove', ['br7', mac]), 'ip link delete dev br7'],
    [call('host', 'sysctl.set', ['net/ipv4/ip_forward', '1']), 'sysctl -w net/ipv4/ip_forward=1'],
    [call('host', 'nft.removeRules', [{ ...table, comment: 'ours' }]), 'nft -a list table inet t # and delete the rules commented ours'],
    [call('host', 'nft.table.remove', [{ family: 'inet', name: 't' }]), 'nft delete table inet t'],
    [call('host', 'nft.rule.get', [{ ...table, chain: 'c', handle: 3n }]), 'nft.rule.get'],
    [call('host', 'link.waitGone', ['v0']), 'ip monitor link # until v0 is gone'],
    [call('host', 'addr.waitForDad', ['br7']), 'ip monitor address # until no address of br7 is tentative'],
    [call('host', 'vlan.release', ['em1.7', mac]), 'ip link delete dev em1.7'],
    [call('container', 'veth.restore', [{ name: 'v0' }, { name: 'eth0' }]), 'ip link add name v0 type veth peer name eth0 netns CONTAINER'],
    [call('host', 'arp.probe', ['br7', '192.0.2.7', { count: 3, interval: 100 }]), 'arping -D -c 3 -I br7 192.0.2.7'],
    [call('container', 'lan.announce', ['eth1', '192.0.2.7']), 'arping -U -c 2 -I eth1 192.0.2.7'],
    [call('container', 'lan.announce', ['eth1', 'fd00::7']), 'ndsend fd00::7 eth1'],
    [call('container', 'lan.reach', ['eth1', '192.0.2.7', '192.0.2.254']), 'arping -c 1 -I eth1 -s 192.0.2.7 192.0.2.254'],
    [call('container', 'lan.reach', ['eth1', 'fd00::7', 'fd00::1']), 'ndisc6 fd00::1 eth1'],
    [call('host', 'lan.restore', [saved]), '# give em1 back the addresses and routes it had'],
    [call('container', 'forward.probe', [probe]), '# send a datagram from 192.0.2.7 to 192.0.2.254, and see whether it gets through the host'],
    [call('container', 'name.attach', ['theirs']), 'ip netns attach theirs PID'],
    [call('host', 'name.delete', ['theirs', 7]), 'ip netns delete theirs'],
    [call('host', 'nat.prepare', []), 'nft add table inet netlink-ts # with its sets, maps and rules'],
    [call('host', 'nat.remove', []), 'nft delete table inet netlink-ts'],
    [call('host', 'nat.add', [[published]]), `nft 'add element inet netlink-ts ports4 { tcp . 80 comment "veth1" : 172.30.0.2 . 80 }'`],
    [call('host', 'nat.lease', [{ set: 'leases4', key: '172.30.0.2', comment: 'veth1' }]), `nft 'create element inet netlink-ts leases4 { 172.30.0.2 comment "veth1" }'`],
    [call('host', 'nat.delete', [[{ set: 'within', key: 'nl0' }, { set: 'subnets4', key: '172.30.0.0/16' }]]),
      `nft 'delete element inet netlink-ts within { "nl0" . "nl0" }'; nft 'delete element inet netlink-ts subnets4 { 172.30.0.0/16 }'`],
    [call('host', 'nat.forget', [[{ protocol: 'udp', family: 'ip', hostPort: 53 }, { protocol: 'tcp', family: 'ip6', address: 'fd30::2', port: 80 }]]),
      'conntrack -D -f ipv4 -p udp --orig-port-dst 53; conntrack -D -f ipv6 -p tcp -r fd30::2 --reply-port-src 80'],
  ];
  assert.equal(commands.map(([one]) => commandOf(one)), commands.map(([, command]) => command));
});

test('a call is told as it would be written', () => {
  const text = callText('link.add', ["it's", 7n, undefined, null, new Uint8Array(3), [true, named('br0')], {}, { gone: undefined, 'a-b': { fd: 5 }, in: containerNs }]);
  assert.is(text, `link.add('it\\'s', 7n, undefined, null, bytes of 3, [true, 'br0'], {}, { 'a-b': container.ns, in: container.ns })`);
});

test('a journal has 64-bit numbers and bytes, too', () => {
  const value = { handle: 7n, bytes: Uint8Array.of(1, 2), list: [Uint8Array.of(255)], none: null };
  assert.equal(decode(encode(value)), value);
  assert.equal(decode(encode({ bytes: Buffer.of(1, 2) })), { bytes: Uint8Array.of(1, 2) }, 'a Buffer is told as bytes');
  const alike = { type: 'Buffer', data: 'none' };
  assert.equal(decode(encode(alike)), alike);
});

test('a journal is removed with its folder, if that is its own and nothing else is in it', () => {
  const own = mkdtempSync(join(folder, 'own-')), path = join(own, 'journal');
  writeFileSync(path, '');
  removeJournal(path, true);
  removeJournal(path, true); // somebody else was faster
  const other = mkdtempSync(join(folder, 'other-'));
  writeFileSync(join(other, 'more'), '');
  assert.throws(() => removeJournal(join(other, 'journal'), true), /ENOTEMPTY/);
});

test.run();
