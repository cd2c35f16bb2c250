import { spawn, type ChildProcess } from 'node:child_process';
import { readlinkSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openRoute } from '../../../src/open.ts';
import { KernelError } from '../../../src/errors.ts';
import { defineKind } from '../../../src/route/link/kinds/define.ts';
import type { LinkInput } from '../../../src/route/link/message.ts';
import type { LinkFilter } from '../../../src/route/link/operations.ts';
import { attribute, attributes } from '../../../src/schema/attributes.ts';
import { u32 } from '../../../src/schema/numbers.ts';
import { installed } from '../../support/installed.ts';
import { eventually, json, refusal } from '../../support/witness.ts';
import { nameless } from '../../support/nameless.ts';
import { clear, listed } from './sandbox.ts';

const nl = openRoute();
/** A process that keeps a namespace of its own alive. */
const elsewhere: ChildProcess = spawn('unshare', ['-n', 'sleep', '60'], { stdio: 'ignore' });
const there = { pid: elsewhere.pid! };
test.before(() => eventually(() => readlinkSync(`/proc/${there.pid}/ns/net`) !== readlinkSync('/proc/self/ns/net')));
test.after(() => {
  elsewhere.kill();
  nl.close();
});
test.before.each(() => clear(nl));

const kernelError = async (promise: Promise<unknown>, code: string): Promise<KernelError> => {
  const error = await refusal(promise);
  assert.instance(error, KernelError);
  assert.is(error.code, code, error.message);
  return error;
};

test('a link is found by index, name, altname and itself', async () => {
  await nl.link.add({ name: 'br0', kind: 'bridge', altnames: ['the-bridge-with-a-long-name'] });
  const br0 = await nl.link.get('br0');
  for (const ref of [br0.index, 'the-bridge-with-a-long-name', br0, { index: br0.index }])
    assert.is((await nl.link.get(ref)).name, 'br0');
  assert.is(nl.sync.link.get('br0').index, br0.index);
  await kernelError(nl.link.get('br1'), 'ENODEV');
  await kernelError(nl.link.get('another-name-that-is-longer-than-15-bytes'), 'ENODEV');
  const withStats = await nl.link.get('br0'), without = await nl.link.get('br0', { stats: false });
  assert.is(typeof withStats.stats?.rxBytes, 'bigint');
  assert.is.not(withStats.afSpec?.inet6?.stats, undefined);
  assert.is(without.afSpec?.inet6?.stats, undefined);
});

test('the list is filtered by kind, master, group and state', async () => {
  await nl.batch((b) => [
    b.link.add({ name: 'br0', kind: 'bridge', up: true }),
    b.link.add({ name: 'i0', kind: 'ifb', group: 5 }),
  ]);
  await nl.link.add({ name: 'v0', kind: 'veth', master: 'br0', options: { peer: { name: 'v1' } } });
  const names = async (filter?: LinkFilter) =>
    (await listed(nl, filter)).map((link) => link.name).sort();
  assert.equal(await names({ kind: 'bridge' }), ['br0']);
  assert.equal(await names({ kind: 'veth' }), ['v0', 'v1']);
  assert.equal(await names({ kind: 'no-such-kind' }), []);
  assert.equal(await names({ master: 'br0' }), ['v0']);
  assert.equal(await names({ master: 'br0', kind: 'ifb' }), []);
  assert.equal(await names({ group: 5 }), ['i0']);
  assert.equal(await names({ up: true }), ['br0']);
  assert.equal(await names({ up: false }), ['i0', 'lo', 'v0', 'v1']);
  await kernelError(nl.link.list({ master: 'br9' }), 'ENODEV');
});

test('options of a kind are changed, and only they', async () => {
  await nl.link.add({ name: 'br0', kind: 'bridge', options: { stpState: 1, helloTime: 1.5 }, alias: 'kept' });
  await nl.link.change('br0', { kind: 'bridge', options: { stpState: 0 } });
  const { options, alias, kind } = await nl.link.get('br0');
  assert.equal([kind, alias], ['bridge', 'kept']);
  assert.equal(
    [nameless(options!.unknown), (options as { stpState: number }).stpState, (options as { helloTime: number }).helloTime],
    [[], 0, 1.5],
  );
});

