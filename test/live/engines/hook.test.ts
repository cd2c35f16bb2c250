// timeout: 400 s
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { netns } from '../../../src/index.ts';
import { runtimeOf } from '../../support/bundle.ts';
import { lacksNat } from '../../support/cni.ts';
import { installed, noContainers } from '../../support/installed.ts';
import { gatewayAddress, hostAddress, makeLan, type Lan } from '../../support/lan.ts';
import { makeMachine, type Machine } from '../../support/machine.ts';
import { makePlugin, startsNothing, type Plugin } from '../../support/plugin.ts';
import { remains } from '../../support/remains.ts';
import { greeting } from '../../support/rootfs.ts';
import { skip } from '../../support/skip.ts';

const folder = mkdtempSync(join(tmpdir(), 'hook-'));
let lan: Lan, plugin: Plugin, machine: Machine;

const hooks = (file?: string) => {
  const hook = (name: string) => [{ path: plugin.path, args: ['netlink-ts-net', 'hook', name, ...(file === undefined ? [] : [file])], env: [`PATH=${process.env.PATH}`] }];
  return { createRuntime: hook('createRuntime'), poststop: hook('poststop') };
};
const left = () => remains({ folders: [plugin.state], pid: machine.pid });

const web = JSON.stringify({ name: 'web', mode: 'bridge', ipam: { type: 'netlink-ts', subnet: '10.70.0.0/24' } });
const lanNetwork = JSON.stringify({ name: 'lan', mode: 'lan', bridge: 'br0', ipam: { type: 'netlink-ts', subnet: '172.24.133.0/24', gateway: gatewayAddress } });

test.before(async () => {
  lan = await makeLan();
  plugin = makePlugin(folder, 'netlink-ts-net');
  machine = await makeMachine();
});
test.after(async () => {
  await machine?.close();
  lan?.close();
});

for (const program of ['runc', 'crun']) {
  test(`${program}: a network behind NAT from a file of the bundle, a port from an annotation`, () => {
    if (!installed(program)) return skip(`${program} is not installed`);
    const runtime = runtimeOf(machine, program), before = left();
    runtime.up('web', { hooks: hooks('network.json'), annotations: { 'netlink-ts.ports': '8111:80', 'org.other': 'x' } }, { 'network.json': web });
    assert.match(runtime.exec('web', 'ip', 'route'), 'default via 10.70.0.1 dev eth0');
    assert.match(lan.page(`http://${hostAddress}:8111/`), greeting);
    const [, address] = /inet (10\.70\.0\.\d+)\/24/.exec(runtime.exec('web', 'ip', 'addr'))!;
    assert.match(lan.page(`http://${address}/`, netns.current()), greeting);
    runtime.down('web');
    assert.equal(left(), before);
  });

  test(`${program}: an address of the LAN, all by annotations`, () => {
    if (!installed(program)) return skip(`${program} is not installed`);
    const runtime = runtimeOf(machine, program), before = left();
    runtime.up('lan', { hooks: hooks(), annotations: {
      'netlink-ts.network': lanNetwork, 'netlink-ts.ips': '172.24.133.253', 'netlink-ts.mac': '02:00:00:00:00:fd', 'netlink-ts.ifname': 'eth1',
    } });
    assert.match(runtime.exec('lan', 'ip', 'addr', 'show', 'eth1'), /02:00:00:00:00:fd[^]*172\.24\.133\.253\/24/);
    assert.match(lan.page('http://172.24.133.253/'), greeting);
    runtime.down('lan');
    assert.equal(left(), before);
  });

  test(`${program}: a container whose network cannot be is not started, and told why`, () => {
    if (!installed(program)) return skip(`${program} is not installed`);
    const runtime = runtimeOf(machine, program), before = left();
    const refused = (id: string, annotations: object): string => {
      try {
        runtime.up(id, { hooks: hooks(), annotations });
      } catch (error) {
        return (error as Error).message;
      }
      throw new Error('it was started');
    };
    // crun keeps to itself what a hook says
    assert.match(refused('misspelt', { 'netlink-ts.netwrok': web }), program === 'runc' ? 'there is no annotation netlink-ts.netwrok' : 'exit code: 1');
    assert.match(refused('elsewhere', { 'netlink-ts.network': web, 'netlink-ts.ips': '10.99.0.7' }), program === 'runc' ? '10.99.0.7' : 'exit code: 1');
    assert.equal(left(), before);
  });
}

test('the machine keeps nothing, and no program but ours was started', () => {
  assert.equal(machine.written(), []);
  startsNothing(plugin);
});

const reason = noContainers('runc', 'busybox', 'nsenter', 'unshare') ?? await lacksNat();
if (reason === undefined) test.run();
else skip(reason);
