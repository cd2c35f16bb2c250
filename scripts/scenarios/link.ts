import assert from 'node:assert/strict';
import { refused, scenario, type Scenarios } from '../scenario.ts';

const bridge = 'ip link add br0 type bridge';
const pair = 'ip link add peerA address 02:00:00:00:00:0a type veth peer name peerB address 02:00:00:00:00:0b';

export const scenarios: Scenarios = {
  'list-empty': scenario('A new namespace has a loopback device and nothing else', [], async (nl) => {
    const links = await nl.link.list();
    assert.deepEqual(links.map(({ name, index, flags }) => [name, index, flags.up ?? false]), [['lo', 1, false]]);
  }),
  'list-many': scenario('All links of a namespace with a bridge and two veth pairs, in several datagrams',
    [bridge, pair, 'ip link add a1 type veth peer name a2', 'ip link set peerA master br0 up'], async (nl) => {
      const links = await nl.link.list();
      assert.equal(links.length, 6);
      const byName = new Map(links.map((link) => [link.name, link]));
      assert.equal(byName.get('peerA')!.master, byName.get('br0')!.index);
      assert.equal(byName.get('peerA')!.portKind, 'bridge');
    }),
  'list-kind': scenario('The kernel lists bridges alone', [bridge, pair], async (nl) => {
    assert.deepEqual((await nl.link.list({ kind: 'bridge' })).map(({ name }) => name), ['br0']);
  }),
  'list-master': scenario('The kernel lists the ports of a bridge', [bridge, pair, 'ip link set peerA master br0'], async (nl) => {
    assert.deepEqual((await nl.link.list({ master: 'br0' })).map(({ name }) => name), ['peerA']);
  }),
  'list-master-gone': scenario('The ports of a bridge that is not there', [], (nl) => refused(nl.link.list({ master: 'br0' }), 'ENODEV')),
  'get-name': scenario('One link by its name', [bridge], async (nl) => assert.equal((await nl.link.get('br0')).kind, 'bridge')),
  'get-index': scenario('One link by its index', [], async (nl) => assert.equal((await nl.link.get(1)).name, 'lo')),
  'get-altname': scenario('One link by an altname that is longer than a name may be',
    [bridge, 'ip link property add dev br0 altname a-name-of-more-than-fifteen-bytes'], async (nl) => {
      const link = await nl.link.get('a-name-of-more-than-fifteen-bytes');
      assert.deepEqual([link.name, link.altnames], ['br0', ['a-name-of-more-than-fifteen-bytes']]);
    }),
  'get-gone': scenario('A link that is not there', [], (nl) => refused(nl.link.get('nope'), 'ENODEV')),
  'add-bridge': scenario('A bridge without STP is made and brought up in one message', [], (nl) =>
    nl.link.add({ name: 'br0', kind: 'bridge', options: { stpState: 0, forwardDelay: 2, ageingTime: 60 }, up: true })),
  'add-bridge-address': scenario('A bridge that is given its address when it is made keeps it', [pair], async (nl) => {
    await nl.link.add({ name: 'br0', kind: 'bridge', address: '02:00:00:00:00:01' });
    await nl.link.change('peerA', { master: 'br0', up: true });
    assert.equal((await nl.link.get('br0')).address, '02:00:00:00:00:01');
  }),
  'add-exists': scenario('A second link of the same name', [bridge], (nl) => refused(nl.link.add({ name: 'br0', kind: 'bridge' }), 'EEXIST')),
  'add-unknown-kind': scenario('A kind of link that the kernel does not know', [], (nl) =>
    refused(nl.link.add({ name: 'x0', kind: 'no-such-kind' }), 'EOPNOTSUPP')),
  'change-bad-option': scenario('A forward delay that the spanning tree does not take', [`${bridge} stp_state 1`], (nl) =>
    refused(nl.link.change('br0', { kind: 'bridge', options: { forwardDelay: 31 } }), 'ERANGE')),
  'add-plain-user': {
    ...scenario('A plain user may not make links', [], (nl) => refused(nl.link.add({ name: 'br0', kind: 'bridge' }), 'EPERM')),
    plain: true,
  },
  'add-veth': scenario('A veth pair, both ends with name and address', [], async (nl) => {
    await nl.link.add({
      name: 'peerA', kind: 'veth', address: '02:00:00:00:00:0a',
      options: { peer: { name: 'peerB', address: '02:00:00:00:00:0b', mtu: 1400 } },
    });
    assert.equal((await nl.link.get('peerB')).mtu, 1400);
  }),
  'add-veth-peer-netns': scenario('A veth pair whose other end is made in another namespace, with its final name',
    ['ip netns add blue'], (nl) =>
      nl.link.add({ name: 'peerA', kind: 'veth', up: true, options: { peer: { name: 'eth1', netns: 'blue' } } })),
  'add-veth-peer-up': scenario('The other end of a veth pair is brought up behind the message that makes the pair', [], async (nl) => {
    await nl.link.add({ name: 'peerA', kind: 'veth', options: { peer: { name: 'peerB', up: true } } });
    assert.deepEqual((await nl.link.list({ up: true })).map((link) => link.name), ['peerB']);
  }),
  'add-veth-peer-exists': scenario('A veth pair whose other end has a name that is taken', [pair], (nl) =>
    refused(nl.link.add({ name: 'a1', kind: 'veth', options: { peer: { name: 'peerB' } } }), 'EEXIST')),
  'add-macvlan': scenario('A macvlan upon a link', [pair], (nl) => nl.link.add({ name: 'mac0', kind: 'macvlan', link: 'peerA' })),
  'add-macvtap': scenario('A macvtap upon a link', [pair], (nl) => nl.link.add({ name: 'tap0', kind: 'macvtap', link: 'peerA' })),
  'add-vxlan': scenario('A vxlan without options is refused', [], (nl) => refused(nl.link.add({ name: 'vx0', kind: 'vxlan' }), 'EINVAL')),
  'add-ifb': scenario('An intermediate functional block device', [], (nl) => nl.link.add({ name: 'ifb0', kind: 'ifb' })),
  'change-mtu': scenario('MTU, queue length and alias of a link are changed', [pair], async (nl) => {
    await nl.link.change('peerA', { mtu: 1300, txqlen: 10, alias: 'to the container' });
    const link = await nl.link.get('peerA');
    assert.deepEqual([link.mtu, link.txqlen, link.alias], [1300, 10, 'to the container']);
  }),
  'change-mtu-range': scenario('An MTU that is too large', [pair], (nl) => refused(nl.link.change('peerA', { mtu: 70000 }), 'EINVAL')),
  'change-up-down': scenario('A link is brought up and down', [bridge], async (nl) => {
    await nl.link.change('br0', { up: true });
    assert.equal((await nl.link.get('br0')).flags.up, true);
    await nl.link.change('br0', { up: false });
    assert.equal((await nl.link.get('br0')).flags.up, undefined);
  }),
  'change-address': scenario('The address of a link is changed', [pair], (nl) => nl.link.change('peerA', { address: '02:00:00:00:00:0c' })),
  'change-address-multicast': scenario('A link cannot have a multicast address', [pair], (nl) =>
    refused(nl.link.change('peerA', { address: '01:00:5e:00:00:01' }), 'EADDRNOTAVAIL')),
  'change-stp': scenario('brctl stp br0 on, then off', [bridge], async (nl) => {
    await nl.link.change('br0', { kind: 'bridge', options: { stpState: 1 } });
    await nl.link.change('br0', { kind: 'bridge', options: { stpState: 0 } });
  }),
  'change-master': scenario('brctl addif br0 peerA, then delif', [bridge, pair], async (nl) => {
    await nl.link.change('peerA', { master: 'br0' });
    assert.equal((await nl.link.get('peerA')).portKind, 'bridge');
    await nl.link.change('peerA', { master: 0 });
    assert.equal((await nl.link.get('peerA')).master, undefined);
  }),
  'change-master-loop': scenario('A bridge cannot be a port of a bridge', [bridge, 'ip link add br1 type bridge'], (nl) =>
    refused(nl.link.change('br1', { master: 'br0' }), 'ELOOP')),
  'change-gone': scenario('A link that is not there is changed', [], (nl) => refused(nl.link.change('nope', { up: true }), 'ENODEV')),
  'change-netns': scenario('A link is moved to a namespace by its name', [pair, 'ip netns add blue'], async (nl) => {
    await nl.link.change('peerB', { netns: 'blue' });
    await refused(nl.link.get('peerB'), 'ENODEV');
  }),
  'change-netns-gone': scenario('A namespace that is not there', [pair], (nl) => refused(nl.link.change('peerB', { netns: 'blue' }), 'ENOENT')),
  'ensure-new': scenario('A bridge is made sure of: it was not there', [], async (nl) => {
    assert.equal((await nl.link.ensure({ name: 'br0', kind: 'bridge', address: '02:00:00:00:00:01' })).kind, 'bridge');
  }),
  'ensure-there': scenario('A bridge is made sure of: it was there, without STP and down', [bridge], async (nl) => {
    const link = await nl.link.ensure({ name: 'br0', kind: 'bridge', options: { stpState: 1 }, up: true });
    assert.equal(link.flags.up, true);
  }),
  'ensure-other-kind': scenario('A bridge is made sure of: there is a veth of that name', [pair], (nl) =>
    refused(nl.link.ensure({ name: 'peerA', kind: 'bridge' }), 'EEXIST')),
  'rename': scenario('ip link set dev peerB name eth1', [pair], async (nl) => {
    await nl.link.rename('peerB', 'eth1');
    assert.equal((await nl.link.get('eth1')).name, 'eth1');
  }),
  'rename-taken': scenario('A name that is taken', [pair], (nl) => refused(nl.link.rename('peerB', 'peerA'), 'EEXIST')),
  'delete': scenario('A link is deleted, then it is not there', [bridge], async (nl) => {
    await nl.link.delete('br0');
    await refused(nl.link.delete('br0'), 'ENODEV');
  }),
  'delete-loopback': scenario('The loopback device cannot be deleted', [], (nl) => refused(nl.link.delete('lo'), 'EOPNOTSUPP')),
  'delete-group': scenario('All links of a group are deleted',
    [bridge, 'ip link add br1 type bridge', 'ip link set br0 group 7', 'ip link set br1 group 7'], async (nl) => {
      await nl.link.delete({ group: 7 });
      assert.equal((await nl.link.list()).length, 1);
    }),
  'altnames': scenario('Altnames come and go', [bridge], async (nl) => {
    await nl.link.addAltname('br0', 'lan', 'the bridge of the LAN'.replaceAll(' ', '-'));
    assert.deepEqual((await nl.link.get('lan')).altnames, ['lan', 'the-bridge-of-the-LAN']);
    await nl.link.deleteAltname('br0', 'lan');
    await refused(nl.link.get('lan'), 'ENODEV');
  }),
  'altname-taken': scenario('An altname that is a link', [bridge, pair], (nl) => refused(nl.link.addAltname('br0', 'peerA'), 'EEXIST')),
  'batch': scenario('Three links and a change in one datagram', [], async (nl) => {
    await nl.batch((b) => [
      b.link.add({ name: 'br0', kind: 'bridge' }),
      b.link.add({ name: 'br1', kind: 'bridge' }),
      b.link.add({ name: 'br2', kind: 'bridge' }),
      b.link.change('br0', { up: true }),
    ]);
    assert.equal((await nl.link.list({ kind: 'bridge' })).length, 3);
  }),
  'batch-failures': scenario('Two of four requests in a datagram are refused, the others are done', [bridge], async (nl) => {
    const failed = await nl.batch((b) => [
      b.link.add({ name: 'br0', kind: 'bridge' }), b.link.add({ name: 'br1', kind: 'bridge' }),
      b.link.delete('nope'), b.link.delete('br1'),
    ]).then(() => undefined, (error) => error);
    assert.deepEqual(failed.failures.map(({ index, error }: any) => [index, error.code]), [[0, 'EEXIST'], [2, 'ENODEV']]);
  }),
  'concurrent': scenario('Dumps and single requests at the same time on one connection', [bridge, pair], async (nl) => {
    const [all, lo, bridges, , error] = await Promise.all([
      nl.link.list(), nl.link.get('lo'), nl.link.list({ kind: 'bridge' }), nl.link.change('br0', { up: true }),
      nl.link.get('nope').catch((error) => error),
    ]);
    assert.deepEqual([all.length, lo.index, bridges.length, error.code], [4, 1, 1, 'ENODEV']);
  }),
  'sync': scenario('The same calls, synchronously', [], async (nl) => {
    nl.sync.link.add({ name: 'br0', kind: 'bridge' });
    assert.equal(nl.sync.link.get('br0').kind, 'bridge');
    assert.throws(() => nl.sync.link.add({ name: 'br0', kind: 'bridge' }), { code: 'EEXIST' });
    nl.sync.link.delete('br0');
  }),
};
