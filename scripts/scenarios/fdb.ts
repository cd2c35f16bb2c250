import assert from 'node:assert/strict';
import { refused, scenario, upPair, v0, type Scenarios } from '../scenario.ts';

const br0 = 4;
const bridge = [...upPair, 'ip link add br0 address 02:00:00:00:00:01 type bridge', 'ip link set v0 master br0', 'ip link set br0 addrgenmode none up'];
const entry = { lladdr: '02:00:00:00:00:08', dev: v0, flags: { master: true } } as const;

export const scenarios: Scenarios = {
  'list': scenario('The forwarding table of a bridge and its port', [...bridge, 'bridge fdb add 02:00:00:00:00:08 dev v0 master'], async (nl) => {
    const entries = await nl.fdb.list({ master: 'br0' });
    assert.deepEqual(entries.filter(({ lladdr }) => lladdr === '02:00:00:00:00:08').map(({ index, master, state }) => [index, master, state]), [[v0, br0, 'permanent']]);
  }),
  'list-gone': scenario('The forwarding table of a bridge that is not there', [], (nl) => refused(nl.fdb.list({ master: 'br0' }), 'ENODEV')),
  'add': scenario('An address behind a port of a bridge', bridge, async (nl) => {
    await nl.fdb.add(entry);
    assert.equal((await nl.fdb.get({ lladdr: entry.lladdr, master: br0 })).index, v0);
    await refused(nl.fdb.add(entry), 'EEXIST');
  }),
  'add-no-port': scenario('A link that is no port has no table of a bridge', upPair, (nl) => refused(nl.fdb.add(entry), 'EOPNOTSUPP')),
  'replace': scenario('An address becomes one that ages', [...bridge, 'bridge fdb add 02:00:00:00:00:08 dev v0 master'], async (nl) => {
    await nl.fdb.replace({ ...entry, state: 'reachable' });
    assert.notEqual((await nl.fdb.get({ lladdr: entry.lladdr, master: br0 })).state, 'permanent');
  }),
  'delete': scenario('An address is forgotten, then it is not known', [...bridge, 'bridge fdb add 02:00:00:00:00:08 dev v0 master'], async (nl) => {
    await nl.fdb.delete(entry);
    await refused(nl.fdb.delete(entry), 'ENOENT');
    await refused(nl.fdb.get({ lladdr: entry.lladdr, master: br0 }), 'ENOENT');
  }),
  'vxlan': scenario('A vxlan gets two hosts for one address', [...upPair, 'ip link add vx0 address 02:00:00:00:00:02 type vxlan id 42 dstport 4789 dev v0'], async (nl) => {
    await nl.fdb.append({ lladdr: '00:00:00:00:00:00', dev: 4, dst: '192.0.2.1' });
    await nl.fdb.append({ lladdr: '00:00:00:00:00:00', dev: 4, dst: '192.0.2.2' });
    assert.deepEqual((await nl.fdb.list({ dev: 4 })).map(({ dst }) => dst).sort(), ['192.0.2.1', '192.0.2.2']);
  }),
};
