import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { errno } from '../../../src/errno.ts';
import type { Libc } from '../../../src/ffi/libc.ts';
import { CLONE_NEWNET, inside, insideNew } from '../../../src/netns/inside.ts';

/** Notes the calls; `answers` has results by call, in their order, 0 where none is left. */
function fake(answers: { [call: string]: number[] } = {}): { libc: Libc; calls: string[] } {
  const calls: string[] = [];
  const call = (name: string) => (...parameters: unknown[]): number => {
    calls.push([name, ...parameters].join(' '));
    return answers[name]?.shift() ?? 0;
  };
  const libc = { open: call('open'), close: call('close'), setns: call('setns'), unshare: call('unshare') };
  return { libc: libc as Partial<Libc> as Libc, calls };
}

const opened = 'open /proc/thread-self/ns/net 524288 0';

test('goes there, works, comes back and closes what it opened', () => {
  const { libc, calls } = fake({ open: [7] });
  assert.is(inside(libc, 5, () => { calls.push('work'); return 'done'; }), 'done');
  assert.equal(calls, [opened, `setns 7 ${CLONE_NEWNET}`, `setns 5 ${CLONE_NEWNET}`, 'work', `setns 7 ${CLONE_NEWNET}`, 'close 7']);
});

test('comes back when the work throws', () => {
  const { libc, calls } = fake({ open: [7] });
  assert.throws(() => insideNew(libc, () => { throw new Error('mine'); }), /^Error: mine$|mine/);
  assert.equal(calls, [opened, `setns 7 ${CLONE_NEWNET}`, `unshare ${CLONE_NEWNET}`, `setns 7 ${CLONE_NEWNET}`, 'close 7']);
});

test('does not leave where it could not come back', () => {
  const { libc, calls } = fake({ open: [7], setns: [-errno.EPERM] });
  assert.throws(() => inside(libc, 5, () => calls.push('work')), (error: { code: string }) => error.code === 'EPERM');
  assert.equal(calls, [opened, `setns 7 ${CLONE_NEWNET}`, 'close 7']);
});

test('a refusal at the door is told, and nothing done', () => {
  const { libc, calls } = fake({ open: [7], setns: [0, -errno.EINVAL] });
  assert.throws(() => inside(libc, 5, () => calls.push('work')), /setns failed: EINVAL/);
  assert.equal(calls.slice(-2), [`setns 5 ${CLONE_NEWNET}`, 'close 7']);
});

for (const [place, signal] of [['main', 'SIGABRT'], ['worker', 'SIGKILL']] as const) {
  test(`a ${place} thread that cannot come back ends the process`, () => {
    const program = fileURLToPath(new URL('./programs/stranded.ts', import.meta.url));
    const child = spawnSync(process.execPath, ['--import', 'tsx', program, place], { encoding: 'utf8' });
    assert.is(child.signal, signal, child.stderr);
    assert.match(child.stderr, /setns back into the namespace of this thread failed: EPERM/);
    assert.is(child.stdout, 'working\n');
  });
}

test.run();
