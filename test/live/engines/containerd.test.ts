// timeout: 600 s
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { netns } from '../../../src/index.ts';
import { lacksNat } from '../../support/cni.ts';
import { image, startContainerd, type Containerd } from '../../support/containerd.ts';
import { criOf, type PodRequest } from '../../support/cri.ts';
import { noContainers } from '../../support/installed.ts';
import { gatewayAddress, hostAddress, makeLan, type Lan } from '../../support/lan.ts';
import { makeMachine, type Machine } from '../../support/machine.ts';
import { makePlugin, startsNothing, type Plugin } from '../../support/plugin.ts';
import { remains } from '../../support/remains.ts';
import { greeting, server } from '../../support/rootfs.ts';
import { skip } from '../../support/skip.ts';
import { eventually } from '../../support/witness.ts';

const folder = mkdtempSync(join(tmpdir(), 'containerd-'));
let lan: Lan, plugin: Plugin, machine: Machine, daemon: Containerd;

const left = () => [...remains({ folders: [plugin.state], pid: machine.pid }),
  ...machine.written().filter((path) => /^\/(etc|var\/lib)\/cni\//.test(path)).map((path) => `file ${path}`)];

const web = { mode: 'bridge', capabilities: { portMappings: true, bandwidth: true }, ipam: { type: 'netlink-ts', subnet: '10.71.0.0/24' } };
const upon = { mode: 'lan', bridge: 'br0', ipam: { type: 'netlink-ts', subnet: '172.24.133.0/24', rangeStart: '172.24.133.200', gateway: gatewayAddress } };

/** The network of all that is started from now on. */
const network = (plugin: object): void => void machine.run('sh', ['-c', 'mkdir -p /etc/cni/net.d && cat > /etc/cni/net.d/10-net.conflist'],
  { input: JSON.stringify({ cniVersion: '1.0.0', name: 'net', plugins: [{ type: 'netlink-ts-net', ...plugin }] }) });

test.before(async () => {
  lan = await makeLan();
  plugin = makePlugin(folder, 'netlink-ts-net');
  machine = await makeMachine();
  machine.run('sh', ['-c', 'mkdir -p /opt/cni/bin; ln -sf "$0" /usr/lib/cni/loopback /opt/cni/bin/', plugin.path]);
  network(web);
  daemon = await startContainerd(machine);
});
test.after(async () => {
  await machine?.close();
  lan?.close();
});

async function container(work: (ip: (...words: string[]) => string) => void): Promise<void> {
  const task = machine.start('ctr', ['run', '--cgroup', `/${machine.group}/web`, '--cni', image, 'web'], { CONTAINERD_ADDRESS: daemon.socket });
  try {
    await eventually(() => {
      if (task.exitCode !== null) throw new Error(`ctr has ended: ${machine.log()}`);
      return /web .*RUNNING/.test(daemon.ctr('tasks', 'list'));
    }, 60_000);
    work((...words) => daemon.ctr('tasks', 'exec', '--exec-id', `exec${Math.random()}`, 'web', 'ip', ...words));
  } finally {
    daemon.ctr('tasks', 'kill', '--signal', 'KILL', 'web');
    if (task.exitCode === null) await once(task, 'exit');
    daemon.ctr('containers', 'delete', 'web');
  }
}

test('ctr run --cni: behind NAT, with a port that the configuration publishes', async () => {
  network({ ...web, runtimeConfig: { portMappings: [{ hostPort: 8111, containerPort: 80 }] }, capabilities: {} });
  const before = left();
  await container((ip) => {
    const [, address] = /inet (10\.71\.0\.\d+)\/24/.exec(ip('addr'))!;
    assert.match(lan.page(`http://${hostAddress}:8111/`), greeting);
    assert.match(lan.page(`http://${address}/`, netns.current()), greeting);
  });
  assert.equal(left(), before);
});

test('ctr run --cni: an address of the LAN', async () => {
  network(upon);
  const before = left();
  await container((ip) => {
    const [, address] = /inet (172\.24\.133\.2\d\d)\/24/.exec(ip('addr'))!;
    assert.match(lan.page(`http://${address}/`), greeting);
  });
  assert.equal(left(), before);
});

for (const [name, plugin] of Object.entries({ 'behind NAT, with a published port and little bandwidth': web, 'with an address of the LAN': upon }))
  test(`a pod of the kubelet's, ${name}`, async () => {
    network(plugin);
    const cri = criOf(daemon.socket), pod: PodRequest = {
      name: 'pod1', ports: plugin === web ? [{ container: 80, host: 8112 }] : [],
      annotations: plugin === web ? { 'kubernetes.io/ingress-bandwidth': '80M', 'kubernetes.io/egress-bandwidth': '40M' } : {}, cgroup: `/${machine.group}`, logs: join(machine.folder, 'pods'),
    };
    await eventually(async () => (await cri.unready()).length === 0, 30_000);
    const before = left(), id = await cri.runPod(pod), address = await cri.address(id);
    await cri.runContainer(id, pod, image, server);
    assert.match(address, plugin === web ? /^10\.71\.0\./ : /^172\.24\.133\.2/);
    if (plugin === web) {
      assert.match(lan.page(`http://${hostAddress}:8112/`), greeting);
      assert.match(execFileSync('tc', ['qdisc', 'show'], { encoding: 'utf8' }), /tbf .* dev nt[0-9a-f]{12} root .* rate 80Mbit/);
    }
    assert.match(lan.page(`http://${address}/`, plugin === web ? netns.current() : undefined), greeting);
    await cri.stopPod(id);
    await cri.stopPod(id);
    await cri.removePod(id);
    assert.equal(left(), before);
  });

test('no program but ours was started', () => startsNothing(plugin, 8));

const reason = noContainers('containerd', 'ctr', 'runc', 'busybox', 'nsenter', 'unshare', '/usr/lib/cni/loopback') ?? await lacksNat();
if (reason === undefined) test.run();
else skip(reason);
