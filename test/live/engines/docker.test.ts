// timeout: 600 s
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { netns, openRoute } from '../../../src/index.ts';
import { bundle } from '../../support/build.ts';
import { lacksNat } from '../../support/cni.ts';
import { image, noDockerd, startDockerd, type Dockerd } from '../../support/dockerd.ts';
import { installed } from '../../support/installed.ts';
import { nothingElse, remains } from '../../support/remains.ts';
import { skip } from '../../support/skip.ts';
import { eventually } from '../../support/witness.ts';

const bin = join(bundle(), 'engines/bin.cjs');
const folder = mkdtempSync(join(tmpdir(), 'driver-')), lan = netns.make(), nl = openRoute();
const traces = mkdtempSync(join(tmpdir(), 'traces-'));
let driver: ChildProcess, daemon: Dockerd, starts = 0, before: string[];

/** What is there of the network and of our files; docker's processes and mounts come and go. */
const left = (): string[] => remains({ folders: [join(folder, 'run')] }).filter((line) => !/^(process|mount) /.test(line));
async function nothingLeft(): Promise<void> {
  await nothingElse(before, left);
  assert.equal(JSON.parse(readFileSync(join(folder, 'docker.json'), 'utf8')), { networks: {}, pools: {} });
}

/** Looks on, with -D from aside: the process is the driver's own. */
const strace = (): string[] => (installed('strace') ? ['strace', '-D', '-f', '-q', '--seccomp-bpf', '-e', 'trace=execve,execveat', '-o', join(traces, `${++starts}`)] : []);
async function start(): Promise<void> {
  const [program, ...words] = [...strace(), process.execPath, bin, 'docker'];
  driver = spawn(program!, words, { stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NETLINK_TS_FOLDER: folder, NETLINK_TS_STATE: join(folder, 'run') } });
  await once(driver.stdout!, 'data');
}
/** The server in the container takes a moment to listen. */
function page(address: string): string {
  for (let left = 40; ; left--) {
    const { status, stdout, stderr } = netns.spawnSync(lan, process.execPath, ['-e', ask, `http://${address}/`]);
    if (status === 0 || left === 0) return `${stdout}${stderr}`;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
  }
}
/** The link that has an address. */
const where = (address: string): string | undefined => {
  const { index } = nl.sync.addr.list().find((one) => one.address === address) ?? {};
  return index === undefined ? undefined : nl.sync.link.get(index).name;
};
const ask = 'fetch(process.argv[1], { signal: AbortSignal.timeout(10000) }).then((r) => r.text()).then(console.log)';

test.before(async () => {
  await nl.link.change('lo', { up: true });
  await nl.link.add({ name: 'em1', kind: 'veth', up: true, options: { peer: { name: 'lan0', netns: lan } } });
  await nl.link.add({ name: 'em2', kind: 'veth', up: true, options: { peer: { name: 'lan1', netns: lan } } });
  await nl.addr.add('em1', '172.24.133.100/24');
  await nl.route.add({ dst: 'default', gateway: '172.24.133.254' });
  await nl.addr.add('em2', '192.0.2.1/24');
  using there = openRoute({ netns: lan });
  for (const name of ['lo', 'lan0', 'lan1']) await there.link.change(name, { up: true });
  for (const address of ['172.24.133.254/24', '172.24.133.200/24']) await there.addr.add('lan0', address);
  await there.addr.add('lan1', '192.0.2.2/24');
  await start();
  daemon = await startDockerd();
  before = left();
});
test.after(async () => {
  await daemon?.close();
  driver?.kill();
  lan.close();
  nl.close();
});

test('the article in docker\'s own words: an address of the LAN', async () => {
  const { docker } = daemon;
  docker('network', 'create', '-d', 'netlink-ts', '--subnet', '172.24.133.0/24', '--gateway', '172.24.133.254', '-o', 'parent=em1', 'lan');
  docker('run', '-d', '--name', 'web', '--network', 'lan', '--ip', '172.24.133.253', image, 'httpd', '-f', '-p', '80', '-h', '/www');
  assert.match(page('172.24.133.253'), 'hello from the container');
  assert.is(where('172.24.133.100/24'), 'br0');
  assert.is(nl.sync.route.get('192.0.2.200').oif, nl.sync.link.get('em2').index);
  assert.throws(() => docker('run', '--rm', '--network', 'lan', '--ip', '172.24.133.200', image, 'true'), /172\.24\.133\.200 is in use on the network/);
  driver.kill('SIGKILL'); // and started anew it knows what it knew
  await once(driver, 'exit');
  await start();
  docker('rm', '-f', 'web');
  docker('network', 'create', '-d', 'netlink-ts', '--subnet', '172.24.134.0/24', '-o', 'parent=em1', 'more');
  docker('network', 'rm', 'lan');
  assert.is(where('172.24.133.100/24'), 'br0'); // another network has the bridge, too
  docker('network', 'rm', 'more');
  assert.is(where('172.24.133.100/24'), 'em1');
  assert.equal(nl.sync.route.list({ dst: 'default' }).map(({ gateway, oif }) => [gateway, oif]), [['172.24.133.254', nl.sync.link.get('em1').index]]);
  await nothingLeft();
  assert.throws(() => docker('network', 'create', '-d', 'netlink-ts', '--subnet', '10.5.0.0/24', '-o', 'parent=em9', 'no'), /em9/);
});

