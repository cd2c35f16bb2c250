// timeout: 600 s
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { netns, openRoute } from '../../../src/index.ts';
import { bundle } from '../../support/build.ts';
import { as, conf, lacksNat, left, linksOf, start, state, variables, well } from '../../support/cni.ts';
import { installed, noContainers } from '../../support/installed.ts';
import { skip } from '../../support/skip.ts';
import { eventually } from '../../support/witness.ts';

const client = fileURLToPath(new URL('../../../src/engines/serve/client.pl', import.meta.url));
const path = join(state, 'net.sock'), asked = { NETLINK_TS_SOCKET: path };
let server: ChildProcess, bin: string;

test.before(async () => {
  netns.create('c1');
  bin = join(bundle(), 'engines/bin.cjs');
  server = spawn(process.execPath, [bin, 'serve', path], { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, NETLINK_TS_STATE: state } });
  await once(server.stdout!, 'data');
});
test.after(async () => {
  server.kill();
  assert.equal(await once(server, 'exit'), [0, null]);
  netns.delete('c1');
});

/** Sends bytes as they are, and gives what is answered. */
async function raw(bytes: string, to = path): Promise<string> {
  const socket = connect({ path: to, allowHalfOpen: true }), said: Buffer[] = [];
  socket.end(bytes);
  for await (const chunk of socket) said.push(chunk);
  return Buffer.concat(said).toString();
}

test('the small client: ADD, CHECK, DEL and the errors, as the program has them', async () => {
  const added = await start([client], 'ADD', conf(), asked).ended;
  assert.is(added.code, 0, JSON.stringify(added.value));
  assert.is(added.value.ips[0].address.replace(/\d+\/24/, ''), '10.88.0.');
  await well('CHECK', { ...conf(), prevResult: added.value });
  const again = await start([client], 'ADD', conf(), asked).ended;
  assert.equal([again.code, again.value.code], [1, 4]);
  assert.equal(await start([client], 'DEL', conf(), asked).ended, { code: 0, signal: null, value: undefined });
  assert.equal(left(), []);
  assert.is((await start([client], 'VERSION', conf(), asked).ended).value.cniVersion, '1.1.0');
});

