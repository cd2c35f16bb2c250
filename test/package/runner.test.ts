import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { run } from '../../scripts/run.ts';
import { refusal } from '../../scripts/sandbox.ts';
import { skip } from '../support/skip.ts';

const top = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const skipping = join(top, 'test/support/skip.ts');
const uvu = `import { test } from 'uvu';\n`;

/** Runs the runner on files made for it; below the checkout, where they find uvu. */
async function runner(files: Record<string, string>, ...args: string[]) {
  mkdirSync(join(top, '.tmp'), { recursive: true });
  const root = mkdtempSync(join(top, '.tmp/runner-'));
  chmodSync(root, 0o755);
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    const start = ['--import', 'tsx', 'scripts/test.ts', '--root', root, ...args];
    const ended = await run(process.execPath, start, { cwd: top });
    const lines = ended.stdout.trimEnd().split('\n');
    const line = (name: string) => lines.find((text) => text.includes(`${name}.test.ts  `)) ?? '';
    return { ...ended, lines, line, last: lines.at(-1) };
  } finally {
    rmSync(root, { recursive: true });
  }
}

test('one file of each sort', async () => {
  const ended = await runner({
    'test/unit/good.test.ts': `${uvu}test('a', () => {}); test('b', () => {}); test.run();`,
    'test/unit/bad.test.ts': `${uvu}
      test('a', () => { throw new Error('broken on purpose'); }); test('b', () => {}); test.run();`,
    'test/unit/crash.test.ts': `${uvu}test('a', () => process.exit(0)); test.run();`,
    'test/unit/late.test.ts': `${uvu}test('a', () => { setTimeout(() => { throw new Error(); }, 20); }); test.run();`,
    'test/unit/killed.test.ts': `process.kill(process.pid, 'SIGKILL');`,
    'test/unit/hang.test.ts': `// timeout: 1 s
      ${uvu}test('a', () => new Promise(() => setInterval(() => {}, 1000))); test.run();`,
    'test/unit/idle.test.ts': `${uvu}test('a', () => new Promise(() => {})); test.run();`,
    'test/unit/none.test.ts': `${uvu}test.run();`,
    'test/unit/empty.test.ts': '',
    'test/unit/before.test.ts': `${uvu}test.before(() => { throw new Error(); }); test('a', () => {}); test.run();`,
    'test/unit/silent.test.ts': `${uvu}test('a', () => {}); test.skip('b', () => {}); test.run();`,
    'test/unit/skips.test.ts': `${uvu}import { skip } from '${skipping}';
      test('a', () => {}); test('b', () => skip('the moon is full')); test.run();`,
    'test/unit/skipped.test.ts': `import { skip } from '${skipping}'; skip('all of it');`,
    'test/unit/not-a-test.ts': `throw new Error();`,
  });
  assert.match(ended.line('good'), /^ok    test\/unit\/good\.test\.ts  2 passed  \d+ ms$/);
  assert.match(ended.line('bad'), /^FAIL .* 1 passed, 1 failed /);
  assert.ok(ended.lines.some((line) => line.includes('broken on purpose')));
  assert.match(ended.line('crash'), /^FAIL .* 1 failed, /);
  assert.match(ended.line('late'), /^FAIL .* 1 passed, 1 failed, ended with exit code 1 after its tests/);
  assert.match(ended.line('killed'), /^FAIL .* 1 failed, ended with SIGKILL before its summary/);
  assert.match(ended.line('hang'), /^FAIL .* 1 failed, no end after 1\.\d s/);
  assert.match(ended.line('idle'), /^FAIL .* 1 failed, ended with exit code \d+ before its summary/);
  assert.match(ended.line('none'), /^FAIL .* 1 failed, no tests ran/);
  assert.match(ended.line('empty'), /^FAIL .* 1 failed, no tests ran/);
  assert.match(ended.line('before'), /^FAIL .* 1 failed/);
  assert.match(ended.line('silent'), /^FAIL .* 1 passed, 1 failed, 1 tests skipped without a reason/);
  assert.match(ended.line('skips'), /^ok   .* 1 passed, 1 skipped /);
  assert.match(ended.line('skipped'), /^ok   .* 1 skipped /);
  assert.ok(ended.lines.includes('  the moon is full (test/unit/skips.test.ts)'));
  assert.not.match(ended.stdout, 'not-a-test');
  assert.is(ended.last, '6 passed, 10 failed, 2 skipped');
  assert.is(ended.code, 1);
});

