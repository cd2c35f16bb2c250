import assert from 'node:assert/strict';
import { refused, scenario, type Scenarios } from '../scenario.ts';

const pair = 'ip link add peerA address 02:00:00:00:00:0a type veth peer name peerB address 02:00:00:00:00:0b';
const blue = 'ip netns add blue';

export const scenarios: Scenarios = {
  'inside': { ...scenario('A connection inside a namespace: what is made there is there', [blue], async (nl) => {
    await nl.link.up('lo');
    await nl.addr.add('lo', '10.0.0.1/32');
    assert.deepEqual((await nl.addr.list({ family: 'inet' })).map(({ address }) => address), ['127.0.0.1/8', '10.0.0.1/32']);
    await refused(nl.link.get('peerA'), 'ENODEV');
  }), netns: 'blue' },
  'container': { ...scenario('What the article does inside a container', [blue, pair, 'ip link set peerB netns blue'], async (nl) => {
    await nl.link.rename('peerB', 'eth1');
    await nl.link.up('eth1');
    await nl.addr.add('eth1', '172.24.133.253/24');
    await refused(nl.route.add({ gateway: '10.0.0.1' }), 'ENETUNREACH');
    await nl.route.add({ gateway: '172.24.133.254' });
    assert.equal((await nl.route.get('192.0.2.1')).gateway, '172.24.133.254');
  }), netns: 'blue' },
  'move-path': scenario('A link is moved to a namespace by its path', [pair, blue], async (nl) => {
    await nl.link.move('peerB', '/run/netns/blue', 'eth1');
    await refused(nl.link.get('peerB'), 'ENODEV');
  }),
  'move-process': scenario('A link is moved to where this process is, which is where it was', [pair], async (nl) => {
    await nl.link.change('peerB', { netns: '/proc/self/ns/net' });
    assert.equal((await nl.link.get('peerB')).name, 'peerB');
  }),
  'move-descriptor': scenario('A descriptor that is no namespace', [pair], (nl) =>
    refused(nl.link.change('peerB', { netns: { fd: 0 } }), 'EINVAL')),
  'move-pid': scenario('A link cannot be moved to a process that is not there', [pair], (nl) =>
    refused(nl.link.change('peerB', { netns: { pid: 0x3fffffff } }), 'ENOENT')),
  'look-in': scenario('The links of another namespace are listed by its number', [pair, blue, 'ip link set peerB netns blue'], async (nl) => {
    const { linkNetnsid } = await nl.link.get('peerA');
    assert.deepEqual((await nl.link.list({ nsid: linkNetnsid! })).map(({ name }) => name), ['lo', 'peerB']);
    await refused(nl.link.list({ nsid: 99 }), 'EINVAL');
  }),
  'peer': scenario('The other end of a pair, in another namespace', [pair, blue, 'ip link set peerB netns blue'], async (nl) => {
    assert.equal((await nl.link.peerOf('peerA')).address, '02:00:00:00:00:0b');
  }),
};
