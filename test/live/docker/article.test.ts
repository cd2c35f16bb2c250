// timeout: 600 s
import { spawnSync } from 'node:child_process';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type * as netns from '../../../src/netns/index.ts';
import { sysctl } from '../../../src/netns/index.ts';
import { inspect, lan, modes, openHost } from '../../../src/container/index.ts';
import { image, noDockerd, startDockerd, type Dockerd } from '../../support/dockerd.ts';
import { skip } from '../../support/skip.ts';
import { refusal, sh } from '../../support/witness.ts';
import { end, get, inside, space } from '../container/outside.ts';

/*
 * The article's machine: em1, 172.24.133.39, leads to a switch with the gateway, .254, on it, and a laptop, .10, behind.
 */
const reason = noDockerd(), unguarded = { guard: false };
const host = openHost(), address = '172.24.133.253', hello = 'hello from the container';
let docker: Dockerd, switched: netns.Namespace, laptop: netns.Namespace, before: string;
const of = (name: string) => ({ docker: name, socket: docker.socket });
const state = () => `${sh('ip', '-br addr show dev em1')}\n${sh('ip', 'route')}\n${sh('nft', 'list ruleset')}`.replaceAll(/packets \d+ bytes \d+/g, '');
const path = (ns: netns.Namespace) => `/proc/${process.pid}/fd/${ns.fd}`;

test.before(async () => {
  [switched, laptop] = [space(), space()];
  sh('ip', 'link set lo up');
  sh('ip', `link add em1 type veth peer name port1 netns ${path(switched)}`);
  for (const line of ['link add switch type bridge', `link add port2 type veth peer name eth0 netns ${path(laptop)}`,
    'link set port1 master switch up', 'link set port2 master switch up', 'addr add 172.24.133.254/24 dev switch', 'link set switch up'])
    assert.not.match(inside(switched, 'ip', line), /^no:/);
  for (const line of ['addr add 172.24.133.10/24 dev eth0', 'link set eth0 up']) assert.not.match(inside(laptop, 'ip', line), /^no:/);
  for (const line of ['addr add 172.24.133.39/24 dev em1', 'link set em1 up', 'route add default via 172.24.133.254']) sh('ip', line);
  docker = await startDockerd();
  docker.docker('run', '-d', '--name', 'web', '--network', 'none', image, 'httpd', '-f', '-p', '80', '-h', '/www');
  before = state();
});
test.after(async () => {
  end();
  host.close();
  await docker.close();
});

test('the article\'s recipe: a container of docker with an address of its own on the LAN', async () => {
  assert.match(get(laptop, address, 80), /^no: /);
  assert.is((await inspect(host, of('web'))).mode, 'none');
  const bridged = await lan.bridge(host, { uplink: 'em1', bridge: 'br0' }).apply(unguarded);
  assert.match(sh('ip', 'route'), 'default via 172.24.133.254 dev br0');
  const recipe = { container: of('web'), bridge: 'br0', address: `${address}/24`, gateway: '172.24.133.254' };
  const dropped = sysctl.get(host.ns, 'net/bridge/bridge-nf-call-iptables') === '1';
  if (dropped) { // docker's FORWARD sees what goes over br0, and drops it
    const { code, message } = await refusal(lan.attach(host, recipe).apply(unguarded));
    assert.is(code, 'ERR_FORWARD_DROPPED');
    assert.match(message, 'Missing: nft \'insert rule ip filter DOCKER-USER iifname "br0" oifname "br0" accept\'.');
  }
  await lan.attach(host, { ...recipe, whenDropped: 'accept' }).apply(unguarded);

  assert.is(get(laptop, address, 80), hello);
  assert.is(get(undefined, address, 80), hello);
  assert.match(docker.docker('exec', 'web', 'ping', '-c1', '-W2', '172.24.133.254'), '1 packets received');
  const seen = await inspect(host, of('web'));
  assert.equal([seen.mode, seen.gateways, seen.rules], ['lan', ['172.24.133.254'], []]);
  const [eth1] = seen.interfaces;
  assert.equal([eth1!.name, eth1!.addresses, eth1!.bridge!.name, eth1!.uplinks], ['eth1', [`${address}/24`], 'br0', ['em1']]);

  await lan.detach(host, { container: of('web') }).apply(unguarded);
  assert.match(get(laptop, address, 80), /^no: /);
  await bridged.undo();
  assert.is(state(), before);
});

test('the example does it in one command, tells it before, and undoes it', async () => {
  const example = (...words: string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', 'examples/docker-lan-address.ts', 'web',
      '--socket', docker.socket, ...words], { encoding: 'utf8' });
    return { status, stdout, stderr };
  };
  const attach = ['--bridge', 'br0', '--address', `${address}/24`, '--gateway', '172.24.133.254', '--accept'];
  const bridged = await lan.bridge(host, { uplink: 'em1', bridge: 'br0' }).apply(unguarded), now = state();
  const told = example(...attach, '--dry-run');
  assert.is(told.status, 0, told.stderr);
  assert.match(told.stdout, /^# ip link add name veth\w+ .*master br0/m);
  assert.match(told.stdout, `container # ip address add ${address}/24`);
  assert.is(state(), now);

  const done = example(...attach);
  assert.equal([done.status, done.stdout], [0, `web has ${address}/24 as eth1 on br0\n`], done.stderr);
  assert.is(get(laptop, address, 80), hello);
  const twice = example(...attach);
  assert.is(twice.status, 1);
  assert.match(twice.stderr, 'EEXIST');
  assert.is(get(laptop, address, 80), hello);

  assert.is(example('--undo', '--dry-run').status, 0);
  assert.is(get(laptop, address, 80), hello);
  assert.is(example('--undo').status, 0);
  assert.match(get(laptop, address, 80), /^no: /);
  assert.is(state(), now);
  assert.is(example('--bridge', 'br0').status, 2);
  await bridged.undo();
  assert.is(state(), before);
});

test('an address on the LAN and a bridge of ours for one container', async () => {
  const bridged = await lan.bridge(host, { uplink: 'em1', bridge: 'br0' }).apply(unguarded);
  await modes.bridge.attach(host, { container: of('web'), bridge: 'nl0', subnet: '172.30.0.0/16', whenDropped: 'accept',
    publish: [{ hostPort: 8080, port: 80 }] }).apply(unguarded);
  assert.is(get(laptop, '172.24.133.39', 8080), hello);
  await modes.bridge.detach(host, { container: of('web') }).apply(unguarded);
  assert.match(get(laptop, '172.24.133.39', 8080), /^no: /);
  await bridged.undo();
  assert.is(state(), before);
});

if (reason === undefined) test.run();
else skip(reason);