test('a change by name hits that link or none, whatever group it speaks of', async () => {
  await nl.link.add({ name: 'i0', kind: 'ifb', group: 7 });
  const error = await kernelError(nl.link.change('nobody', { group: 7, up: true }), 'ENODEV');
  assert.match(error.message, /no link named "nobody"/);
  assert.not((await nl.link.get('i0')).flags.up);
  await nl.link.change({ group: 7 }, { up: true });
  assert.ok((await nl.link.get('i0')).flags.up);
  const other = await nl.link.get('i0');
  await nl.link.add({ name: 'i1', kind: 'ifb' });
  await nl.link.change('i1', { txqlen: other.txqlen, index: other.index, group: 3 } as never);
  assert.equal((await listed(nl, { kind: 'ifb' })).map((link) => [link.name, link.group]), [['i0', 7], ['i1', 3]]);
  await nl.link.delete({ group: 7 });
  assert.equal((await listed(nl, { kind: 'ifb' })).map((link) => link.name), ['i1']);
});

test('up, down, rename, master and nomaster', async () => {
  await nl.link.add({ name: 'br0', kind: 'bridge' });
  await nl.link.add({ name: 'v0', kind: 'veth', options: { peer: { name: 'v1' } } });
  await nl.link.up('v0');
  assert.ok((await nl.link.get('v0')).flags.up);
  await nl.link.down('v0');
  assert.not((await nl.link.get('v0')).flags.up);
  await nl.link.change('v0', { master: 'br0', portKind: 'bridge', port: { hairpin: true, cost: 9 } });
  const port = await nl.link.get('v0');
  assert.is(port.master, (await nl.link.get('br0')).index);
  assert.is(port.portKind === 'bridge' && port.port?.hairpin, true);
  await nl.link.rename('v0', 'renamed');
  await nl.link.change('renamed', { master: 0, mtu: 1280 });
  const link = await nl.link.get('renamed');
  assert.equal([link.master, link.mtu, link.portKind], [undefined, 1280, undefined]);
  await nl.link.add({ name: 'taken', kind: 'ifb' });
  await kernelError(nl.link.rename('renamed', 'taken'), 'EEXIST');
  assert.match(
    (await kernelError(nl.link.change('renamed', { master: 'nobody' }), 'ENODEV')).message,
    /about master\b.*no link named "nobody"/,
  );
});

test('a link is held down, and says why', async () => {
  await nl.link.add({ name: 'v0', kind: 'veth', options: { peer: { name: 'v1' } }, up: true });
  await nl.link.add({ name: 'm0', kind: 'macvlan', link: 'v0', options: { mode: 'bridge' } });
  await nl.link.change('m0', { protoDown: true, protoDownReasonMask: 6, protoDownReason: 4 });
  const { protoDown, protoDownReason } = await nl.link.get('m0');
  assert.equal([protoDown, protoDownReason], [true, 4]);
  if (installed('ip')) assert.equal(json('ip', 'link show').filter((link) => link.proto_down).map(({ ifname }) => ifname), ['m0']);
  await kernelError(nl.link.change('m0', { protoDown: false }), 'EBUSY'); // as long as there is a reason
  await nl.link.change('m0', { protoDown: false, protoDownReasonMask: 4, protoDownReason: 0 });
  assert.is((await nl.link.get('m0')).protoDown, false);
});

test('altnames are added once, refused where taken, and taken away', async () => {
  await nl.link.add({ name: 'i0', kind: 'ifb', altnames: ['first'] });
  await nl.link.change('i0', { altnames: ['first', 'x'.repeat(127)] });
  await nl.link.addAltname('i0', 'third', 'fourth');
  assert.equal((await nl.link.get('fourth')).altnames, ['first', 'x'.repeat(127), 'third', 'fourth']);
  await nl.link.deleteAltname('i0', 'first', 'x'.repeat(127));
  assert.equal((await nl.link.get('i0')).altnames, ['third', 'fourth']);
  await nl.link.add({ name: 'i1', kind: 'ifb' });
  for (const taken of ['i1', 'i0', 'third']) await kernelError(nl.link.addAltname('i0', taken), 'EEXIST');
  await kernelError(nl.link.add({ name: 'third', kind: 'ifb' }), 'EEXIST');
});

