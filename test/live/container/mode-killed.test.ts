// timeout: 1800 s
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { modes, openHost } from '../../../src/container/index.ts';
import { absent } from '../../support/installed.ts';
import { skip } from '../../support/skip.ts';
import { sh } from '../../support/witness.ts';
import { killedBehindEach } from './killed.ts';
import { everything } from './lan-plug.ts';
import { end, get, inside, outside, serve, space } from './outside.ts';

/* Each mode is killed by SIGKILL behind each of its steps. What was is told by ip, nft and /proc/sys, not by us. */
const host = openHost(), client = outside(), container = space(), unguarded = { guard: false };
const ref = { path: `/proc/${process.pid}/fd/${container.fd}` };
const options = {
  container: ref, bridge: 'nl0', subnet: '172.30.0.0/16', ipv6: { subnet: 'fd30::/64' },
  publish: [{ hostPort: 8080, port: 80 }, { protocol: 'udp', hostPort: 5353, port: 53 }], whenDropped: 'accept',
} as const;
/** What the kernel makes by itself for each link, in its own time. */
const isLinkLocal = (value: unknown): boolean => ['dst', 'local'].some((key) => /^(fe80|ff00)/.test(String((value as { [key: string]: unknown } | null)?.[key])));
/**
 * All of it; a link that was made anew has another index, a counter and a timer go on. What a bridge can do with large
 * packets it takes from the ports it has had, and netlink sets it for no link: tso_max_size and tso_max_segs.
 */
const whole = () => JSON.parse(JSON.stringify({
  host: everything(), rules: sh('nft', '-s list ruleset'), names: readdirSync('/run/netns'),
  settings: ['ipv4/ip_forward', 'ipv6/conf/all/forwarding', 'ipv4/conf/all/route_localnet'].map((name) => readFileSync(`/proc/sys/net/${name}`, 'utf8').trim()),
  localnet: inside(undefined, 'cat', '/proc/sys/net/ipv4/conf/nl0/route_localnet'),
  inside: ['-d -json link', '-json address', '-json route', '-6 -json route'].map((line) => JSON.parse(inside(container, 'ip', `${line} show`))),
}, (key, value) => (/^(ifindex|link_index|iflink|tentative|tso_max_.*|.*_timer)$/.test(key) ? undefined : Array.isArray(value) ? value.filter((one) => !isLinkLocal(one)) : value)));

test.before(async () => {
  // rules of somebody else, and a way out: what is accepted there, and tried, is among the steps
  sh('nft', 'add table inet wall');
  sh('nft', 'add chain inet wall f { type filter hook forward priority 0; policy drop; }');
  sh('ip', 'route add default via 192.168.50.2');
  sh('ip', '-6 route add default via fd50::2');
  // what a bridge is given with a name for the first time in a namespace (defaults, modules) is there before we look
  await (await modes.bridge.attach(host, options).apply(unguarded)).undo();
});
test.after(() => {
  end();
  host.close();
});

test('bridge: attached, killed behind each step', async () => {
  const before = whole();
  const steps = await killedBehindEach('modes.bridge.attach', options, (step) => assert.equal(whole(), before, `step ${step}`));
  assert.ok(steps > 15, String(steps));
  await serve(container, 'inside');
  assert.is(get(client, '192.168.50.1', 8080), 'inside', 'not killed, it is attached');
});

test('bridge: other ports, killed behind each step', async () => {
  const before = whole();
  const steps = await killedBehindEach('modes.bridge.attach', { ...options, publish: [{ hostPort: 8081, port: 80 }] },
    (step) => assert.equal(whole(), before, `step ${step}`));
  assert.ok(steps >= 3, String(steps));
  assert.is(get(client, '192.168.50.1', 8081), 'inside');
});

test('bridge: detached, killed behind each step', async () => {
  const before = whole();
  const steps = await killedBehindEach('modes.bridge.detach', { container: ref }, (step) => {
    assert.equal(whole(), before, `step ${step}`);
    assert.is(get(client, '192.168.50.1', 8081), 'inside', `step ${step}`);
  });
  assert.ok(steps > 5, String(steps));
  assert.match(get(client, '192.168.50.1', 8081), /^no: /);
});

test('bridge: what an ended container had is given back, killed behind each step', async () => {
  await modes.bridge.attach(host, options).apply(unguarded);
  const { result } = await modes.bridge.attach(host, { ...options, container: { ns: space() }, publish: [{ hostPort: 8081, port: 80 }] }).apply(unguarded);
  sh('ip', `link delete ${result.hostLink}`); // as the end of a container does
  const before = whole(), ports = () => sh('nft', 'list map inet netlink-ts ports4');
  assert.match(ports(), 'tcp . 8081');
  assert.ok(await killedBehindEach('modes.bridge.prune', null, (step) => assert.equal(whole(), before, `step ${step}`)) >= 3);
  assert.not.match(ports(), 'tcp . 8081');
  assert.is(get(client, '192.168.50.1', 8080), 'inside', 'who lives keeps all');
});

test('bridge: what the last one had is given back when it has ended, killed behind each step', async () => {
  sh('ip', `link delete ${(await host.nl.link.list({ kind: 'veth' })).find(({ name }) => /^veth/.test(name))!.name}`);
  const before = whole();
  assert.ok(before.localnet === '1' && /set settings \{[^}]*elements/s.test(before.rules), before.rules);
  const steps = await killedBehindEach('modes.bridge.prune', null, (step) => assert.equal(whole(), before, `step ${step}`));
  assert.ok(steps > 7, String(steps));
  assert.match(inside(undefined, 'ip', 'link show nl0'), /^no: /);
  assert.not.match(sh('nft', 'list ruleset'), 'netlink-ts');
});

test('none, container and host: killed behind each step', async () => {
  const bare = space(), alone = { container: { path: `/proc/${process.pid}/fd/${bare.fd}` } };
  const lo = () => /state (?!DOWN)/.test(inside(bare, 'ip', 'link show lo'));
  for (const [plan, args] of [
    ['none.attach', alone], ['none.detach', alone],
    ['container.attach', { container: ref, name: 'theirs' }], ['container.detach', { name: 'theirs' }],
    ['host.attach', { name: 'outer' }], ['host.detach', { name: 'outer' }],
  ] as const) {
    const all = () => ({ ...whole(), lo: lo() }), before = all();
    assert.is(await killedBehindEach(`modes.${plan}`, args, () => assert.equal(all(), before, plan)), 1, plan);
    assert.not.equal(all(), before, `${plan}, not killed`);
  }
});

const reason = absent('nft', 'busybox', 'ip', 'ss');
if (reason === undefined) test.run();
else skip(reason);
