import { once } from 'node:events';
import { mkdtempSync, readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { netns, openRoute } from '../../../src/index.ts';
import { dockerDriver } from '../../../src/engines/index.ts';
import { lacksNat, left, linksOf, state } from '../../support/cni.ts';
import { noContainers } from '../../support/installed.ts';
import { makeUplink } from '../../support/lan.ts';
import { moveIn, post as posted } from '../../support/libnetwork.ts';
import { skip } from '../../support/skip.ts';

/** What dockerd asks from `network create` to `network rm`, in its order: two containers, one with a published port. */
const calls = readFileSync(new URL('../../../fixtures/engines/docker.jsonl', import.meta.url), 'utf8').trim().split('\n');
const folder = mkdtempSync(join(tmpdir(), 'driver-')), socketPath = join(folder, 'driver.sock'), nl = openRoute();
let server: Server, lan: netns.Namespace;

async function start(): Promise<void> {
  server = dockerDriver({ folder, state }).listen(socketPath);
  await once(server, 'listening');
}
async function stop(): Promise<void> {
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
}

const post = (question: string, body: unknown) => posted(socketPath, question, body);
async function well(question: string, body: unknown): Promise<any> {
  const { status, answer } = await post(question, body);
  assert.equal([status, answer.Err, answer.Error], [200, undefined, undefined], question);
  return answer;
}
/** Takes what Join has made for an endpoint away, and its network. */
async function end(network: string, endpoint: string): Promise<void> {
  for (const question of ['RevokeExternalConnectivity', 'Leave', 'DeleteEndpoint']) await well(`NetworkDriver.${question}`, { NetworkID: network, EndpointID: endpoint });
  await well('NetworkDriver.DeleteNetwork', { NetworkID: network });
}
const create = (id: string, options: object, four: object[], six: object[] = []) => post('NetworkDriver.CreateNetwork',
  { NetworkID: id, Options: { 'com.docker.network.generic': options }, IPv4Data: four, IPv6Data: six });

test.before(async () => {
  ['c1', 'c2'].forEach((name) => netns.create(name));
  lan = await makeUplink();
  await start();
});
test.after(async () => {
  await stop();
  ['c1', 'c2'].forEach((name) => netns.delete(name));
  lan.close();
  nl.close();
});

test('the questions of a whole network\'s life, the driver started anew after each', async () => {
  const answers: { [question: string]: any } = {};
  let PoolID = '', Address = '';
  for (const line of calls) { // an endpoint's address has its prefix length, one that is released has none
    const [question, body] = JSON.parse(line.replaceAll('$PoolID', PoolID).replaceAll('"$Address"', JSON.stringify(line.startsWith('["NetworkDriver') ? Address : Address.replace(/\/.*/, ''))));
    const answer = answers[question] = await well(question, body);
    PoolID = answer.PoolID ?? PoolID;
    Address = question === 'IpamDriver.RequestAddress' ? answer.Address : Address;
    if (question === 'NetworkDriver.Join') {
      assert.equal([answer.InterfaceName.DstPrefix, answer.Gateway], ['eth', '10.99.0.1']);
      await moveIn(body.EndpointID === 'e1' ? 'c1' : 'c2', answer.InterfaceName.SrcName, [body.EndpointID === 'e1' ? '10.99.0.50/16' : Address]);
    }
    if (question === 'NetworkDriver.ProgramExternalConnectivity') assert.is(left().filter((one) => one === 'rule').length, 6);
    if (question === 'NetworkDriver.Leave') assert.equal(linksOf(body.EndpointID === 'e1' ? 'c1' : 'c2'), []);
    await stop();
    await start();
  }
  assert.equal(answers['Plugin.Activate'], { Implements: ['NetworkDriver', 'IpamDriver'] });
  assert.equal(answers['NetworkDriver.GetCapabilities'], { Scope: 'local', ConnectivityScope: 'local' });
  assert.equal(left(), []);
  assert.equal(nl.sync.link.list({ kind: 'bridge' }), []);
  assert.equal(JSON.parse(readFileSync(join(folder, 'docker.json'), 'utf8')), { networks: {}, pools: {} });
});

test('IPv6 beside IPv4', async () => {
  assert.equal((await create('n6', {}, [{ Pool: '10.98.0.0/24', Gateway: '10.98.0.1/24' }], [{ Pool: 'fd00:98::/64', Gateway: 'fd00:98::1/64' }])).answer, {});
  await well('NetworkDriver.CreateEndpoint', { NetworkID: 'n6', EndpointID: 'e6', Interface: { Address: '10.98.0.2/24', AddressIPv6: 'fd00:98::2/64', MacAddress: '02:00:00:00:00:66' },
    Options: { 'com.docker.network.portmap': [{ Proto: 6, Port: 80, HostIP: '', HostPort: 9096 }] } });
  const { InterfaceName, Gateway, GatewayIPv6 } = await well('NetworkDriver.Join', { NetworkID: 'n6', EndpointID: 'e6', SandboxKey: '/run/netns/c1' });
  assert.equal([Gateway, GatewayIPv6], ['10.98.0.1', 'fd00:98::1']);
  assert.is(nl.sync.link.get(InterfaceName.SrcName).address, '02:00:00:00:00:66');
  await moveIn('c1', InterfaceName.SrcName, ['10.98.0.2/24', 'fd00:98::2/64']);
  await well('NetworkDriver.ProgramExternalConnectivity', { NetworkID: 'n6', EndpointID: 'e6' });
  assert.is(netns.spawnSync('c1', 'ping', ['-6', '-c1', '-W5', 'fd00:98::1']).status, 0);
  await end('n6', 'e6');
  assert.equal(left(), []);
});

test('a container of a macvlan network is told to the LAN, and an address of the LAN is refused', async () => {
  assert.equal((await create('m1', { mode: 'macvlan', parent: 'em1' }, [{ Pool: '172.24.133.0/24', Gateway: '172.24.133.254/24' }])).answer, {});
  const endpoint = (id: string, address: string) => well('NetworkDriver.CreateEndpoint', { NetworkID: 'm1', EndpointID: id, Interface: { Address: address } });
  await endpoint('taken', '172.24.133.254/24');
  assert.match((await post('NetworkDriver.Join', { NetworkID: 'm1', EndpointID: 'taken', SandboxKey: '/run/netns/c1' })).answer.Err, 'in use on the network of em1');
  await well('NetworkDriver.DeleteEndpoint', { NetworkID: 'm1', EndpointID: 'taken' });
  await endpoint('free', '172.24.133.77/24');
  const { InterfaceName } = await well('NetworkDriver.Join', { NetworkID: 'm1', EndpointID: 'free', SandboxKey: '/run/netns/c1' });
  using there = openRoute({ netns: lan });
  await there.neigh.add({ dev: 'lan0', dst: '172.24.133.77', lladdr: '02:00:00:00:00:99', state: 'stale' });
  const { address } = nl.sync.link.get(InterfaceName.SrcName);
  await moveIn('c1', InterfaceName.SrcName, ['172.24.133.77/24']);
  await well('NetworkDriver.ProgramExternalConnectivity', { NetworkID: 'm1', EndpointID: 'free' });
  assert.is(netns.spawnSync(lan, 'ping', ['-c1', '-W5', '172.24.133.77']).status, 0);
  assert.is((await there.neigh.list({ dev: 'lan0' })).find(({ dst }) => dst === '172.24.133.77')?.lladdr, address);
  using inside = openRoute({ netns: 'c1' });
  await inside.link.delete('eth0'); // as goes with the sandbox
  await end('m1', 'free');
  assert.equal(left(), []);
});

test('who has left docker before the LAN was told, or has no address, is told to nobody', async () => {
  assert.equal((await create('m2', { mode: 'macvlan', parent: 'em1', probe: 'true' }, [])).answer, {});
  const endpoint = { NetworkID: 'm2', EndpointID: 'early' };
  await well('NetworkDriver.CreateEndpoint', { ...endpoint, Interface: { Address: '172.24.133.78/24' } });
  for (const SandboxKey of [undefined, '/run/netns/gone', '/etc/passwd', '/run/netns/c2']) {
    await well('NetworkDriver.Join', { ...endpoint, SandboxKey });
    await well('NetworkDriver.ProgramExternalConnectivity', endpoint);
  }
  await end('m2', 'early');
  assert.equal(left(), []);
});

test('endpoints that docker has forgotten go with their network', async () => {
  await create('n3', {}, [{ Pool: '10.97.0.0/24', Gateway: '10.97.0.1/24' }]);
  const endpoint = { NetworkID: 'n3', EndpointID: 'e3' }, made = { ...endpoint, Interface: { Address: '10.97.0.2/24' } };
  await well('NetworkDriver.CreateEndpoint', made);
  assert.is((await post('NetworkDriver.CreateEndpoint', made)).answer.Err, 'endpoint e3 exists');
  await well('NetworkDriver.Join', { ...endpoint, SandboxKey: '/run/netns/c1' });
  await well('NetworkDriver.ProgramExternalConnectivity', endpoint);
  assert.ok(left().includes('rule'));
  await well('NetworkDriver.DeleteNetwork', { NetworkID: 'n3' });
  assert.equal([left(), nl.sync.link.list({ kind: 'bridge' })], [[], []]);
});

test('a bridge upon an uplink goes with the last network that has it', async () => {
  const where = (): string => nl.sync.link.get(nl.sync.addr.list().find(({ address }) => address === '172.24.133.100/24')!.index).name;
  for (const id of ['l1', 'l2']) assert.equal((await create(id, { parent: 'em1' }, [])).answer, {});
  await well('NetworkDriver.DeleteNetwork', { NetworkID: 'l1' });
  assert.is(where(), 'br0');
  await well('NetworkDriver.DeleteNetwork', { NetworkID: 'l2' });
  assert.is(where(), 'em1');
});

test('what cannot be is refused in docker\'s words', async () => {
  const err = async (question: string, body: unknown): Promise<string> => (await post(question, body)).answer.Err;
  assert.is((await post('NetworkDriver.Nothing', {})).status, 404);
  assert.match(await err('NetworkDriver.CreateNetwork', '{'), 'JSON');
  assert.match((await create('bad', { mode: 'ptp' }, [])).answer.Err, 'ptp');
  assert.match((await create('bad', { parent: 'em9' }, [])).answer.Err, 'em9');
  assert.match(await err('NetworkDriver.Join', { NetworkID: 'gone', EndpointID: 'e' }), 'no network gone');
  await create('n1', {}, []);
  const endpoint = (portmap: object[]) => ({ NetworkID: 'n1', EndpointID: 'e', Interface: {}, Options: { 'com.docker.network.portmap': portmap } });
  assert.match(await err('NetworkDriver.CreateEndpoint', endpoint([{ Proto: 6, Port: 80, HostPort: 0 }])), '-p HOST:80');
  assert.match(await err('NetworkDriver.CreateEndpoint', endpoint([{ Proto: 1, Port: 80, HostPort: 80 }])), 'protocol 1');
  assert.match(await err('NetworkDriver.Join', { NetworkID: 'n1', EndpointID: 'e' }), 'no endpoint e');
  for (const question of ['Leave', 'DeleteEndpoint']) await well(`NetworkDriver.${question}`, { NetworkID: 'n1', EndpointID: 'e' });
  for (let i = 0; i < 2; i++) await well('NetworkDriver.DeleteNetwork', { NetworkID: 'n1' });
  assert.match((await post('IpamDriver.RequestPool', { Pool: 'x' })).answer.Error, 'subnet');
  assert.match((await post('IpamDriver.RequestPool', { V6: true })).answer.Error, '--subnet');
  assert.match((await post('IpamDriver.RequestAddress', { PoolID: 'gone' })).answer.Error, 'no pool gone');
  assert.equal(left(), []);
});

const reason = noContainers() ?? await lacksNat();
if (reason === undefined) test.run();
else skip(reason);
