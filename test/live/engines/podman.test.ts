// timeout: 600 s
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { netns } from '../../../src/index.ts';
import { lacksNat } from '../../support/cni.ts';
import { noContainers } from '../../support/installed.ts';
import { gatewayAddress, hostAddress, makeLan, type Lan } from '../../support/lan.ts';
import { makeMachine, type Machine } from '../../support/machine.ts';
import { makePlugin, startsNothing, type Plugin } from '../../support/plugin.ts';
import { image, makePodman, type Podman } from '../../support/podman.ts';
import { nothingElse, remains } from '../../support/remains.ts';
import { greeting } from '../../support/rootfs.ts';
import { skip } from '../../support/skip.ts';

const folder = mkdtempSync(join(tmpdir(), 'podman-')), networks = join(folder, 'networks');
let lan: Lan, plugin: Plugin, machine: Machine, podman: Podman;

const left = () => [...remains({ folders: [plugin.state], pid: machine.pid }),
  ...machine.written().filter((path) => path.startsWith('/var/lib/cni/')).map((path) => `file ${path}`)];

const network = (name: string, plugin: object): void => void machine.run('sh', ['-c', 'mkdir -p "${0%/*}" && cat > "$0"', join(networks, `${name}.conflist`)],
  { input: JSON.stringify({ cniVersion: '1.0.0', name, plugins: [{ type: 'netlink-ts-net', capabilities: { portMappings: true, ips: true, mac: true }, ...plugin }] }) });

test.before(async () => {
  lan = await makeLan();
  plugin = makePlugin(folder, 'netlink-ts-net');
  machine = await makeMachine();
  network('web', { mode: 'bridge', ipam: { type: 'netlink-ts', subnet: '10.72.0.0/24' } });
  network('lan', { mode: 'lan', bridge: 'br0', ipam: { type: 'netlink-ts', subnet: '172.24.133.0/24', gateway: gatewayAddress } });
  podman = makePodman(machine, { network_backend: 'cni', cni_plugin_dirs: [plugin.folder], network_config_dir: networks });
});
test.after(async () => {
  await machine?.close();
  lan?.close();
});

test('podman with CNI: behind NAT, with a published port', async () => {
  const before = left();
  podman.up('--network', 'web', '--publish', '8111:80');
  const [, address] = /inet (10\.72\.0\.\d+)\/24/.exec(podman('exec', 'web', 'ip', 'addr'))!;
  assert.match(lan.page(`http://${hostAddress}:8111/`), greeting);
  assert.match(lan.page(`http://${address}/`, netns.current()), greeting);
  assert.is(JSON.parse(podman('inspect', 'web'))[0].NetworkSettings.Networks.web.IPAddress, address);
  podman.down();
  await nothingElse(before, left);
});

test('podman with CNI: an address of the LAN that was asked for', async () => {
  const before = left();
  podman.up('--network', 'lan', '--ip', '172.24.133.253', '--mac-address', '02:00:00:00:00:fd');
  assert.match(podman('exec', 'web', 'ip', 'addr', 'show', 'eth0'), /02:00:00:00:00:fd[^]*172\.24\.133\.253\/24/);
  assert.match(lan.page('http://172.24.133.253/'), greeting);
  assert.throws(() => podman('run', '--rm', '--network', 'lan', '--ip', '172.24.133.253', image, 'true'), /in use/);
  podman.down();
  await nothingElse(before, left);
});

test('no program but ours was started', () => startsNothing(plugin));

const reason = noContainers('podman', 'busybox', 'nsenter', 'unshare') ?? await lacksNat();
if (reason === undefined) test.run();
else skip(reason);