test('a network behind NAT with our addresses and a published port; nothing is left, no descriptor of the driver either', async () => {
  const { docker } = daemon, descriptors = () => readdirSync(`/proc/${driver.pid}/fd`).length, opened = descriptors();
  docker('network', 'create', '-d', 'netlink-ts', '--ipam-driver', 'netlink-ts', '--subnet', '10.99.0.0/24', 'nat');
  for (let i = 0; i < 3; i++) {
    docker('run', '-d', '--name', 'web', '--network', 'nat', '-p', '8080:80', image, 'httpd', '-f', '-p', '80', '-h', '/www');
    assert.match(page('192.0.2.1:8080'), 'hello from the container');
    docker('rm', '-f', 'web');
  }
  docker('network', 'rm', 'nat');
  await eventually(() => descriptors() <= opened, 15_000); // docker keeps a connection for a while
  await nothingLeft();
});

test('a network straight upon an uplink: mode macvlan', async () => {
  const { docker } = daemon;
  docker('network', 'create', '-d', 'netlink-ts', '--subnet', '192.0.2.0/24', '--gateway', '192.0.2.2', '-o', 'mode=macvlan', '-o', 'parent=em2', 'upon');
  docker('run', '-d', '--name', 'web', '--network', 'upon', '--ip', '192.0.2.50', image, 'httpd', '-f', '-p', '80', '-h', '/www');
  assert.match(page('192.0.2.50'), 'hello from the container');
  assert.throws(() => docker('run', '--rm', '--network', 'upon', '--ip', '192.0.2.1', image, 'true'), /192\.0\.2\.1 is an address of the host itself/);
  docker('rm', '-f', 'web');
  docker('network', 'rm', 'upon');
  await nothingLeft();
});

test('containers that come at once, and go at once: each has its own address and port', async () => {
  const { docker, socket } = daemon, names = Array.from({ length: 8 }, (_, i) => `many${i}`);
  const all = (words: (name: string, i: number) => string[]) => Promise.all(names.map(async (name, i) => {
    const [code] = await once(spawn('docker', ['--host', `unix://${socket}`, ...words(name, i)], { stdio: ['ignore', 'ignore', 'inherit'] }), 'close');
    assert.is(code, 0, name);
  }));
  docker('network', 'create', '-d', 'netlink-ts', '--ipam-driver', 'netlink-ts', '--subnet', '10.96.0.0/24', 'crowd');
  await all((name, i) => ['run', '-d', '--name', name, '--network', 'crowd', '-p', `${8200 + i}:80`, image, 'httpd', '-f', '-p', '80', '-h', '/www']);
  const addresses = names.map((name) => docker('inspect', '--format', '{{.NetworkSettings.Networks.crowd.IPAddress}}', name));
  assert.is(new Set(addresses).size, names.length);
  for (const i of names.keys()) assert.match(page(`192.0.2.1:${8200 + i}`), 'hello from the container');
  await all((name) => ['rm', '-f', name]);
  docker('network', 'rm', 'crowd');
  await nothingLeft();
});

test('the driver and the daemon are started anew, by a stop and by a kill: networks, addresses and ports stay, and more containers come', async () => {
  const { docker } = daemon, address = (name: string): string => docker('inspect', '--format', '{{.NetworkSettings.Networks.stays.IPAddress}}', name);
  docker('network', 'create', '-d', 'netlink-ts', '--ipam-driver', 'netlink-ts', '--subnet', '10.97.0.0/24', 'stays');
  docker('run', '-d', '--name', 'web', '--restart', 'always', '--stop-timeout', '1', '--network', 'stays', '-p', '8097:80', image, 'httpd', '-f', '-p', '80', '-h', '/www');
  const again = async (how: 'stop' | 'kill'): Promise<void> => {
    driver.kill('SIGKILL');
    await once(driver, 'exit');
    await start();
    await daemon.restart(how, { 'live-restore': true });
  };
  await again('stop'); // the container is stopped with the daemon, and started with it
  assert.match(page('192.0.2.1:8097'), 'hello from the container');
  const pid = daemon.pid('web'), own = address('web');
  for (const how of ['stop', 'kill'] as const) {
    await again(how); // by now containers outlive the daemon
    assert.is(daemon.pid('web'), pid);
    assert.is(address('web'), own);
    assert.match(page('192.0.2.1:8097'), 'hello from the container');
    docker('run', '-d', '--name', how, '--network', 'stays', image, 'sleep', '1000');
    assert.not.equal(address(how), own);
    assert.match(docker('exec', how, 'wget', '-q', '-O', '-', `http://${own}/`), 'hello from the container');
  }
  assert.not.equal(address('stop'), address('kill'));
  docker('rm', '-f', 'web', 'stop', 'kill');
  docker('network', 'rm', 'stays');
  await nothingLeft();
});

test('no program but ours was started', async () => {
  if (starts === 0) return skip('strace is not installed: nobody looks which programs are started');
  driver.kill('SIGKILL');
  const said = () => readdirSync(traces).map((file) => readFileSync(join(traces, file), 'utf8'));
  await eventually(() => said().every((text) => text.includes('+++')));
  assert.is(said().length, starts);
  for (const text of said()) assert.equal([...text.matchAll(/^\d+ +exec\w+\("([^"]+)".* = 0$/gm)].map(([, program]) => program), [process.execPath], text);
});

const reason = noDockerd() ?? await lacksNat();
if (reason === undefined) test.run();
else skip(reason);
