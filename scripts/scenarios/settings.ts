import assert from 'node:assert/strict';
import { refused, scenario, upPair, v0, type Scenarios } from '../scenario.ts';

/** A bridge with VLAN filtering, which is link 4, and v0 its port. */
const vlanBridge = [...upPair, 'ip link add br0 address 02:00:00:00:00:01 type bridge vlan_filtering 1 mcast_vlan_snooping 1', 'ip link set v0 master br0', 'ip link set br0 addrgenmode none up'];

export const scenarios: Scenarios = {
  'addrlabel': scenario('The labels by which IPv6 source addresses are chosen', [], async (nl) => {
    await nl.addrlabel.add({ prefix: 'fc00:1::/32', label: 77 });
    await refused(nl.addrlabel.add({ prefix: 'fc00:1::/32', label: 78 }), 'EEXIST');
    assert.equal((await nl.addrlabel.get('fc00:1::5')).label, 77);
    assert.ok((await nl.addrlabel.list()).some(({ prefix }) => prefix === 'fc00:1::/32'));
    await nl.addrlabel.delete({ prefix: 'fc00:1::/32' });
    await refused(nl.addrlabel.delete({ prefix: 'fc00:1::/32' }), 'ESRCH');
  }),
  'netconf': scenario('The settings of links', upPair, async (nl) => {
    assert.equal((await nl.netconf.get('all')).index, 'all');
    assert.equal((await nl.netconf.get(v0, 'inet6')).forwarding, 0);
    assert.equal((await nl.netconf.list({ family: 'inet' })).length, 5);
    await refused(nl.netconf.get(99), 'ENODEV');
  }),
  'neightbl': scenario('The neighbour tables, and a limit of one link', upPair, async (nl) => {
    await nl.neightbl.set('arp_cache', { dev: v0, parms: { queueLenBytes: 65536 } } as never);
    const tables = await nl.neightbl.list({ family: 'inet' });
    assert.equal(tables.find(({ parms }) => parms?.index === v0)!.parms!.queueLenBytes, 65536);
    await refused(nl.neightbl.set('no-such-table', { parms: { queueLenBytes: 65536 } } as never), 'ENOENT');
  }),
  'stats': scenario('The counters of a link and of its kind', ['ip link add br0 address 02:00:00:00:00:01 type bridge mcast_stats_enabled 1'], async (nl) => {
    assert.equal((await nl.stats.get(1)).link64!.rxBytes, 0n);
    assert.equal(typeof (await nl.stats.get('br0')).linkXstats!.bridge!.mcast!.igmpV3queries.tx, 'bigint');
    assert.equal((await nl.stats.list({ link64: true })).length, 2);
    await refused(nl.stats.get(99), 'ENODEV');
  }),
  'nsid': scenario('A namespace gets a number', ['ip netns add blue', 'ip netns add red'], async (nl) => {
    assert.equal(await nl.nsid.get('blue'), undefined);
    await nl.nsid.set('blue', 77);
    assert.equal(await nl.nsid.get('blue'), 77);
    assert.deepEqual((await nl.nsid.list()).map(({ nsid }) => nsid), [77]);
    await refused(nl.nsid.set('blue', 78), 'EEXIST');
    await refused(nl.nsid.set('red', 77), 'EEXIST');
    await refused(nl.nsid.get('green'), 'ENOENT');
  }),
  'mdb': scenario('A multicast group behind a port of a bridge', [
    ...upPair, 'ip link add br0 address 02:00:00:00:00:01 type bridge', 'ip link set v0 master br0', 'ip link set br0 addrgenmode none up'], async (nl) => {
      const entry = { dev: 4, port: v0, group: '239.1.1.1', state: 'permanent' } as const;
      await nl.mdb.add(entry);
      await refused(nl.mdb.add(entry), 'EEXIST');
      assert.deepEqual((await nl.mdb.list({ dev: 'br0' })).filter(({ group }) => group === '239.1.1.1').map(({ port, state }) => [port, state]), [[v0, 'permanent']]);
      await nl.mdb.delete(entry);
      await refused(nl.mdb.delete({ ...entry, port: 2 }), 'EINVAL');
    }),
  'mdb-get': scenario('One multicast group is looked up, in all its ports', [
    ...upPair, 'ip link add br0 address 02:00:00:00:00:01 type bridge', 'ip link set v0 master br0', 'ip link set br0 addrgenmode none up'], async (nl) => {
      await nl.mdb.add({ dev: 4, port: v0, group: '239.1.1.1', state: 'permanent' });
      assert.deepEqual((await nl.mdb.get({ dev: 4, group: '239.1.1.1' })).map(({ port, group, state }) => [port, group, state]), [[v0, '239.1.1.1', 'permanent']]);
      await refused(nl.mdb.get({ dev: 4, group: '239.7.7.7' }), 'ENOENT');
    }),
  'vlan-missing': scenario('A kernel without VLAN filtering', [
    ...upPair, 'ip link add br0 address 02:00:00:00:00:01 type bridge', 'ip link set v0 master br0'], (nl) => refused(nl.vlan.add(v0, 10), 'EOPNOTSUPP')),
  'vlan': {
    ...scenario('VLANs of a bridge and its port, alone and in ranges, with options of their own and of the bridge', vlanBridge, async (nl) => {
      await nl.vlan.add(v0, 10, { pvid: true, untagged: true });
      await nl.vlan.add(v0, { from: 20, to: 30 });
      await nl.vlan.add(4, 20, { self: true });
      await nl.vlan.change(v0, { from: 20, to: 30 }, { state: 'blocking' });
      assert.deepEqual((await nl.vlan.list({ dev: v0 })).map(({ vid, vidEnd, pvid, state }) => [vid, vidEnd, pvid ?? false, state]),
        [[1, undefined, false, 'forwarding'], [10, undefined, true, 'forwarding'], [20, 30, false, 'blocking']]);
      await nl.vlan.changeGlobals(4, 20, { mcastIgmpVersion: 3 });
      assert.equal((await nl.vlan.globals({ dev: 4 })).find(({ vid }) => vid === 20)!.mcastIgmpVersion, 3);
      await nl.vlan.delete(v0, { from: 20, to: 30 });
      await refused(nl.vlan.change(v0, 20, { state: 'blocking' }), 'ENOENT');
    }),
    kernel: '6.1',
  },
  'vlan-tunnel': {
    ...scenario('VLANs of a bridge become networks of a VXLAN',
      [...vlanBridge, 'ip link add vx0 index 9 address 02:00:00:00:00:09 type vxlan dstport 4790 external', 'ip link set vx0 master br0'], async (nl) => {
        await nl.link.change(9, { portKind: 'bridge', port: { vlanTunnel: true } });
        await nl.vlan.add(9, { from: 90, to: 92 });
        await nl.vlan.addTunnel(9, { from: 90, to: 92 }, 1090);
        assert.deepEqual((await nl.vlan.tunnels({ dev: 9 })).map(({ vid, id }) => [vid, id]), [[90, 1090], [92, 1092]]);
        await nl.vlan.deleteTunnel(9, { from: 90, to: 92 }, 1090);
        assert.deepEqual(await nl.vlan.tunnels({ dev: 9 }), []);
      }),
    kernel: '6.1',
  },
  'mst': {
    ...scenario('A spanning tree of its own for some VLANs',
      [...upPair, 'ip link add br0 address 02:00:00:00:00:01 type bridge vlan_filtering 1 vlan_default_pvid 0', 'ip link set v0 master br0', 'ip link set br0 addrgenmode none up'], async (nl) => {
        await nl.link.change(4, { kind: 'bridge', options: { multiBoolopt: { mstEnabled: true } } });
        await nl.vlan.add(4, 5, { self: true });
        await nl.vlan.add(v0, 5);
        await nl.vlan.changeGlobals(4, 5, { msti: 7 });
        await nl.vlan.setMst(v0, 7, 'learning');
        assert.deepEqual((await nl.vlan.mst({ dev: v0 })).filter(({ msti }) => msti === 7).map(({ state }) => state), ['learning']);
      }),
    kernel: '6.1',
  },
};
