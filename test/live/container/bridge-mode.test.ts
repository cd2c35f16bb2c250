// timeout: 300 s
import { readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { modes, openHost } from '../../../src/container/index.ts';
import { absent } from '../../support/installed.ts';
import { skip } from '../../support/skip.ts';
import { refusal, sh } from '../../support/witness.ts';
import { datagram, end, get, inside, outside, serve, serveDatagrams, space } from './outside.ts';

const host = openHost(), client = outside(), a = space(), b = space();
const setting = (name: string) => readFileSync(`/proc/sys/net/${name}`, 'utf8').trim();
const state = () => ({
  links: sh('ip', '-br link show').replaceAll(/@\S+| \S*UNKNOWN\S*/g, ''), addresses: sh('ip', '-br addr show'), rules: sh('nft', 'list ruleset'),
  four: setting('ipv4/ip_forward'), six: setting('ipv6/conf/all/forwarding'),
});
const common = { bridge: 'nl0', subnet: '172.30.0.0/16', ipv6: { subnet: 'fd30::/64' } };
const unguarded = { guard: false };
const refused = /^no: /;
let before: ReturnType<typeof state>;

test.before(async () => {
  await serve(a, 'this is a');
  await serveDatagrams(a, 'datagram of a', 53);
  await serve(b, 'this is b');
  await serve(client, 'this is outside');
  before = state();
});
test.after(() => {
  end();
  host.close();
});

test('a plan says what it will do, and does nothing', async () => {
  const steps = await modes.bridge.attach(host, { ...common, container: { ns: a }, publish: [{ hostPort: 8080, port: 80 }] }).plan();
  const commands = steps.map(({ where, command }) => `${where}: ${command}`).join('\n');
  assert.match(commands, 'host: sysctl -w net/ipv4/ip_forward=1');
  assert.match(commands, /host: ip link add name nl0 .*type bridge/);
  assert.match(commands, 'host: ip address add 172.30.0.1/16 dev nl0');
  assert.match(commands, 'container: ip address add 172.30.0.2/16 dev eth0');
  assert.match(commands, 'host: nft \'add element inet netlink-ts ports4 { tcp . 8080 comment');
  assert.equal(state(), before);
});

test('ended behind any of its steps, everything is as it was', async () => {
  const attach = modes.bridge.attach(host, { ...common, container: { ns: a }, publish: [{ hostPort: 8080, port: 80 }] });
  const { length } = await attach.plan();
  assert.ok(length > 10, String(length));
  for (let last = 0; last < length - 1; last++) {
    const stop = new AbortController();
    const error = await refusal(attach.apply({ guard: false, signal: stop.signal,
      progress: (at, what) => void (at === last && what === 'done' && stop.abort()) }));
    assert.is(error.name, 'PlanError');
    assert.equal(state(), before, `behind step ${last}`);
    assert.match(inside(a, 'ip', 'link show eth0'), refused);
  }
});

test('a container on a bridge: neighbours, host and outside, by IPv4 and IPv6', async () => {
  assert.match(get(client, '172.30.0.2', 80), refused);
  const { result } = await modes.bridge.attach(host, { ...common, container: { ns: a },
    publish: [{ hostPort: 8080, port: 80 }, { protocol: 'udp', hostPort: 5353, port: 53 }] }).apply();
  assert.equal({ ...result, hostLink: undefined, published: undefined }, { bridge: 'nl0', name: 'eth0', hostLink: undefined, address: '172.30.0.2/16',
    gateway: '172.30.0.1', address6: 'fd30::2/64', gateway6: 'fd30::1', published: undefined });
  const second = (await modes.bridge.attach(host, { ...common, container: { ns: b } }).apply(unguarded)).result;
  assert.equal([second.address, second.address6], ['172.30.0.3/16', 'fd30::3/64']);

  assert.is(get(b, '172.30.0.2', 80), 'this is a');
  assert.is(get(b, 'fd30::2', 80), 'this is a');
  assert.is(get(undefined, '172.30.0.2', 80), 'this is a');
  assert.is(get(a, '192.168.50.2', 80), 'this is outside'); // masqueraded: the outside knows no way back
  assert.is(get(a, 'fd50::2', 80), 'this is outside');
});

test('a published port leads to the container', () => { // who may ask from where: see published.test.ts
  for (const address of ['192.168.50.1', 'fd50::1']) {
    assert.is(get(client, address, 8080), 'this is a');
    assert.is(datagram(client, address, 5353, 4001), 'datagram of a');
    assert.match(get(client, address, 8081), refused);
  }
});

test('a second time nothing is to be done', async () => {
  const again = modes.bridge.attach(host, { ...common, container: { ns: a },
    publish: [{ hostPort: 8080, port: 80 }, { protocol: 'udp', hostPort: 5353, port: 53 }] });
  assert.equal(await again.plan(), []);
  assert.is((await again.apply()).result.address, '172.30.0.2/16');
});

test('other ports are published: the old ones go, with their connections', async () => {
  assert.is((await host.nft.conntrack.list({ protocol: 'udp', reply: { src: '172.30.0.2', sport: 53 } })).length > 0, true);
  await modes.bridge.attach(host, { ...common, container: { ns: a },
    publish: [{ hostPort: 8080, port: 80, hostAddress: '192.168.50.1' }] }).apply(unguarded);
  assert.equal(await host.nft.conntrack.list({ protocol: 'udp', reply: { src: '172.30.0.2', sport: 53 } }), []);
  assert.match(datagram(client, '192.168.50.1', 5353, 4001), refused);
  assert.is(get(client, '192.168.50.1', 8080), 'this is a');
  assert.match(get(undefined, '127.0.0.1', 8080), refused);
  assert.match(get(client, 'fd50::1', 8080), refused);
  // who has sent before it was published is led to the container too, from the same port
  await modes.bridge.attach(host, { ...common, container: { ns: a }, publish: [{ protocol: 'udp', hostPort: 5353, port: 53 }] }).apply(unguarded);
  assert.is(datagram(client, '192.168.50.1', 5353, 4001), 'datagram of a');
});

test('a port or address that another container has is refused, and nothing changes', async () => {
  const now = state();
  const taken = (more: object) => refusal(modes.bridge.attach(host, { ...common, container: { ns: b }, ...more }).apply(unguarded));
  assert.is((await taken({ publish: [{ protocol: 'udp', hostPort: 5353, port: 53 }] })).code, 'ERR_PORT_IN_USE');
  assert.is((await taken({ address: '172.30.0.9' })).code, 'ERR_ATTACHED');
  assert.is((await taken({ bridge: 'nl1' })).code, 'ERR_SUBNET_IN_USE');
  assert.match((await taken({ publish: [{ hostPort: 0 }] })).message, /publish\[0\]\.hostPort: must be a port from 1 to 65535, got 0/);
  assert.match((await taken({ subnet: '172.30.0.0/31' })).message, /subnet: has no room/);
  assert.equal(state(), now);
});

test('detached, nothing is left: links, addresses, rules and settings are as before', async () => {
  const applied = await modes.bridge.detach(host, { container: { ns: a } }).apply(unguarded);
  assert.match(get(b, '172.30.0.2', 80), refused);
  assert.match(inside(a, 'ip', 'link show eth0'), refused);
  await applied.undo(); // it comes back with all it had
  assert.is(get(b, '172.30.0.2', 80), 'this is a');
  assert.is(datagram(client, '192.168.50.1', 5353, 4003), 'datagram of a');
  for (const container of [{ ns: a }, { ns: b }, { ns: a }]) await modes.bridge.detach(host, { container }).apply(unguarded);
  assert.equal(state(), before);
});

const reason = absent('nft', 'busybox', 'ip', 'ss');
if (reason === undefined) test.run();
else skip(reason);
