import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { run } from '../../../scripts/run.ts';
import { available, watches } from './each.ts';

const program = fileURLToPath(new URL('programs/ending.ts', import.meta.url));

/** How a process with watchers of all bindings and both ways ends. */
async function ending(scenario: string) {
  const args = ['--import', 'tsx', program, scenario];
  const { code, signal, timedOut, stdout, stderr } = await run(process.execPath, args, { timeout: 20_000 });
  return { how: timedOut ? 'no end' : signal ?? code, stdout, stderr };
}

test('watchers that are stopped, closed or without reference do not keep a process alive', async () => {
  assert.equal((await ending('idle')).how, 0);
});

test('a started watcher keeps it alive, until it is closed', async () => {
  const { how, stdout } = await ending('alive');
  const all = available.flatMap((binding) => Object.keys(watches).map((way) => `${binding} ${way}`));
  assert.equal(stdout.trim().split('\n'), all);
  assert.is(how, 0);
});

test('a process ends by itself while descriptors are watched and unread', async () => {
  assert.is((await ending('unread')).how, 0);
});

test('process.exit() ends it while descriptors are watched and unread', async () => {
  assert.is((await ending('exit')).how, 7);
});

test('process.exit() may be called when something is readable', async () => {
  assert.is((await ending('exitWithin')).how, 7);
});

test('an exception that nobody catches ends it like any other', async () => {
  const { how, stderr } = await ending('throwing');
  assert.is(how, 1);
  assert.match(stderr, /Error: boom\n {4}at /);
});

test.run();
