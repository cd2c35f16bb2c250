import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, readlinkSync, statSync, writeFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { netns, openRoute } from '../../../src/index.ts';
import { run } from '../../../scripts/run.ts';
import { installed } from '../../support/installed.ts';
import { skip } from '../../support/skip.ts';

const own = (): string => readlinkSync('/proc/thread-self/ns/net');
const fails = (work: () => unknown, code: string) =>
  assert.throws(work, (error: { code: string }) => assert.is(error.code, code, String(error)) === undefined);
const identity = ({ dev, ino }: { dev: number; ino: number }) => ({ dev, ino });
const here = own();
const mounts = () => readFileSync('/proc/self/mountinfo', 'utf8').split('\n').filter((line) => line.includes(' /run/netns '));
/** Those of this test: the machine's own are told, too, although they lie below a /run of ours. */
const covered = mounts(), ownMounts = () => mounts().filter((line) => !covered.includes(line));

test.after.each(() => {
  for (const { name } of netns.list()) if (name !== undefined) netns.delete(name);
  assert.is(own(), here, 'this thread is where it was');
});

test('a name is made, listed, opened and deleted', () => {
  netns.create('blue');
  const [blue, ...rest] = netns.list();
  assert.is(blue!.name, 'blue');
  assert.equal(blue!.pids, []);
  assert.is(blue!.current, false);
  assert.ok(rest.some(({ name, current, pids }) => name === undefined && current && pids.includes(process.pid)));
  using ns = netns.open('blue');
  assert.equal(identity(ns), identity(blue!));
  assert.is(ns.name, 'blue');
  using same = netns.open('/run/netns/blue');
  assert.equal(identity(same), identity(ns));
  assert.is(same.name, undefined);
  assert.is(statSync('/run/netns/blue').mode & 0o777, 0o444);

  netns.delete('blue');
  assert.not(existsSync('/run/netns/blue'));
  assert.not(netns.list().some(({ name }) => name === 'blue'));
  fails(() => netns.open('blue'), 'ENOENT');
  fails(() => netns.delete('blue'), 'ENOENT');
  using still = openRoute({ netns: ns });
  assert.equal(still.sync.link.list().map(({ name }) => name), ['lo']);
});

test('a name that is taken fails, and what has it is left alone', () => {
  netns.create('blue');
  const before = netns.list()[0]!.ino;
  fails(() => netns.create('blue'), 'EEXIST');
  fails(() => netns.attach('blue', { pid: process.pid }), 'EEXIST');
  assert.is(netns.list()[0]!.ino, before);
});

test('a failure half way leaves no name behind', () => {
  fails(() => netns.attach('blue', '/etc/passwd'), 'ERR_NOT_A_NAMESPACE');
  assert.not(existsSync('/run/netns/blue'));
});

test('a file whose mount is gone is no namespace, and can be deleted', () => {
  netns.create('other');
  writeFileSync('/run/netns/stale', '');
  assert.equal(netns.list().map(({ name }) => name).filter(Boolean), ['other']);
  assert.throws(() => netns.open('stale'), /\/run\/netns\/stale is no network namespace: its mount is gone/);
  netns.delete('stale');
  assert.not(existsSync('/run/netns/stale'));
});

test('the folder is one shared mount, however many names are made', () => {
  netns.create('a');
  netns.create('b');
  const mounts = ownMounts();
  assert.is(mounts.length, 1);
  assert.match(mounts[0]!, / shared:\d+ /);
});

test('a name that is deleted is gone in mount namespaces copied before, too', async () => {
  netns.create('a');
  const script = 'mount --make-rslave / && read go && grep -c "/run/netns/b " /proc/mounts; read go; grep -c "/run/netns/b " /proc/mounts';
  const child = spawn('unshare', ['--mount', '--propagation', 'unchanged', 'sh', '-c', script]);
  await new Promise((resolve) => setTimeout(resolve, 200));
  netns.create('b');
  child.stdin.write('\n');
  const [mounted] = await once(child.stdout, 'data');
  assert.is(String(mounted), '1\n');
  netns.delete('b');
  child.stdin.write('\n');
  const [left] = await once(child.stdout, 'data');
  assert.is(String(left), '0\n');
});

test('a namespace gets a second name', () => {
  netns.create('a');
  netns.attach('b', 'a');
  const [a, b] = netns.list();
  assert.equal([a!.name, b!.name], ['a', 'b']);
  assert.equal(identity(a!), identity(b!));
});

test('we find what ip netns made, and it finds what we made', async () => {
  if (!installed('ip')) return skip('ip is not installed');
  const ip = async (...args: string[]) => {
    const { code, output } = await run('ip', args);
    assert.is(code, 0, output);
    return output;
  };
  netns.create('ours');
  await ip('netns', 'add', 'theirs');
  assert.equal(netns.list().flatMap(({ name }) => name ?? []), ['ours', 'theirs']);
  assert.equal((await ip('netns', 'list')).match(/^\S+/gm)!.sort(), ['ours', 'theirs']);
  assert.match(await ip('-n', 'ours', 'link', 'show'), /lo: <LOOPBACK>/);
  using nl = openRoute({ netns: 'theirs' });
  assert.equal((await nl.link.list()).map(({ name }) => name), ['lo']);

  const child = netns.spawn('theirs', 'sleep', ['60']);
  assert.is((await ip('netns', 'pids', 'theirs')).trim(), String(child.pid));
  assert.is((await ip('netns', 'identify', String(child.pid))).trim(), 'theirs');
  assert.equal(netns.list().find(({ name }) => name === 'theirs')!.pids, [child.pid]);
  child.kill();
  await once(child, 'exit');

  await ip('netns', 'delete', 'ours');
  netns.delete('theirs');
  assert.is(await ip('netns', 'list'), '');
  await ip('netns', 'add', 'theirs');
  netns.create('ours');
  assert.is(ownMounts().length, 1, 'neither mounts the folder upon itself again');
});

test.run();
