import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { dockerDriver } from '../../../src/engines/docker/server.ts';

const folder = mkdtempSync(join(tmpdir(), 'driver-')), socketPath = join(folder, 'socket'), server = dockerDriver({ folder, state: join(folder, 'run') });
test.before(() => new Promise<void>((done) => server.listen(socketPath, done)));
test.after(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

const asked = (path: string, text: string) => new Promise<{ status: number; body: any }>((resolve, reject) => {
  request({ socketPath, path, method: 'POST' }, (response) => {
    let said = '';
    response.setEncoding('utf8').on('data', (part: string) => (said += part)).on('end', () => resolve({ status: response.statusCode!, body: JSON.parse(said) }));
  }).on('error', reject).end(text);
});
const ask = async (question: string, body: object = {}) => (await asked(`/${question}`, JSON.stringify(body))).body;

test('what it is and can do', async () => {
  assert.equal(await ask('Plugin.Activate'), { Implements: ['NetworkDriver', 'IpamDriver'] });
  assert.equal(await ask('NetworkDriver.GetCapabilities'), { Scope: 'local', ConnectivityScope: 'local' });
  assert.equal(await ask('IpamDriver.GetCapabilities'), { RequiresMACAddress: false });
  assert.equal(await ask('IpamDriver.GetDefaultAddressSpaces'), { LocalDefaultAddressSpace: 'netlink-ts', GlobalDefaultAddressSpace: 'netlink-ts-global' });
  assert.equal(await ask('NetworkDriver.EndpointOperInfo'), { Value: {} });
  for (const question of ['DiscoverNew', 'DiscoverDelete']) assert.equal(await ask(`NetworkDriver.${question}`), {});
  assert.equal(await asked('/Plugin.Activate', ''), { status: 200, body: { Implements: ['NetworkDriver', 'IpamDriver'] } }); // docker sends no body
});

test('questions that nobody answers', async () => {
  for (const path of ['/', '/NetworkDriver', '/NetworkDriver.Nothing', '/Nobody.Activate', '/NetworkDriver.toString', '/Plugin.Activate/more'])
    assert.equal(await asked(path, '{}'), { status: 404, body: { Err: `${path} is unknown here` } });
  assert.match((await asked('/NetworkDriver.Join', '{')).body.Err, 'JSON');
  assert.match((await asked('/IpamDriver.RequestPool', '{')).body.Error, 'JSON');
});

test('networks and endpoints that are not there', async () => {
  for (const question of ['CreateEndpoint', 'Join', 'ProgramExternalConnectivity'])
    assert.equal(await ask(`NetworkDriver.${question}`, { NetworkID: 'none' }), { Err: 'there is no network none' });
  assert.equal(await ask('NetworkDriver.DeleteNetwork', { NetworkID: 'none' }), {}); // again is no fault
});

test('modes that move links themselves, and settings that cannot be', async () => {
  const create = (options?: object) => ask('NetworkDriver.CreateNetwork', { NetworkID: 'n', Options: { 'com.docker.network.generic': options } });
  for (const [mode, more] of [['host-device', { device: 'em1' }], ['ptp', {}], ['ports', {}]] as const) assert.match((await create({ mode, ...more })).Err, 'not for docker');
  assert.match((await create({ mode: 'teleport' })).Err, 'mode is "teleport"');
  assert.match((await create({ vlan: '9999' })).Err, 'vlan is "9999"');
  assert.not.ok(existsSync(join(folder, 'docker.json')));
});

test('pools: a subnet that is wanted, or the next of ours; addresses one by one; kept over a restart', async () => {
  const pool = (more: object) => ask('IpamDriver.RequestPool', more), address = (more: object) => ask('IpamDriver.RequestAddress', more);
  assert.match((await pool({ V6: true })).Error, 'give the subnet');
  assert.match((await pool({ SubPool: '10.1.0.0/24' })).Error, '--ip-range');
  assert.match((await pool({ Pool: '10.1.0.0' })).Error, 'subnet must be');
  const { PoolID, Pool } = await pool({ Pool: '10.1.0.0/29' });
  assert.equal([PoolID, Pool], ['netlink-ts/10.1.0.0/29', '10.1.0.0/29']);
  assert.match((await pool({ Pool: '10.1.0.3/29' })).Error, '10.1.0.0/29 is another network\'s');
  assert.is((await pool({})).Pool, '10.192.0.0/16');
  assert.is((await pool({})).Pool, '10.193.0.0/16');
  assert.is((await address({ PoolID, Address: '10.1.0.6', Options: { RequestAddressType: 'com.docker.network.gateway' } })).Address, '10.1.0.6/29');
  assert.is((await address({ PoolID })).Address, '10.1.0.1/29');
  assert.match((await address({ PoolID, Address: '10.1.0.1' })).Error, 'in use by docker-');
  assert.match((await address({ PoolID: 'none' })).Error, 'there is no pool none');
  for (let again = 0; again < 2; again++) assert.equal(await ask('IpamDriver.ReleaseAddress', { PoolID, Address: '10.1.0.1' }), {});
  assert.is((await address({ PoolID, Address: '10.1.0.1' })).Address, '10.1.0.1/29');
  assert.equal(Object.keys(JSON.parse(readFileSync(join(folder, 'docker.json'), 'utf8')).pools), [PoolID, 'netlink-ts/10.192.0.0/16', 'netlink-ts/10.193.0.0/16']);
  for (let again = 0; again < 2; again++) assert.equal(await ask('IpamDriver.ReleasePool', { PoolID }), {});
  assert.match((await address({ PoolID })).Error, 'there is no pool');
});

test.run();
