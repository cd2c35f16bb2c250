// timeout: 300 s
import { readdirSync, statSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { netns } from '../../../src/index.ts';
import { inspect, modes, openHost } from '../../../src/container/index.ts';
import { absent } from '../../support/installed.ts';
import { skip } from '../../support/skip.ts';
import { eventually, refusal, sh } from '../../support/witness.ts';
import { end, get, inside, serve, space } from './outside.ts';
import { descriptors } from '../../support/descriptors.ts';

const host = openHost(), unguarded = { guard: false };
test.after(() => {
  end();
  host.close();
});

test('none: a loopback device, and nothing else', async () => {
  const ns = space();
  assert.match(inside(ns, 'ping', '-c1 -W1 127.0.0.1'), /^no: /);
  await modes.none.attach(host, { container: { ns } }).apply(unguarded);
  assert.equal(await modes.none.attach(host, { container: { ns } }).plan(), []);
  assert.match(inside(ns, 'ping', '-c1 -W1 127.0.0.1'), '1 received');
  assert.is((await inspect(host, { ns })).mode, 'none');
  await modes.none.detach(host, { container: { ns } }).apply(unguarded);
  assert.equal(await modes.none.detach(host, { container: { ns } }).plan(), []);
  assert.match(inside(ns, 'ping', '-c1 -W1 127.0.0.1'), /^no: /);
});

test('container: another process joins the network of one', async () => {
  const ns = space(), other = space();
  await modes.none.attach(host, { container: { ns } }).apply(unguarded);
  await serve(ns, 'by loopback', 81);
  const { result } = await modes.container.attach(host, { container: { ns }, name: 'theirs' }).apply(unguarded);
  assert.equal(result, { name: 'theirs', path: '/run/netns/theirs' });
  assert.is(String(netns.spawnSync('theirs', 'busybox', ['wget', '-q', '-O', '-', 'http://127.0.0.1:81/']).stdout), 'by loopback');
  assert.match(get(other, '127.0.0.1', 81), /^no: /);
  assert.equal(await modes.container.attach(host, { container: { ns }, name: 'theirs' }).plan(), []);
  assert.is((await refusal(modes.container.attach(host, { container: { ns: other }, name: 'theirs' }).plan())).code, 'ERR_IN_USE');
  await modes.container.detach(host, { name: 'theirs' }).apply(unguarded);
  await modes.container.detach(host, { name: 'theirs' }).apply(unguarded);
  assert.equal(readdirSync('/run/netns'), []);
});

test('what was done is undone later, too', async () => {
  const ns = space(), ref = { container: { ns } }, up = () => !/^no: /.test(inside(ns, 'ping', '-c1 -W1 127.0.0.1')), names = () => readdirSync('/run/netns');
  const none = await modes.none.attach(host, ref).apply(unguarded);
  assert.ok(up());
  await none.undo();
  assert.not(up());
  const child = netns.spawn(ns, 'sleep', ['infinity']);
  for (const [mode, attach] of [['container', { ...ref, name: 'theirs' }], ['host', { name: 'theirs' }]] as const) {
    const { ino } = mode === 'host' ? host.ns : ns, is = () => names().includes('theirs') && statSync('/run/netns/theirs').ino === ino;
    const attached = await (mode === 'host' ? modes.host.attach(host, attach) : modes.container.attach(host, { ...ref, name: 'theirs' })).apply(unguarded);
    const detached = await modes[mode].detach(host, { name: 'theirs' }).apply(unguarded);
    assert.not(is());
    await detached.undo();
    assert.ok(is(), `${mode}: the name is back, and of the same namespace`);
    await attached.undo();
    assert.equal(names(), []);
  }
  child.kill();
});

test('host: a process joins the network of the host', async () => {
  const applied = await modes.host.attach(host, { name: 'outer' }).apply(unguarded);
  using named = netns.open('outer');
  assert.is(named.ino, host.ns.ino);
  assert.is((await inspect(host, { path: applied.result.path })).mode, 'host');
  assert.equal(await modes.host.attach(host, { name: 'outer' }).plan(), []);
  await modes.host.detach(host, { name: 'outer' }).apply(unguarded);
  assert.equal(await modes.host.detach(host, { name: 'outer' }).plan(), []);
  await applied.undo();
  assert.equal(readdirSync('/run/netns'), []);
});

test('100 containers are attached at once and detached: no link, rule, descriptor or namespace is left', async () => {
  const addresses = new Set<string>(), known = () => host.nl.nsid.list().then((list) => list.length), numbers = await known();
  const before = { links: sh('ip', '-br link'), rules: sh('nft', 'list ruleset') }, opened = descriptors();
  const spaces = Array.from({ length: 100 }, () => netns.make());
  for (let i = 0; i < 100; i += 10) await Promise.all(spaces.slice(i, i + 10).map(async (ns, j) => {
    const { result } = await modes.bridge.attach(host, { container: { ns }, bridge: 'nl0', subnet: '172.30.0.0/24',
      publish: [{ hostPort: 10000 + i + j, port: 80 }] }).apply(unguarded);
    addresses.add(result.address);
  }));
  assert.is(addresses.size, 100);
  assert.is((await host.nl.link.list({ master: 'nl0' })).length, 100);
  for (const ns of spaces) await modes.bridge.detach(host, { container: { ns } }).apply(unguarded);
  assert.equal({ links: sh('ip', '-br link'), rules: sh('nft', 'list ruleset') }, before);
  for (const ns of spaces) ns.close();
  assert.ok(descriptors() <= opened + 3, `${descriptors()} descriptors, ${opened} before`);
  // the host's number for a namespace goes when the kernel has taken the namespace down
  await eventually(async () => await known() === numbers, 60_000);
});

const reason = absent('nft', 'busybox', 'ip', 'ss', 'ping');
if (reason === undefined) test.run();
else skip(reason);
