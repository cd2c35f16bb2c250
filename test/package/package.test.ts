// timeout: 300 s
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { run, type Ended } from '../../scripts/run.ts';

const top = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const bin = (path: string) => join(top, 'node_modules', path);
const node = (...args: string[]) => run(process.execPath, args, { cwd: top });
const manifest = JSON.parse(readFileSync(join(top, 'package.json'), 'utf8'));

let folder: string;
let tarball: string;
let installed: string;

function well({ code, output }: Ended): void {
  assert.is(code, 0, output);
}

/** The package as a user gets it: built, packed and unpacked, without touching the checkout's own dist. */
async function pack(): Promise<void> {
  mkdirSync(join(top, '.tmp'), { recursive: true });
  folder = mkdtempSync(join(top, '.tmp/package-'));
  for (const name of ['package.json', 'README.md', 'CHANGELOG.md', 'LICENSE', 'src', 'examples']) {
    if (existsSync(join(top, name))) cpSync(join(top, name), join(folder, name), { recursive: true });
  }
  well(await node('--import', 'tsx', 'scripts/build.ts', join(folder, 'dist')));
  well(await run('npm', ['pack', '--ignore-scripts', '--silent'], { cwd: folder }));
  tarball = join(folder, readdirSync(folder).find((name) => name.endsWith('.tgz'))!);
  installed = join(folder, 'user/node_modules/netlink-ts');
  mkdirSync(installed, { recursive: true });
  well(await run('tar', ['-xzf', tarball, '-C', installed, '--strip-components=1']));
}

test.after(() => rmSync(folder, { recursive: true, force: true }));

test('builds and packs', pack);

test('of the program that engines start no module is in both files, and what connects a container is in the first', () => {
  const [main, rest] = ['main', 'rest'].map((name) => {
    const { sources } = JSON.parse(readFileSync(join(installed, `dist/engines/${name}.cjs.map`), 'utf8')) as { sources: string[] };
    return new Set(sources.filter((source) => source.endsWith('.ts')).map((source) => source.slice(source.indexOf('src/'))));
  }) as [Set<string>, Set<string>];
  assert.equal([...main].filter((source) => rest.has(source)), []);
  for (const name of ['engines/cni/add', 'engines/cni/del', 'route/link/kinds/veth', 'netfilter/expressions/masq']) assert.ok(main.has(`src/${name}.ts`), name);
  for (const name of ['engines/docker/server', 'engines/cni/gc', 'route/tc/qdisc/operations']) assert.ok(rest.has(`src/${name}.ts`), name);
});

test('holds what it must and nothing else', () => {
  const names = readdirSync(installed).sort();
  assert.equal(names, ['CHANGELOG.md', 'LICENSE', 'README.md', 'dist', 'examples', 'package.json', 'src']);
  for (const file of [...Object.values(manifest.imports), ...Object.values(manifest.bin)] as string[]) assert.ok(existsSync(join(installed, file)), file);
  assert.ok(loadedBy(join(installed, 'dist/index.js')).size < 20, 'the code of the main entry is in few files');
  for (const program of Object.values(manifest.bin) as string[]) assert.is(loadedBy(join(installed, program)).size, 1);
});

/** The files that a module needs before it runs: Node looks for each of them. */
function loadedBy(file: string, found = new Set<string>()): Set<string> {
  if (found.has(file)) return found;
  found.add(file);
  for (const [, path] of readFileSync(file, 'utf8').matchAll(/^(?:import|export)\s*(?:[^'"();]*?from\s*)?["'](\.[^"']+)["']/gm))
    loadedBy(join(dirname(file), path!), found);
  return found;
}

test('is ESM, without side effects, for any system', () => {
  assert.is(manifest.type, 'module');
  assert.is(manifest.sideEffects, false);
  assert.is(manifest.os, undefined);
});

test('publint has nothing to say', async () => {
  well(await node(bin('publint/src/cli.js'), 'run', tarball, '--strict'));
});

test('types resolve as the code does', async () => {
  well(await node(bin('@arethetypeswrong/cli/dist/index.js'), tarball, '--profile', 'esm-only', '--no-color'));
});

test('every entry loads in plain Node, and loads no native code', async () => {
  const paths = Object.keys(manifest.exports).filter((path) => path !== './package.json');
  const entries = paths.map((path) => path.replace('.', 'netlink-ts'));
  assert.ok(entries.length >= 2);
  const code = `for (const entry of ${JSON.stringify(entries)}) {
    if (Object.keys(await import(entry)).length === 0) throw new Error(entry + ' exports nothing');
  }
  const { readFileSync } = await import('node:fs');
  const native = readFileSync('/proc/self/maps', 'utf8').match(/\\S+\\.node$/m);
  if (native) throw new Error('loaded ' + native[0]);`;
  well(await run(process.execPath, ['--input-type=module', '--eval', code], { cwd: join(folder, 'user') }));
});

test('a first answer runs no family and no kind that it has nothing of', async () => {
  const coverage = join(folder, 'coverage'), tape = join(top, 'fixtures/link/list-empty.tape');
  const code = `import { readFileSync } from 'node:fs';
  import { replayRoute } from 'netlink-ts/testing';
  const { nl, done } = replayRoute(readFileSync(${JSON.stringify(tape)}, 'utf8'));
  if ((await nl.link.list())[0].name !== 'lo') throw new Error('an answer, but another');
  done();`;
  well(await run(process.execPath, ['--input-type=module', '--eval', code], { cwd: join(folder, 'user'), env: { ...process.env, NODE_V8_COVERAGE: coverage } }));
  const { result } = JSON.parse(readFileSync(join(coverage, readdirSync(coverage)[0]!), 'utf8')) as Coverage;
  const files = result.flatMap(({ functions }) => functions).filter(({ functionName }) => functionName.startsWith('src/'));
  const ran = new Map(files.map(({ functionName, ranges }) => [functionName, ranges[0]!.count > 0]));
  assert.is(ran.get('src/route/link/message.ts'), true);
  for (const idle of ['route/tc/message', 'route/mdb/message', 'route/link/kinds/vxlan', 'watch/index', 'route/messages', 'netfilter/rule/message'])
    assert.is(ran.get(`src/${idle}.ts`), false, idle);
});

/** What NODE_V8_COVERAGE writes; a file that is run later than its entry is a function of its name (scripts/build.ts). */
interface Coverage {
  readonly result: readonly { readonly functions: readonly { readonly functionName: string; readonly ranges: readonly { readonly count: number }[] }[] }[];
}

test('no type of an FFI library shows', () => {
  const paths = readdirSync(join(installed, 'dist'), { recursive: true, encoding: 'utf8' });
  const types = paths.filter((path) => path.endsWith('.d.ts'));
  assert.ok(types.length > 0);
  for (const path of types) {
    const text = readFileSync(join(installed, 'dist', path), 'utf8');
    assert.not.match(text, /(from|import\(|types=)\s*['"](koffi|ffi-napi|ref-napi|node:ffi)['"]/, path);
  }
});

test.run();
