// timeout: 600 s
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readlinkSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { run } from '../../../scripts/run.ts';
import * as netns from '../../../src/netns/index.ts';
import { openRoute } from '../../../src/open.ts';
import { quiet } from '../../support/quiet.ts';
import { startWorker } from '../../support/worker.ts';
import { eventually, refusal } from '../../support/witness.ts';

const nl = openRoute();
test.after(() => nl.close());
const program = (name: string): string => fileURLToPath(new URL(`programs/${name}.ts`, import.meta.url));
/** Descriptors that are ours; the loader of TypeScript leaves files open in threads that are ended. */
const fds = (): number => readdirSync('/proc/self/fd').filter((fd) => {
  try {
    return /^(socket|anon_inode:\[event)/.test(readlinkSync(`/proc/self/fd/${fd}`));
  } catch { // the folder's own
    return false;
  }
}).length;

test('of a process that is killed nothing stays: sockets, namespace, links', async () => {
  const child = spawn(process.execPath, ['--import', 'tsx', program('holder')], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  assert.is((await nl.link.get('bond-to-the-dead'.slice(0, 15))).kind, 'veth');
  child.kill('SIGKILL');
  await once(child, 'exit');
  // its namespace goes with it, and with that the other end of the pair
  await eventually(async () => (await nl.link.list({ kind: 'veth' })).length === 0, 60_000);
});

test('ten thousand connections are opened and closed, with errors in the middle; none leaves a descriptor', async () => {
  const { code, stdout, stderr } = await run(process.execPath, [quiet, '--import', 'tsx', program('opens')], { timeout: 550_000 });
  assert.is(stderr, '');
  const { more, codes } = JSON.parse(stdout);
  assert.ok(more <= 2, `${more} more descriptors`);
  assert.equal(codes.filter((code: string) => code !== 'ERR_CLOSED'), ['ENODEV', 'ENOENT']);
  assert.is(code, 0);
});

test('without descriptors left a connection is refused with EMFILE; those that are open go on', async () => {
  // the limit comes when all is loaded: the loader has many files open at once where it has none in its cache
  const text = `import { execFileSync } from 'node:child_process';
    import { openRoute } from ${JSON.stringify(new URL('../../../src/open.ts', import.meta.url).href)};
    const open = [openRoute()]; let code;
    execFileSync('prlimit', ['--pid', String(process.pid), '--nofile=100']);
    try { for (;;) open.push(openRoute()); } catch (error) { code = error.code; }
    const links = await open[0].link.list();
    for (const one of open) one.close();
    openRoute().close();
    console.log(code, links.length > 0);`;
  const { stdout, stderr } = await run(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', text]);
  assert.is(stdout, 'EMFILE true\n', stderr);
});

test('with hardly any memory left (RLIMIT_AS) a connection that wants much is refused with ENOMEM and leaves no socket; others go on', async () => {
  const src = (path: string): string => JSON.stringify(new URL(`../../../src/${path}`, import.meta.url).href);
  const text = `import { execFileSync } from 'node:child_process';
    import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
    import { openRoute } from ${src('open.ts')};
    import { openNetfilter } from ${src('netfilter/index.ts')};
    const sockets = () => readdirSync('/proc/self/fd').filter((fd) => { try { return readlinkSync('/proc/self/fd/' + fd).startsWith('socket:'); } catch { return false; } }).length;
    const nl = openRoute({ buffer: 1024 });
    openNetfilter().close();
    const kibibytes = Number(/^VmSize:\\s+(\\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))[1]), before = sockets();
    execFileSync('prlimit', ['--pid', String(process.pid), '--as=' + (kibibytes + (256 << 10)) * 1024]);
    const codes = [openRoute, openNetfilter].map((open) => { try { return open({ buffer: 1 << 30 }); } catch (error) { return error.code; } });
    const events = nl.events(['link']), links = await nl.link.list(); // longer than 1024 bytes: its buffer grows
    events.close();
    console.log(...codes, links.length > 0, sockets() - before);`;
  const { stdout, stderr } = await run(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', text]);
  assert.is(stdout, 'ENOMEM ENOMEM true 0\n', stderr);
});

test('signals without a pause (EINTR) cost neither calls nor events', async () => {
  const { code, stdout, stderr } = await run(process.execPath, [quiet, '--import', 'tsx', program('storm')], { timeout: 300_000 });
  assert.is(stderr, '');
  const { signals, rounds, links, listed } = JSON.parse(stdout);
  assert.ok(signals >= 2000 && rounds >= 100, stdout);
  assert.is(links, listed);
  assert.is(code, 0);
});

test('a heap of 64 MiB is enough for 800,000 routes, 20,000 at a time', async () => {
  const { code, stdout, stderr } = await run(process.execPath, ['--max-old-space-size=64', '--import', 'tsx', program('little')], { timeout: 300_000 });
  assert.is(stdout, '800000\n', stderr);
  assert.is(code, 0);
});

test('a worker thread is ended in the midst of its calls, again and again', async () => {
  const before = fds();
  for (let i = 0; i < 5; i++) {
    const worker = startWorker(new URL('programs/caller.ts', import.meta.url));
    await once(worker, 'message');
    await worker.terminate();
  }
  assert.is((await nl.link.get('lo')).index, 1);
  assert.ok(fds() - before <= 10, `${fds() - before} more descriptors`); // a thread that is ended closes nothing: two sockets each
});

test('the name of a namespace is deleted under an open connection, which goes on', async () => {
  netns.create('doomed');
  using inside = openRoute({ netns: 'doomed' });
  netns.delete('doomed');
  await inside.link.add({ name: 'br0', kind: 'bridge' });
  assert.equal((await inside.link.list()).filter(({ kind }) => kind === 'bridge').map(({ name }) => name), ['br0']);
});

test('links are deleted in the middle of dumps, by another writer: what is listed is true or told to be interrupted', async () => {
  using other = openRoute();
  await nl.batch((b) => Array.from({ length: 40 }, (_, i) => b.link.add({ name: `x${i}`, kind: 'bridge' })));
  const lists = Array.from({ length: 40 }, () => nl.with({ gentle: true }).link.list().catch((error: { code: string }) => error.code));
  for (let i = 0; i < 40; i++) await other.link.delete(`x${i}`);
  for (const list of await Promise.all(lists))
    if (typeof list === 'string') assert.is(list, 'ERR_DUMP_INTERRUPTED');
    else assert.ok(list.some(({ name }) => name === 'lo'));
  assert.is((await nl.link.list({ kind: 'bridge' })).length, 0);
});

test('of two writers who race for a name one wins, each time', async () => {
  using other = openRoute();
  for (let i = 0; i < 20; i++) {
    const ends = await Promise.allSettled([nl, other].map((one) => one.link.add({ name: 'one', kind: 'bridge' })));
    assert.equal(ends.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
    await nl.link.delete('one');
  }
});

test('a connection that is closed while it is busy settles every call', async () => {
  const busy = openRoute(), calls = Array.from({ length: 100 }, () => busy.with({ gentle: true }).link.list());
  busy.close();
  const ends = await Promise.allSettled(calls);
  assert.ok(ends.every((end) => end.status === 'fulfilled' || end.reason.code === 'ERR_CLOSED'));
  assert.is((await refusal(busy.link.list())).code, 'ERR_CLOSED');
});

test.run();
