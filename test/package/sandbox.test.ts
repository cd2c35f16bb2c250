import { cpSync, mkdirSync, mkdtempSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { run } from '../../scripts/run.ts';
import { isRoot, refusal, sandbox } from '../../scripts/sandbox.ts';
import { skip } from '../support/skip.ts';

const top = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

for (const as of isRoot() ? ['root', 'user'] as const : ['user'] as const) {
  const reason = await refusal(as);
  const inside = (name: string, body: () => Promise<void>) =>
    test(`${name}, as ${as}`, () => reason === undefined ? body() : skip(`no sandbox as ${as}: ${reason}`));

  inside('namespaces are new, output and exit code are handed on', async () => {
    const script = 'readlink /proc/self/ns/net; echo no >&2; exit 7';
    const { code, stdout, stderr } = await sandbox('sh', ['-c', script], { as });
    assert.is(code, 7);
    assert.match(stdout, /^net:\[\d+\]\n$/);
    assert.is.not(stdout.trim(), readlinkSync('/proc/self/ns/net'));
    assert.is(stderr, 'no\n');
  });

  inside('a signal is handed on', async () => {
    const { code, signal } = await sandbox('sh', ['-c', 'kill -USR1 $$'], { as });
    assert.is(code, null);
    assert.is(signal, 'SIGUSR1');
  });

  inside('a process left behind ends with the sandbox', async () => {
    const { stdout, milliseconds } = await sandbox('sh', ['-c', 'setsid sleep 60 & echo here'], { as });
    assert.is(stdout, 'here\n');
    assert.ok(milliseconds < 10_000);
  });

  inside('a timeout ends all', async () => {
    const { timedOut, signal } = await sandbox('sh', ['-c', 'setsid sleep 60 & sleep 60'], { as, timeout: 300 });
    assert.ok(timedOut);
    assert.is(signal, 'SIGKILL');
  });

  inside('what is mounted is not seen outside', async () => {
    const script = 'cd /run/netns && touch x && mount --bind /proc/self/ns/net x && grep -c /run/netns/x /proc/mounts';
    const { stdout } = await sandbox('sh', ['-c', script], { as });
    assert.is(stdout, '1\n');
    const { stdout: here } = await run('sh', ['-c', 'grep /run/netns/x /proc/mounts']);
    assert.is(here, '');
  });
}

test('a plain user reaches a checkout in a folder that only root may enter', async () => {
  if (!isRoot()) return skip('only root can become a plain user');
  const reason = await refusal('user');
  if (reason !== undefined) return skip(`no sandbox as user: ${reason}`);
  mkdirSync(join(top, '.tmp'), { recursive: true });
  const closed = mkdtempSync(join(top, '.tmp/closed-'));
  try {
    cpSync(join(top, 'scripts'), join(closed, 'scripts'), { recursive: true });
    cpSync(join(top, 'package.json'), join(closed, 'package.json'));
    symlinkSync(join(top, 'node_modules'), join(closed, 'node_modules'));
    const script = 'process.cwd() + require("./package.json").name';
    const start = ['--import', 'tsx', 'scripts/sandbox.ts', '--as', 'user', process.execPath, '-p', script];
    const { stdout, output } = await run(process.execPath, start, { cwd: closed });
    assert.is(stdout, `${closed}netlink-ts\n`, output);
  } finally {
    rmSync(closed, { recursive: true });
  }
});

test.run();
