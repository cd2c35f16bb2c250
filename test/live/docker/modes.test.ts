// timeout: 600 s
import { statSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { inspect, modes, openHost } from '../../../src/container/index.ts';
import { image, noDockerd, startDockerd, type Dockerd } from '../../support/dockerd.ts';
import { skip } from '../../support/skip.ts';
import { eventually, refusal, sh } from '../../support/witness.ts';
import { end, get, inside, outside, serve } from '../container/outside.ts';

const reason = noDockerd();
let docker: Dockerd, before: string;
const host = openHost(), client = reason === undefined ? outside() : undefined;
const of = (name: string) => ({ docker: name, socket: docker.socket });
const run = (name: string, ...words: string[]) =>
  docker.docker('run', '-d', '--name', name, ...words, image, 'httpd', '-f', '-p', '80', '-h', '/www');
const ruleset = () => sh('nft', 'list ruleset').replaceAll(/packets \d+ bytes \d+/g, '');
const hello = 'hello from the container';

test.before(async () => {
  docker = await startDockerd();
  await serve(client, 'this is outside');
  run('bridged', '-p', '8080:80');
  run('alone', '--network', 'none');
  docker.docker('run', '-d', '--name', 'hosted', '--network', 'host', image, 'sleep', '1000');
  docker.docker('run', '-d', '--name', 'joined', '--network', 'container:bridged', image, 'sleep', '1000');
  before = ruleset();
});
test.after(async () => {
  end();
  host.close();
  await docker.close();
});

test('docker\'s own modes: host, none, container, bridge', async () => {
  assert.is((await inspect(host, of('hosted'))).mode, 'host');
  const alone = await inspect(host, of('alone'));
  assert.equal([alone.mode, alone.interfaces, alone.rules], ['none', [], []]);
  const joined = await inspect(host, of('joined'));
  assert.equal([joined.mode, joined.sharedWith], ['container', docker.pid('bridged')]);
  assert.match(joined.engine!.networkMode, /^container:[0-9a-f]{64}$/);
});

test('the path of a container on docker0, from its namespace to the NAT rules', async () => {
  const { mode, pid, namespace, interfaces, gateways, rules } = await inspect(host, { pid: docker.pid('bridged') });
  assert.equal([mode, pid, gateways], ['bridge', docker.pid('bridged'), ['172.17.0.1']]);
  assert.is(namespace.ino, statSync(`/proc/${pid}/ns/net`).ino);
  const [eth0] = interfaces;
  assert.equal([eth0!.name, eth0!.kind, eth0!.addresses, eth0!.bridge], ['eth0', 'veth', ['172.17.0.2/16'],
    { name: 'docker0', addresses: ['172.17.0.1/16'], ports: [eth0!.hostLink!] }]);
  assert.match(sh('ip', `link show ${eth0!.hostLink}`), 'master docker0');
  const told = rules.map(({ place, action, protocol, hostPort, address, port, source }) =>
    [place, action, protocol, hostPort, address, port, source].filter((word) => word !== undefined).join(' '));
  assert.ok(told.includes('ip nat DOCKER dnat tcp 8080 172.17.0.2 80'), told.join('\n'));
  assert.ok(told.includes('ip nat POSTROUTING masquerade 172.17.0.0/16'), told.join('\n'));
});

test('a container of docker without network is attached to a bridge of ours, past docker\'s FORWARD DROP', async () => {
  const options = { container: of('alone'), bridge: 'nl0', subnet: '172.30.0.0/16', publish: [{ hostPort: 8081, port: 80 }] };
  assert.match(get(client, '192.168.50.1', 8081), /^no: /);
  const error = await refusal(modes.bridge.attach(host, options).apply());
  assert.is(error.code, 'ERR_FORWARD_DROPPED');
  assert.match(error.message, /the policy of the chain ip filter FORWARD\. Missing: nft 'insert rule ip filter DOCKER-USER iifname "nl0" accept'; /);
  assert.is(ruleset(), before);

  // told to leave it, it is: the host reaches the container, and nobody else
  await modes.bridge.attach(host, { ...options, whenDropped: 'ignore' }).apply();
  assert.is(get(undefined, '192.168.50.1', 8081), hello);
  assert.match(get(client, '192.168.50.1', 8081), /^no: /);
  await modes.bridge.attach(host, { ...options, whenDropped: 'accept' }).apply();
  assert.is(get(client, '192.168.50.1', 8081), hello);
  assert.is(docker.docker('exec', 'alone', 'wget', '-q', '-O', '-', 'http://192.168.50.2/'), 'this is outside');
  assert.is(get(client, '192.168.50.1', 8080), hello); // docker's own stays as it was

  const seen = await inspect(host, of('alone'));
  assert.equal([seen.mode, seen.gateways, seen.interfaces[0]!.bridge!.name], ['bridge', ['172.30.0.1'], 'nl0']);
  assert.equal(seen.rules.map(({ place, action, hostPort, source }) => [place, action, hostPort ?? source]),
    [['inet netlink-ts publish', 'dnat', 8081], ['inet netlink-ts postrouting', 'masquerade', '172.30.0.0/16']]);
});

test('detached, docker has what it had', async () => {
  await modes.bridge.detach(host, { container: of('alone') }).apply();
  assert.match(get(client, '192.168.50.1', 8081), /^no: /);
  assert.is(get(client, '192.168.50.1', 8080), hello);
  assert.is(docker.docker('exec', 'alone', 'ip', 'link').match(/^\d+: (?!lo)/m), null);
  assert.is(ruleset(), before);
  assert.match(inside(undefined, 'ip', 'link show nl0'), /^no: /);
});

test('a container that was removed without being detached leaves nothing behind prune', async () => {
  await modes.bridge.attach(host, { container: of('alone'), bridge: 'nl0', subnet: '172.30.0.0/16', whenDropped: 'accept',
    publish: [{ hostPort: 8081, port: 80 }] }).apply();
  const { hostLink } = (await inspect(host, of('alone'))).interfaces[0]!;
  docker.docker('rm', '--force', 'alone');
  // the kernel takes a namespace down in its own time
  await eventually(() => /^no: /.test(inside(undefined, 'ip', `link show ${hostLink}`)), 30_000);
  await modes.bridge.prune(host).apply();
  assert.is(ruleset(), before);
  assert.match(inside(undefined, 'ip', 'link show nl0'), /^no: /);
  const gone = await refusal(inspect(host, of('alone')));
  assert.is(gone.code, 'ERR_NO_CONTAINER');
});

if (reason === undefined) test.run();
else skip(reason);
