/** What takes part: our own code, the limit in C, and the libraries that Debian and npm offer. */
import { copyFileSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { bringNode } from '../scripts/bring-node.ts';
import { run } from '../scripts/run.ts';

/** How a program is started, or why it cannot be. */
export type Program =
  | { readonly command: readonly string[]; readonly env?: Readonly<Record<string, string>>; readonly version: string }
  | { readonly missing: string };
export type Programs = { readonly [name: string]: Program };

const here = dirname(fileURLToPath(import.meta.url));
const top = dirname(here);
/** All that is built stands here; it can be deleted at any time. */
const room = join(top, '.tmp/bench');
const source = (name: string): string => join(here, name);

/** Builds what can be built here. With `quick`, what takes a minute is taken only where an earlier run has built it. */
export async function programs(quick: boolean): Promise<Programs> {
  mkdirSync(room, { recursive: true });
  const ours = await ourselves();
  return {
    limit: await limit(), ours, ...await bindings(ours, quick),
    iproute2: await iproute2(), libnl: await libnl(), go: await go(), rust: await rust(quick),
    pyroute2: await pyroute2(), 'npm netlink': await npmNetlink(),
    node: { command: [process.execPath], version: process.version },
    ip: await shows('ip', ['-V']) ? { command: ['ip'], version: '' } : { missing: 'apt install iproute2' },
  };
}

/** What a program prints, or undefined where it is not there or fails. */
async function shows(command: string, args: readonly string[]): Promise<string | undefined> {
  const ended = await run(command, args).catch(() => undefined);
  return ended?.code === 0 ? ended.stdout.trim() : undefined;
}

const newer = (built: string, ...from: string[]): boolean =>
  existsSync(built) && from.every((path) => statSync(path).mtimeMs < statSync(built).mtimeMs);

/** Runs a compiler unless what it makes is newer than its sources; gives its last words where it fails. */
async function compile(made: string, from: string[], command: string, args: string[], options = {}) {
  if (newer(made, ...from)) return undefined;
  const failed = (error: Error) => ({ code: 1, output: error.message });
  const ended = await run(command, args, { cwd: room, ...options }).catch(failed);
  return ended.code === 0 ? undefined : ended.output.trim().split('\n').slice(-3).join(' ');
}

async function limit(): Promise<Program> {
  const made = join(room, 'limit');
  const version = (await shows('cc', ['--version']))?.split('\n')[0];
  if (version === undefined) return { missing: 'no C compiler: apt install gcc libc6-dev' };
  const problem = await compile(made, [source('limit.c')], 'cc', ['-O2', '-o', made, source('limit.c')]);
  return problem === undefined ? { command: [made], version } : { missing: problem };
}

/** The package as users get it, and ours.ts as JavaScript beside it: what tsx does while a program runs must not count. */
async function ourselves(): Promise<Program> {
  const packed = join(room, 'node_modules/netlink-ts'), made = join(room, 'ours.js');
  mkdirSync(packed, { recursive: true });
  copyFileSync(join(top, 'package.json'), join(packed, 'package.json'));
  writeFileSync(join(room, 'package.json'), '{ "type": "module" }\n'); // else ours.js would be a part of this package
  const { code, output } = await run(process.execPath, ['--import', 'tsx', join(top, 'scripts/build.ts'), join(packed, 'dist')], { cwd: top });
  if (code !== 0) return { missing: `npm run build: ${output.trim().split('\n')[0]}` };
  await build({ entryPoints: [source('ours.ts')], outfile: made, format: 'esm', target: 'node20' });
  const { version } = JSON.parse(readFileSync(join(top, 'package.json'), 'utf8')) as { version: string };
  return { command: [process.execPath, made], version };
}

async function bindings(ours: Program, quick: boolean): Promise<Programs> {
  if ('missing' in ours) return { 'ffi-napi': ours, 'node:ffi': ours };
  const [, script] = ours.command;
  const there = join(top, '.tmp/nodes/26/node_modules', `node-linux-${process.arch}`, 'bin/node');
  const brought = quick || isBuiltin('node:ffi') || existsSync(there) ? there : await bringNode(26).catch((error: Error) => error);
  const node = isBuiltin('node:ffi') ? process.execPath : brought;
  return {
    'ffi-napi': existsSync(join(top, 'node_modules/ffi-napi'))
      ? { ...ours, env: { NETLINK_FFI: 'ffi-napi' } } : { missing: 'npm install --ignore-scripts ffi-napi ref-napi' },
    'node:ffi': typeof node === 'string' && existsSync(node) ? {
      command: [node, '--no-warnings', script], env: { NETLINK_FFI: 'node-ffi' },
      version: `Node ${await shows(node, ['-v'])}`,
    } : { missing: `no Node with node:ffi: ${typeof node === 'string' ? 'run Node 26; a run without --quick brings it' : node.message.split('\n')[0]}` },
  };
}

async function iproute2(): Promise<Program> {
  const version = await shows('ip', ['-V']);
  if (version === undefined) return { missing: 'apt install iproute2' };
  return { command: ['sh', source('peers/iproute2.sh')], version };
}

async function libnl(): Promise<Program> {
  const version = await shows('pkg-config', ['--modversion', 'libnl-route-3.0']);
  const flags = await shows('pkg-config', ['--cflags', '--libs', 'libnl-route-3.0']);
  if (version === undefined || flags === undefined) return { missing: 'apt install pkg-config libnl-route-3-dev' };
  const made = join(room, 'libnl'), file = source('peers/libnl.c');
  const problem = await compile(made, [file], 'cc', ['-O2', '-o', made, file, ...flags.split(/\s+/)]);
  return problem === undefined ? { command: [made], version: `libnl ${version}` } : { missing: problem };
}

async function go(): Promise<Program> {
  const path = '/usr/share/gocode', library = `${path}/src/github.com/vishvananda/netlink`;
  const version = await shows('go', ['version']);
  if (version === undefined || !existsSync(library)) {
    return { missing: 'apt install golang-go golang-github-vishvananda-netlink-dev' };
  }
  const made = join(room, 'go-peer'), file = source('peers/vishvananda.go');
  const env = { ...process.env, GO111MODULE: 'off', GOFLAGS: '', GOPATH: path, GOCACHE: join(room, 'go-cache') };
  const problem = await compile(made, [file], 'go', ['build', '-o', made, file], { env });
  const debian = await shows('dpkg-query', ['-W', '-f', '${Version}', 'golang-github-vishvananda-netlink-dev']);
  return problem === undefined ? { command: [made], version: `${debian ?? ''}, ${version}` } : { missing: problem };
}

async function rust(quick: boolean): Promise<Program> {
  const crates = '/usr/share/cargo/registry', folder = source('peers/rust');
  const version = await shows('cargo', ['--version']);
  const library = existsSync(crates) ? await shows('sh', ['-c', `ls ${crates} | grep ^rtnetlink-`]) : undefined;
  if (version === undefined || library === undefined) return { missing: 'apt install cargo librust-rtnetlink-dev' };
  const made = join(room, 'rust/release/peer'), from = [join(folder, 'main.rs'), join(folder, 'Cargo.toml')];
  if (quick && !newer(made, ...from)) return { missing: 'takes a minute to build: a run without --quick does' };
  const args = [
    'build', '--release', '--offline', '--manifest-path', await copied(from), '--target-dir', join(room, 'rust'),
    '--config', 'source.crates-io.replace-with="debian"', '--config', `source.debian.directory="${crates}"`,
  ];
  const problem = await compile(made, from, 'cargo', args);
  return problem === undefined ? { command: [made], version: `${library}, ${version}` } : { missing: problem };
}

/** Cargo writes its lock file beside the manifest, so that one is a copy. */
async function copied(files: readonly string[]): Promise<string> {
  const folder = join(room, 'rust-source');
  mkdirSync(folder, { recursive: true });
  await run('cp', [...files, folder]);
  return join(folder, 'Cargo.toml');
}

/** Debian's Python: another one in PATH does not see Debian's packages. */
async function pyroute2(): Promise<Program> {
  for (const python of ['/usr/bin/python3', 'python3']) {
    const version = await shows(python, ['-c', 'import pyroute2; print(pyroute2.__version__)']);
    if (version === undefined) continue;
    return { command: [python, '-B', source('peers/python.py')], version: `pyroute2 ${version}` };
  }
  return { missing: 'apt install python3-pyroute2' };
}

/** It brings its addon ready-made, so that no script of its need run. */
async function npmNetlink(): Promise<Program> {
  const folder = join(room, 'npm'), library = join(folder, 'node_modules/netlink');
  mkdirSync(folder, { recursive: true });
  const args = ['install', '--ignore-scripts', '--no-save', '--prefix', folder, 'netlink@0.3'];
  const problem = await compile(join(library, 'package.json'), [], 'npm', args, { cwd: folder });
  if (problem !== undefined) return { missing: `npm ${args.join(' ')}: ${problem}` };
  const { version } = JSON.parse(readFileSync(join(library, 'package.json'), 'utf8')) as { version: string };
  const command = [process.execPath, source('peers/npm-netlink.cjs')];
  return { command, env: { NETLINK_PEER: library }, version: `netlink ${version}` };
}