test('all well', async () => {
  const good = `${uvu}test('a', () => {}); test.run();`;
  const ended = await runner({ 'test/unit/one.test.ts': good, 'test/unit/two.test.ts': good }, 'unit/tw');
  assert.is(ended.last, '1 passed, 0 failed');
  assert.is(ended.code, 0);
});

test('words that match nothing are an error', async () => {
  const ended = await runner({ 'test/unit/one.test.ts': '' }, 'three');
  assert.is(ended.last, '0 passed, 0 failed');
  assert.is(ended.code, 1);
});

test('types are checked', async () => {
  const types = (value: string) => ({
    'tsconfig.json': '{ "compilerOptions": { "types": [], "noEmit": true }, "files": ["a.ts"] }',
    'a.ts': `export const a: number = ${value};`,
    'node_modules/typescript/bin/tsc': `import(${JSON.stringify(join(top, 'node_modules/typescript/bin/tsc'))});`,
    'test/unit/one.test.ts': '',
  });
  const good = await runner(types('1'), 'tsconfig');
  assert.is(good.last, '1 passed, 0 failed', good.output);
  const bad = await runner(types('"1"'), 'tsconfig');
  assert.is(bad.last, '0 passed, 1 failed');
  assert.ok(bad.stdout.includes('TS2322'));
});

test('live files run in a sandbox', async () => {
  const reason = await refusal('user');
  if (reason !== undefined) return skip(`no sandbox: ${reason}`);
  const mark = join(tmpdir(), `netlink-runner-${process.pid}`);
  const live = `${uvu}import * as assert from 'uvu/assert';
    import { readdirSync, writeFileSync } from 'node:fs';
    test('a', () => {
      assert.is(process.env.NETLINK_SANDBOX, 'user');
      assert.is(process.env.NETLINK_FFI, 'koffi');
      assert.equal(readdirSync('/sys/class/net'), ['lo']);
      assert.equal(readdirSync('/run').filter((name) => name !== 'mount').sort(), ['home', 'netns']);
      assert.ok(readdirSync('/proc').filter((name) => Number(name) > 0).length < 10);
      writeFileSync('/run/netns/a', '');
      writeFileSync(process.env.HOME + '/a', '');
    });
    test.run();`;
  const files = {
    'test/live/one.test.ts': live,
    'test/live/gone.test.ts': `process.kill(process.pid, 'SIGTERM');`,
    'test/live/hang.test.ts': `// timeout: 1 s\nsetInterval(() => {}, 1000);`,
    'test/live/unsteady.test.ts': `${uvu}import { existsSync, writeFileSync } from 'node:fs';
      const mark = ${JSON.stringify(mark)}, first = !existsSync(mark);
      writeFileSync(mark, '');
      test('a', () => { if (first) throw new Error('an accident'); }); test.run();`,
  };
  const ended = await runner(files, '--as', 'user', '--ffi', 'koffi').finally(() => rmSync(mark, { force: true }));
  assert.is(ended.last, '2 passed, 2 failed', ended.output);
  assert.ok(ended.stdout.includes('an accident'));
  assert.ok(ended.stdout.includes('unsteady, failed first and passed alone:\n  test/live/unsteady.test.ts (user, koffi)\n'));
  assert.ok(ended.stdout.includes('ended with SIGTERM before its summary'));
  assert.ok(ended.stdout.includes('no end after 1.'));
});

test.run();
