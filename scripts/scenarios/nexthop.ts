import assert from 'node:assert/strict';
import { refused, scenario, upPairWithAddresses, v0, type Scenarios } from '../scenario.ts';

const two = [...upPairWithAddresses, 'ip nexthop add id 1 via 172.24.133.1 dev v0', 'ip nexthop add id 2 via 172.24.133.2 dev v0'];

export const scenarios: Scenarios = {
  'list': scenario('Nexthops, a group of them and a blackhole',
    ['ip link set lo up', ...two, 'ip nexthop add id 3 blackhole', 'ip nexthop add id 10 group 1,3/2,1', 'ip nexthop add id 4 via fc00::2 dev v0'], async (nl) => {
      const all = await nl.nexthop.list();
      assert.deepEqual(all.map(({ id, gateway, blackhole }) => [id, gateway ?? null, blackhole ?? false]),
        [[1, '172.24.133.1', false], [2, '172.24.133.2', false], [3, null, true], [4, 'fc00::2', false], [10, null, false]]);
      assert.deepEqual((await nl.nexthop.list({ groups: true })).map(({ group }) => group), [[{ id: 1, weight: 3 }, { id: 2, weight: 1 }]]);
    }),
  'get': scenario('One nexthop, and one that is not there', two, async (nl) => {
    assert.equal((await nl.nexthop.get(2)).gateway, '172.24.133.2');
    await refused(nl.nexthop.get(3), 'ENOENT');
  }),
  'add': scenario('Nexthops with and without a gateway; the kernel chooses an id', upPairWithAddresses, async (nl) => {
    assert.equal(await nl.nexthop.add({ id: 5, gateway: '172.24.133.1', dev: v0, protocol: 'static' }), 5);
    assert.ok(await nl.nexthop.add({ dev: v0 }) > 0);
    await refused(nl.nexthop.add({ id: 5, dev: v0 }), 'EEXIST');
  }),
  'add-down': scenario('A nexthop by a link that is down', [], (nl) => refused(nl.nexthop.add({ id: 1, dev: 1 }), 'ENETDOWN')),
  'group': scenario('A resilient group and its buckets', two, async (nl) => {
    await nl.nexthop.add({ id: 10, group: [{ id: 1, weight: 3 }, { id: 2 }], groupType: 'resilient', resilient: { buckets: 4, idleTimer: 60 } });
    assert.equal((await nl.nexthop.buckets({ id: 10 })).length, 4);
    await refused(nl.nexthop.add({ id: 11, group: [{ id: 99 }] }), 'EINVAL');
  }),
  'replace': scenario('A nexthop gets another gateway; a route by it follows', [...two, 'ip route add 10.1.0.0/16 nhid 1'], async (nl) => {
    await nl.nexthop.replace({ id: 1, gateway: '172.24.133.9', dev: v0 });
    assert.deepEqual((await nl.route.list({ dst: '10.1.0.0/16', family: 'inet' })).map(({ nhid, gateway }) => [nhid, gateway]), [[1, '172.24.133.9']]);
  }),
  'delete': scenario('A nexthop is deleted, then it is not there', two, async (nl) => {
    await nl.nexthop.delete(1);
    await refused(nl.nexthop.delete(1), 'ENOENT');
    assert.equal(await nl.nexthop.flush(), 1);
  }),
};