test('ensure makes a link, changes what differs, and refuses another kind', async () => {
  const wanted: LinkInput & { name: string } = {
    name: 'br0',
    kind: 'bridge',
    up: true,
    alias: 'one',
    address: '02:00:00:00:00:AA',
    altnames: ['another-name-of-the-bridge'],
    options: { stpState: 0, ageingTime: 17, multiBoolopt: { noLinklocalLearn: true } },
    afSpec: { inet6: { addrGenMode: 'none' } },
  };
  const made = await nl.link.ensure(wanted);
  assert.equal(
    [made.kind, made.alias, made.address, made.flags.up, made.altnames],
    ['bridge', 'one', '02:00:00:00:00:aa', true, ['another-name-of-the-bridge']],
  );
  const sent: string[] = [];
  nl.trace = (text) => void (/^> RTM_(NEW|SET)/m.test(text) && sent.push(text));
  const again = await nl.link.ensure(wanted);
  assert.equal([again.index, sent], [made.index, []]);
  await nl.link.ensure({ ...wanted, options: { ...wanted.options as object, ageingTime: 18 } });
  nl.trace = false;
  assert.is(sent.length, 1);
  assert.match(sent[0]!, 'IFLA_BR_AGEING_TIME ageingTime 18');
  assert.not.match(sent[0]!, 'STP_STATE');
  for (const link of await listed(nl))
    if (link.kind !== undefined) assert.is((await nl.link.ensure(link)).index, link.index);
  const error = await kernelError(nl.link.ensure({ name: 'br0', kind: 'ifb' }), 'EEXIST');
  assert.match(error.message, /br0 is there already, of kind bridge/);
  await kernelError(nl.link.ensure({ name: 'lo', kind: 'ifb' }), 'EEXIST');
  await nl.link.add({ name: 'v0', kind: 'veth', options: { peer: { name: 'v1' } } });
  await nl.link.ensure({ name: 'm0', kind: 'macvlan', link: 'v0', options: { mode: 'bridge' } });
  assert.match(
    (await kernelError(nl.link.ensure({ name: 'm0', kind: 'macvlan', link: 'v1' }), 'EEXIST')).message,
    /upon another link/,
  );
  await nl.link.change('v0', { altnames: ['v9'] });
  assert.match(
    (await kernelError(nl.link.ensure({ name: 'v9', kind: 'veth' }), 'EEXIST')).message,
    /another name of v0/,
  );
  // twenty at once want the same link, and get it
  const all = await Promise.all(
    Array.from({ length: 20 }, () => nl.link.ensure({ name: 'i0', kind: 'ifb', mtu: 1400 })),
  );
  assert.is(new Set(all.map((link) => link.index)).size, 1);
});

test('ensure sends no time again that the kernel has rounded', async () => {
  const wanted = { name: 'br0', kind: 'bridge', options: { ageingTime: 123.45, helloTime: 1.01, maxAge: 7.77, mcastQueryIntvl: 100.33, mcastMembershipIntvl: 99.99 } } as const;
  await nl.link.ensure(wanted);
  const sent: string[] = [];
  nl.trace = (text) => void (/^> RTM_(NEW|SET)/m.test(text) && sent.push(text));
  await nl.link.ensure(wanted);
  assert.equal(sent, []);
  const { options } = await nl.link.ensure({ ...wanted, options: { ...wanted.options, ageingTime: 123.47 } }) as { options: { ageingTime: number } };
  nl.trace = false;
  assert.is(sent.length, 1);
  assert.ok([123.46, 123.47].includes(options.ageingTime), String(options.ageingTime));
});

test('the kernel finds the number for a pattern, and what asks for that name again is refused before anything is made', async () => {
  await nl.link.add({ name: 'p%d', kind: 'ifb', mtu: 1400 });
  await nl.with({ verify: true }).link.add({ name: 'p%d', kind: 'ifb', mtu: 1300 });
  const names = async (): Promise<string[]> => (await listed(nl)).map(({ name }) => name).filter((name) => name.startsWith('p'));
  assert.equal(await names(), ['p0', 'p1']);
  for (const more of [{ alias: 'x' }, { altnames: ['x'] }]) assert.match((await refusal(nl.link.add({ name: 'p%d', kind: 'ifb', ...more }))).message, /^name: must be whole/);
  assert.match((await refusal(nl.link.ensure({ name: 'p%d', kind: 'ifb' }))).message, /^name: must be whole/);
  assert.equal(await names(), ['p0', 'p1']);
  await nl.with({ verify: true }).link.rename('p1', 'q%d');
  assert.is((await nl.link.get('q0')).mtu, 1300);
});

