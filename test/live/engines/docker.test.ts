// timeout: 240 s
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { netns, openRoute } from '../../../src/index.ts';
import { openNetfilter } from '../../../src/netfilter/index.ts';
import { bundle } from '../../support/build.ts';
import { image, noDockerd, startDockerd, type Dockerd } from '../../support/dockerd.ts';
import { skip } from '../../support/skip.ts';

const bin = join(bundle(), 'engines/bin.cjs');
const folder = mkdtempSync(join(tmpdir(), 'driver-')), lan = netns.make(), nl = openRoute();
let driver: ChildProcess, daemon: Dockerd;

async function start(): Promise<void> {
  driver = spawn(process.execPath, [bin, 'docker'], { stdio: ['ignore', 'pipe', 'inherit'],
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
  assert.equal(nl.sync.link.list({ kind: 'bridge' }).map(({ name }) => name).filter((name) => name !== 'docker0'), []);
  assert.throws(() => docker('network', 'create', '-d', 'netlink-ts', '--subnet', '10.5.0.0/24', '-o', 'parent=em9', 'no'), /em9/);
});

test('a network behind NAT with our addresses and a published port; nothing is left', () => {
  const { docker } = daemon;
  docker('network', 'create', '-d', 'netlink-ts', '--ipam-driver', 'netlink-ts', '--subnet', '10.99.0.0/24', 'nat');
  docker('run', '-d', '--name', 'web', '--network', 'nat', '-p', '8080:80', image, 'httpd', '-f', '-p', '80', '-h', '/www');
  assert.match(page('192.0.2.1:8080'), 'hello from the container');
  docker('rm', '-f', 'web');
  docker('network', 'rm', 'nat');
  assert.equal(nl.sync.link.list().map(({ name }) => name).filter((name) => /^nt/.test(name)), []);
  using nft = openNetfilter();
  assert.equal(nft.sync.table.list().filter(({ name }) => name === 'netlink-ts-engines'), []);
  assert.equal(JSON.parse(readFileSync(join(folder, 'docker.json'), 'utf8')), { networks: {}, pools: {} });
});

const reason = noDockerd();
if (reason === undefined) test.run();
else skip(reason);
