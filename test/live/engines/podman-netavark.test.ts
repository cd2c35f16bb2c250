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
import { noUnpackedPodman, useUnpacked } from '../../support/unpacked.ts';

/** Podman's plugins of netavark came with 4.5; Debian 12 has 4.3.1, so that of Debian 13 is run, with its own netavark. */
const folder = mkdtempSync(join(tmpdir(), 'podman-'));
let lan: Lan, plugin: Plugin, machine: Machine, podman: Podman;

const left = () => remains({ folders: [plugin.state], pid: machine.pid });

test.before(async () => {
  lan = await makeLan();
  plugin = makePlugin(folder, 'netlink-ts');
  machine = await makeMachine();
  useUnpacked(machine);
  podman = makePodman(machine, { network_backend: 'netavark', netavark_plugin_dirs: [plugin.folder], network_config_dir: join(folder, 'networks') });
});
test.after(async () => {
  await machine?.close();
  lan?.close();
});

test('podman with netavark: behind NAT, with a published port', async () => {
  const before = left();
  podman('network', 'create', '--driver', 'netlink-ts', '--subnet', '10.73.0.0/24', 'web');
  podman.up('--network', 'web', '--publish', '8111:80');
  const [, address] = /inet (10\.73\.0\.\d+)\/24/.exec(podman('exec', 'web', 'ip', 'addr'))!;
  assert.match(lan.page(`http://${hostAddress}:8111/`), greeting);
  assert.match(lan.page(`http://${address}/`, netns.current()), greeting);
  const shown = JSON.parse(podman('inspect', 'web'))[0].NetworkSettings.Networks.web;
  assert.equal([shown.IPAddress, shown.Gateway, shown.IPPrefixLen], [address, '10.73.0.1', 24]);
  podman.down();
  podman('network', 'rm', 'web');
  await nothingElse(before, left);
});

test('podman with netavark: an address of the LAN that was asked for', async () => {
  const before = left();
  podman('network', 'create', '--driver', 'netlink-ts', '--subnet', '172.24.133.0/24', '--gateway', gatewayAddress, '--opt', 'parent=em1', 'lan');
  podman.up('--network', 'lan', '--ip', '172.24.133.253', '--mac-address', '02:00:00:00:00:fd');
  assert.match(podman('exec', 'web', 'ip', 'addr', 'show', 'eth0'), /02:00:00:00:00:fd[^]*172\.24\.133\.253\/24/);
  assert.match(lan.page('http://172.24.133.253/'), greeting);
  podman.down();
  podman('network', 'rm', 'lan');
  await nothingElse(before, left);
});

test('podman with netavark: two networks, one published port; what cannot be is told', async () => {
  const before = left();
  for (const [name, subnet] of [['one', '10.74.0.0/24'], ['two', '10.75.0.0/24']] as const)
    podman('network', 'create', '--driver', 'netlink-ts', '--subnet', subnet, name);
  podman.up('--network', 'one', '--network', 'two', '--publish', '8111:80');
  assert.match(podman('exec', 'web', 'ip', 'addr'), /10\.74\.0\.[^]*10\.75\.0\.|10\.75\.0\.[^]*10\.74\.0\./);
  assert.match(lan.page(`http://${hostAddress}:8111/`), greeting);
  podman.down();
  podman('network', 'create', '--driver', 'netlink-ts', '--subnet', '10.76.0.0/24', '--opt', 'mode=macvlan', '--opt', 'parent=em9', 'gone');
  assert.throws(() => podman('run', '--rm', '--network', 'gone', image, 'true'), /parent em9: there is no such link/);
  podman('network', 'rm', 'one', 'two', 'gone');
  assert.throws(() => podman('network', 'create', '--driver', 'netlink-ts', '--subnet', '10.76.0.0/24', '--opt', 'parnet=em1', 'typo'), /there is no option parnet/);
  await nothingElse(before, left);
});

test('no program but ours was started', () => startsNothing(plugin, 10));

const reason = noContainers('busybox', 'nsenter', 'unshare') ?? noUnpackedPodman() ?? await lacksNat();
if (reason === undefined) test.run();
else skip(reason);