test('a pair is made across namespaces, looked at without entering, and moved', async () => {
  await nl.link.add({
    name: 'v0',
    kind: 'veth',
    address: '02:00:00:00:00:01',
    options: { peer: { name: 'eth1', mtu: 1400, address: '02:00:00:00:00:02', netns: there } },
  });
  const v0 = await nl.link.get('v0');
  assert.type(v0.linkNetnsid, 'number');
  const peer = await nl.link.peerOf('v0');
  assert.equal([peer.name, peer.mtu, peer.address, peer.link], ['eth1', 1400, '02:00:00:00:00:02', v0.index]);
  assert.equal((await listed(nl, { nsid: v0.linkNetnsid! })).map((link) => link.name), ['lo', 'eth1']);
  assert.equal((await listed(nl, { nsid: v0.linkNetnsid!, kind: 'veth' })).map((link) => link.name), ['eth1']);
  await nl.link.add({ name: 'i0', kind: 'ifb', netns: there });
  assert.equal((await listed(nl, { nsid: v0.linkNetnsid! })).map((link) => link.name), ['lo', 'eth1', 'i0']);
  await nl.link.add({ name: 'a0', kind: 'veth', options: { peer: { name: 'b0' } } });
  await nl.link.move('b0', there, 'moved');
  assert.is((await nl.link.peerOf('a0')).name, 'moved');
  await kernelError(nl.link.get('b0'), 'ENODEV');
  await nl.link.delete('a0');
  const names = async () => (await listed(nl, { nsid: v0.linkNetnsid! })).map((link) => link.name).sort();
  assert.equal(await names(), ['eth1', 'i0', 'lo']);
  // the kernel moves first and renames then: this is what a taken name leads to
  await nl.link.add({ name: 'i1', kind: 'ifb' });
  await kernelError(nl.link.move('i1', there, 'i0'), 'EEXIST');
  assert.equal(await names(), ['eth1', 'i0', 'i1', 'lo']);
  await nl.link.add({ name: 'i1', kind: 'ifb' });
  await kernelError(nl.link.move('i1', there), 'EEXIST');
  await kernelError(nl.link.peerOf('i1'), 'EINVAL');
});

test('what is refused says what and why', async () => {
  await nl.link.add({ name: 'i0', kind: 'ifb' });
  await kernelError(nl.link.add({ name: 'i0', kind: 'ifb' }), 'EEXIST');
  assert.match(
    (await kernelError(nl.link.add({ name: 'q0', kind: 'no-such-kind' }), 'EOPNOTSUPP')).message,
    /Unknown device type/,
  );
  await kernelError(nl.link.delete('lo'), 'EOPNOTSUPP');
  await kernelError(nl.link.delete('nobody'), 'ENODEV');
  await kernelError(nl.link.change(9999, { up: true }), 'ENODEV');
  const error = await kernelError(
    nl.link.add({ name: 'x0', kind: 'vxlan', options: { id: 1, portRange: { low: 9, high: 3 } } }),
    'EINVAL',
  );
  assert.equal(
    [error.operation, error.field, error.attribute, error.text],
    ['link.add', 'options.portRange', 'IFLA_VXLAN_PORT_RANGE', 'Invalid source port range'],
  );
  assert.equal((await listed(nl)).map((link) => link.name), ['lo', 'i0']);
});

test('a kind that its user names', async () => {
  const defined = defineKind(
    'bridge',
    attributes({ ageing: attribute('IFLA_BR_AGEING_TIME', 4, u32), stp: attribute('IFLA_BR_STP_STATE', 5, u32) }),
  );
  await nl.link.add(defined.link({ name: 'br0', up: true, options: { ageing: 777 } }));
  assert.is((await nl.link.get('br0')).kind, 'bridge');
  const raw = defineKind('quux', attributes({ depth: attribute('IFLA_QUUX_DEPTH', 1, u32) }));
  assert.is(raw.is(await nl.link.get('br0')), false);
  assert.is(raw.options(await nl.link.get('br0')), undefined);
  await kernelError(nl.link.add(raw.link({ name: 'q0', options: { depth: 4 } })), 'EOPNOTSUPP');
});

test.run();