test('50 clients at once, and then half of them go while others come: nothing is lost or doubled', async () => {
  const names = Array.from({ length: 50 }, (_, i) => `many${i}`), half = names.slice(25);
  const all = (command: string, some: readonly string[]) => Promise.all(some.map(async (name) => {
    const { code, value } = await start([client], command, conf({ runtimeConfig: { portMappings: [{ hostPort: 10_000 + names.indexOf(name), containerPort: 80 }] } }), { ...as(name), ...asked }).ended;
    assert.is(code, 0, JSON.stringify(value));
    return value?.ips[0].address as string;
  }));
  const count = (what: RegExp): number => left().filter((one) => what.test(one)).length;
  names.forEach((name) => netns.create(name));
  assert.is(new Set(await all('ADD', names)).size, 50);
  assert.equal([count(/^nt/), count(/^attachments\//), count(/^pools\//), count(/^rule$/)], [50, 50, 50, 300]);
  await all('DEL', half);
  const [come] = await Promise.all([all('ADD', half), all('DEL', names.slice(0, 25))]);
  assert.is(new Set(come).size, 25);
  assert.equal([count(/^nt/), count(/^attachments\//), count(/^pools\//), count(/^rule$/)], [25, 25, 25, 150]);
  await all('DEL', half);
  assert.equal([...left(), ...names.flatMap(linksOf)], []);
  names.forEach((name) => netns.delete(name));
});

test('the server keeps no descriptor of what it made and took back', async () => {
  const descriptors = (): number => readdirSync(`/proc/${server.pid}/fd`).length, opened = descriptors();
  for (const mode of [{}, { mode: 'ptp' }, { runtimeConfig: { portMappings: [{ hostPort: 8111, containerPort: 80, protocol: 'tcp' }] } }, { mode: 'lan', bridge: 'br9', parent: 'nobody' }]) {
    const { code } = await start([client], 'ADD', conf(mode), asked).ended;
    assert.is(code, 'parent' in mode ? 1 : 0); // there is no such parent
    await start([client], 'DEL', conf(mode), asked).ended;
  }
  await eventually(() => descriptors() <= opened); // a connection is closed a moment after its answer
  assert.equal(left(), []);
});

test('a client that finds no server says that it may be tried again', async () => {
  const { code, value } = await start([client], 'ADD', conf(), { NETLINK_TS_SOCKET: '/run/nobody.sock' }).ended;
  assert.equal([code, value.code], [1, 11]);
  assert.match(value.msg, '/run/nobody.sock');
});

test('env -0 and its input are a request; what is none is told so', async () => {
  const { stdout } = spawnSync('env', ['-0'], { env: { CNI_COMMAND: 'VERSION' }, encoding: 'utf8' });
  assert.match(await raw(`${stdout}\0{}`), /^0\n\{"cniVersion":"1\.1\.0"/);
  assert.match(await raw('\0{}'), /^1\n.*CNI_COMMAND is missing/);
  assert.match(await raw('CNI_COMMAND=ADD'), /^1\n.*"code":6/);
});

test('nobody but root may ask', () => {
  assert.is(statSync(path).mode & 0o777, 0o600);
});

test('it serves on a socket that it is handed as systemd does', async () => {
  const own = join(state, 'handed.sock'), listening: Server = createServer().listen(own);
  await once(listening, 'listening');
  const { fd } = (listening as unknown as { _handle: { fd: number } })._handle;
  const child = spawn('sh', ['-c', 'LISTEN_FDS=1 LISTEN_PID=$$ exec "$0" "$1" serve', process.execPath, bin],
    { stdio: ['ignore', 'pipe', 'inherit', fd], env: { PATH: process.env.PATH, NETLINK_TS_STATE: state } });
  const [said] = await once(child.stdout!, 'data');
  assert.match(String(said), 'handed over');
  listening.close(); // closes ours, and takes the name away: the other's is open still
  child.kill();
  assert.equal(await once(child, 'exit'), [0, null]);
});

test('no program is started for ADD and DEL', async () => {
  if (!installed('strace')) return skip('strace is not installed');
  for (const mode of [{}, { mode: 'ptp' }, { mode: 'host-device', device: 'lent' }, { mode: 'macvlan', parent: 'up0', probe: false }, { mode: 'lan', bridge: 'br5', parent: 'up0' }]) {
    spawnSync('ip', ['link', 'add', 'lent', 'type', 'veth', 'peer', 'lent1']);
    spawnSync('ip', ['link', 'add', 'up0', 'up', 'type', 'veth', 'peer', 'up1']);
    spawnSync('ip', ['link', 'set', 'up1', 'up']);
    for (const command of ['ADD', 'DEL']) {
      const strace = spawnSync('strace', ['-f', '-qq', '-e', 'trace=execve,execveat', process.execPath, bin],
        { env: { PATH: process.env.PATH, NETLINK_TS_STATE: state, ...variables(command) }, input: JSON.stringify(conf(mode)), encoding: 'utf8' });
      assert.is(strace.status, 0, strace.stdout);
      assert.equal(strace.stderr.split('\n').filter((line) => /exec/.test(line)).length, 1, strace.stderr); // node itself
    }
    assert.equal(left(), []);
  }
});

test('what V8 has compiled is kept for each command; where it cannot be, what is asked is done all the same', () => {
  const run = (variables: object = {}) => spawnSync(process.execPath, [bin], { env: { PATH: process.env.PATH, ...variables }, input: '', encoding: 'utf8' });
  const version = (): string => run({ CNI_COMMAND: 'VERSION' }).stdout, kept = (): string[] => readdirSync('/run/netlink-ts/compiled').filter((name) => !name.includes('serve'));
  rmSync('/run/netlink-ts', { recursive: true, force: true });
  assert.is(run().status, 1);
  assert.not.ok(existsSync('/run/netlink-ts'), 'nothing was asked');
  const said = version(), [file = ''] = kept(), own = join('/run/netlink-ts/compiled', file), good = readFileSync(own);
  assert.match(said, /^\{"cniVersion":"1\.1\.0"/);
  assert.equal([kept(), statSync(own).mode & 0o777, statSync(join(own, '..')).mode & 0o777], [[file], 0o600, 0o700]);
  writeFileSync(own, good.subarray(1)); // of another build, or cut off
  assert.is(version(), said);
  assert.not.equal(readFileSync(own), good.subarray(1));
  rmSync('/run/netlink-ts', { recursive: true });
  writeFileSync('/run/netlink-ts', ''); // no folder can be made there
  assert.is(version(), said);
  rmSync('/run/netlink-ts');
});

test('without words and variables it is where its clients look', async () => {
  const env = { PATH: process.env.PATH, NETLINK_TS_FOLDER: state };
  for (const [word, place] of [['serve', '/run/netlink-ts/net.sock'], ['docker', '/run/docker/plugins/netlink-ts.sock']] as const) {
    const child = spawn(process.execPath, [bin, word], { stdio: ['ignore', 'pipe', 'inherit'], env }), [said] = await once(child.stdout!, 'data');
    assert.is(String(said), `listening at ${place}\n`);
    if (word === 'serve') assert.is((await start([client], 'VERSION', conf()).ended).value.cniVersion, '1.1.0');
    child.kill();
    assert.equal(await once(child, 'exit'), [0, null]);
  }
  const failed = (...words: string[]) => {
    const { status, stderr } = spawnSync(process.execPath, [bin, ...words], { env, input: '{}', encoding: 'utf8' });
    return [status, stderr.replace(/: br9 stays: .*|(?<=hook "").*/s, '')];
  };
  assert.equal([failed('unbridge', 'br9'), failed('hook')], [[1, 'netlink-ts-net'], [1, 'netlink-ts-net: there is nothing to do in the hook ""']]);
});

test('what a bridge has of an uplink is given back by a word', () => {
  const unbridge = (bridge: string) => spawnSync(process.execPath, [bin, 'unbridge', bridge], { env: { PATH: process.env.PATH, NETLINK_TS_STATE: state }, encoding: 'utf8' });
  using nl = openRoute();
  const has = (name: string): boolean => nl.sync.link.list().some((link) => link.name === name);
  if (!has('br5')) return skip('the test before has built no bridge');
  assert.is(unbridge('br5').status, 0);
  assert.not.ok(has('br5'));
  assert.match(unbridge('br5').stderr, 'br5 stays: it was not built upon an uplink here');
});

const reason = noContainers('perl') ?? await lacksNat();
if (reason === undefined) test.run();
else skip(reason);
