import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { run } from '../../../scripts/run.ts';
import { errno } from '../../../src/errno.ts';
import { openLibc } from '../../../src/ffi/load.ts';
import { netns } from '../../../src/index.ts';
import { held } from '../../../src/netns/process.ts';
import { descriptors } from '../../support/descriptors.ts';

/* What goes while it is looked at. */
const url = (path: string): string => JSON.stringify(new URL(`../../../src/${path}`, import.meta.url).href);

test('a list of namespaces whose names and processes come and go has those that stay', async () => {
  netns.create('stays');
  const churn = spawn('sh', ['-c', 'trap exit TERM; while :; do unshare --net true; ip netns add goes; ip netns add gone; ip netns delete goes; ip netns delete gone; done'], { stdio: 'ignore' });
  const before = descriptors();
  let seen = 0;
  try {
    for (let i = 0, until = performance.now() + 20_000; i < 300 || (seen === 0 && performance.now() < until); i++) {
      const names = netns.list().map(({ name }) => name);
      assert.is(names.filter((name) => name === 'stays').length, 1);
      if (names.some((name) => name === 'goes' || name === 'gone')) seen++;
    }
    assert.ok(seen > 0, 'they were met');
    assert.is(descriptors(), before);
  } finally {
    churn.kill(); // the shell ends when the command has that it waits for: nobody else deletes a name then
    await once(churn, 'exit');
  }
  for (const name of ['goes', 'gone', 'stays']) if (netns.list().some((one) => one.name === name)) netns.delete(name);
});

test('with hardly any descriptor left a list is refused with EMFILE, and leaves none', async () => {
  const text = `import { execFileSync } from 'node:child_process';
    import { closeSync, openSync, readdirSync } from 'node:fs';
    import { netns } from ${url('index.ts')};
    netns.list();
    const extra = [], codes = new Set(), open = () => openSync('/dev/null', 'r'), count = () => readdirSync('/proc/self/fd').length;
    execFileSync('prlimit', ['--pid', String(process.pid), '--nofile=100']);
    const before = count();
    try { for (;;) extra.push(open()); } catch {}
    for (let left = 0; left < 6; left++, closeSync(extra.pop())) try { netns.list(); codes.add('listed'); } catch ({ code }) { codes.add(code); }
    for (const fd of extra) closeSync(fd);
    console.log(...codes, count() - before);`;
  const { stdout, stderr } = await run(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', text]);
  assert.is(stdout, 'EMFILE listed 0\n', stderr);
});

test('a process that ends while its namespace is opened is refused, and leaves no descriptor', () => {
  const libc = openLibc(), before = descriptors(), opened: number[] = [];
  const pidfd = { pidfd_open: (pid: number, flags: number) => opened[opened.push(libc.pidfd_open(pid, flags)) - 1]!, close: libc.close.bind(libc) };
  const code = (poll: number): string => {
    try {
      held({ ...pidfd, poll: () => poll }, process.pid, {}).close();
      return 'open';
    } catch (error) {
      return (error as { code: string }).code;
    }
  };
  assert.equal([0, 1, -errno.ENOMEM].map(code), ['open', 'ESRCH', 'ENOMEM']);
  assert.is(opened.length, 3);
  assert.is(descriptors(), before);
});

test('a kernel without pidfds has the folder in /proc', async () => {
  const libc = openLibc(), old = { pidfd_open: () => -errno.ENOSYS, poll: () => assert.unreachable() as never, close: () => assert.unreachable() as never };
  const child = spawn('sleep', ['60']);
  using found = held(old, child.pid!, {});
  assert.equal([found.pid, found.alive()], [child.pid, true]);
  child.kill();
  await once(child, 'exit');
  assert.not(found.alive());
  assert.throws(() => held(old, child.pid!, {}), ({ code }: { code?: string }) => code === 'ENOENT');
  assert.throws(() => held({ ...libc, pidfd_open: () => -errno.EPERM }, process.pid, {}), ({ code }: { code?: string }) => code === 'EPERM');
});

test.run();
