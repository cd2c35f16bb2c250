import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { run } from '../../scripts/run.ts';
import { skip } from '../support/skip.ts';

const top = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const read = (path: string) => readFileSync(join(top, path), 'utf8');

/** The files of the repository, those not yet added too; none where there is no git. */
const git = (...args: string[]) => run('git', ['-c', 'safe.directory=*', 'ls-files', '-z', ...args], { cwd: top })
  .then(({ stdout }) => stdout.split('\0').filter((path) => path !== ''), () => []);
const gone = new Set(await git('--deleted'));
const present = await git('--cached', '--others', '--exclude-standard', '--deduplicate');
const files = present.filter((path) => !gone.has(path));

/** Places that exist only where the project is written, spelled so that this line is not one of them. */
const strange = [/\/[w]ork\//, /\/[f]arm\//, /\b[f]arm-/, /[H]OUSE\.md/, /\.\.\/[s]hared\b/];

test('no file of ours is over 300 lines', () => {
  if (files.length === 0) return skip('this is not a git checkout');
  const ours = files.filter((path) => /\.(ts|mts|js|mjs|cjs)$/.test(path));
  const lengths = ours.map((path) => ({ path, lines: read(path).split('\n').length - 1 }));
  assert.equal(lengths.filter(({ lines }) => lines > 300), []);
});

test('no file names a place that only its author has', () => {
  if (files.length === 0) return skip('this is not a git checkout');
  const lines = files.flatMap((path) => read(path).split('\n').map((line, i) => `${path}:${i + 1}: ${line.trim()}`));
  assert.equal(lines.filter((line) => strange.some((word) => word.test(line))), []);
});

test('SECURITY.md names tests that are there, one at least for each promise', () => {
  const promises = read('SECURITY.md').split('## What is not')[0]!.split('\n').filter((line) => line.startsWith('- '));
  assert.ok(promises.length > 0);
  for (const promise of promises) {
    const named = [...promise.matchAll(/`(test\/[^`]+)`/g)].map(([, path]) => path!);
    assert.ok(named.length > 0, promise);
    for (const path of named) assert.ok(existsSync(join(top, path)), path);
  }
});

test('the lock file names no registry', () => {
  assert.not.match(read('package-lock.json'), '"resolved"');
  assert.not.match(read('.npmrc'), /^\s*(@\w+:)?registry/m);
});

test.run();
