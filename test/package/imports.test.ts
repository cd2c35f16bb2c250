import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { imports, importsOf, type Import } from '../support/imports.ts';

/**
 * Who may import whom, below src: a folder or file, and the folders or files it may import besides its own folder. The
 * longest name that fits a file counts. Everybody may import errno.ts, errors.ts, privileges.ts and arguments.ts, index.ts may import
 * everything, and open.ts is where the layers are put together.
 */
const may: Record<string, string> = {
  arguments: '',
  errno: '',
  privileges: '',
  errors: 'bytes',
  ffi: '',
  bytes: '',
  wire: 'bytes',
  schema: 'bytes wire',
  transport: 'bytes wire schema',
  'transport/socket': 'bytes wire schema ffi',
  'transport/inbox': 'bytes ffi',
  conversation: 'bytes wire schema transport/transport',
  route: 'bytes wire schema transport conversation',
  generic: 'bytes wire schema transport conversation',
  netfilter: 'bytes wire schema transport conversation',
  'netfilter/open': 'bytes wire schema transport conversation ffi netns/socket route/namespace',
  'netns/inside': 'ffi',
  'netns/namespace': 'ffi route/namespace',
  'netns/socket': 'ffi route/namespace transport',
  watch: 'bytes wire schema transport conversation route',
  supports: 'bytes wire schema transport conversation route generic',
  open: 'watch supports bytes wire schema transport conversation route generic netfilter ffi netns/socket',
  tuntap: 'bytes schema ffi netns route/namespace',
  packet: 'bytes transport ffi netns/inside netns/namespace',
  netns: 'open bytes wire schema transport conversation route generic netfilter ffi',
  testing: 'open bytes wire schema transport conversation route generic netfilter netns',
  container: 'open bytes wire schema transport conversation route generic netfilter netns packet',
  engines: 'open bytes wire schema transport conversation route generic netfilter netns packet container ffi',
};

/** Packages that know what FFI is; the folder ffi alone may name them. */
const native = ['koffi', 'ffi-napi', 'ref-napi', 'node:ffi'];

const top = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const { dependencies, peerDependencies } = JSON.parse(readFileSync(join(top, 'package.json'), 'utf8'));

function within(path: string, name: string): boolean {
  return path === `${name}.ts` || path.startsWith(`${name}/`);
}

function place(path: string): string | undefined {
  return Object.keys(may).filter((name) => within(path, name)).sort((a, b) => b.length - a.length)[0];
}

/** What is wrong with an import line, in words. */
function wrong({ file, target, relative }: Import): string | undefined {
  const from = place(file);
  if (file === 'index.ts' && relative) return undefined;
  if (from === undefined && file !== 'index.ts') return `${file} has no place in the table`;
  if (!relative) {
    if (native.includes(target)) return from === 'ffi' ? undefined : `${file} imports ${target}`;
    const name = target.split('/').slice(0, target.startsWith('@') ? 2 : 1).join('/');
    const known = target.startsWith('node:') || name in dependencies || name in peerDependencies;
    return known ? undefined : `${file} imports ${target}, which is no dependency`;
  }
  if (['errno.ts', 'errors.ts', 'arguments.ts', 'privileges.ts'].includes(target)) return undefined;
  const [own] = from!.split('/');
  return [own, ...may[from!].split(' ')].some((name) => within(target, name)) ? undefined : `${file} imports ${target}`;
}

/** A way from a file back to itself. */
function cycle(lines: readonly Import[]): string[] | undefined {
  const done = new Set<string>();
  const walk = (file: string, path: readonly string[]): string[] | undefined => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return undefined;
    for (const { target } of lines.filter((line) => line.file === file)) {
      const found = walk(target, [...path, file]);
      if (found) return found;
    }
    done.add(file);
    return undefined;
  };
  for (const { file } of lines) {
    const found = walk(file, []);
    if (found) return found;
  }
  return undefined;
}

const lines = imports(join(top, 'src'));

test('imports go one way', () => {
  assert.ok(lines.length > 0);
  assert.equal([...new Set(lines.map(wrong))].filter((text) => text !== undefined), []);
});

test('no file imports itself through others', () => {
  assert.is(cycle(lines.filter((line) => line.relative))?.join(' > '), undefined);
});

test('the rules see what breaks them', () => {
  const bad = (file: string, text: string) => importsOf(file, text).map(wrong);
  assert.equal(bad('bytes/a.ts', `import { b } from '../wire/b.ts';`), ['bytes/a.ts imports wire/b.ts']);
  assert.equal(bad('route/link/a.ts', `import {\n  b,\n} from '../../netns/b.ts';`),
    ['route/link/a.ts imports netns/b.ts']);
  assert.equal(bad('route/a.ts', `export type { b } from '../index.ts';`), ['route/a.ts imports index.ts']);
  assert.equal(bad('transport/tape.ts', `await import('../ffi/libc.ts');`), ['transport/tape.ts imports ffi/libc.ts']);
  assert.equal(bad('transport/socket.ts', `import a from '../ffi/libc.ts'; import '../errors.ts';`),
    [undefined, undefined]);
  assert.equal(bad('wire/a.ts', `import koffi from 'koffi';`), ['wire/a.ts imports koffi']);
  assert.equal(bad('wire/a.ts', `import a from 'lodash/a';`), ['wire/a.ts imports lodash/a, which is no dependency']);
  assert.equal(bad('wire/a.ts', `import is from '@sindresorhus/is'; import 'node:fs';`), [undefined, undefined]);
  assert.equal(bad('elsewhere/a.ts', `import '../errors.ts';`), ['elsewhere/a.ts has no place in the table']);
  assert.equal(bad('bytes/a.ts', `/** import a from '../wire/a.ts'; */\n// import '../wire/b.ts'\n`), []);
  assert.equal(bad('conversation/a.ts', `import '../transport/transport.ts'; import '../transport/socket.ts';`),
    [undefined, 'conversation/a.ts imports transport/socket.ts']);
  const loop = [['a.ts', './b.ts'], ['b.ts', './c/d.ts'], ['c/d.ts', '../b.ts']] as const;
  assert.equal(cycle(loop.flatMap(([file, to]) => importsOf(file, `import '${to}';`))), ['b.ts', 'c/d.ts', 'b.ts']);
});

test.run();
