/**
 * The program that engines start, for each container anew: all that it loads is time that a container waits. So it is
 * two files without modules: `main.cjs` has what connects a container, `rest.cjs` all else, which is loaded when it is
 * asked for. One module is never in both: esbuild parts them as it parts entries that share code, and what the rest
 * needs of the shared part it gets through `shared()`.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { build, transform, type BuildOptions, type OutputFile, type Plugin } from 'esbuild';
import { checks, deferred } from './build-plugins.ts';

/** What is loaded only when it is asked for, and is yet in `main.cjs`: ADD and DEL of most configurations ask for it. */
const often = new Set([
  'container/host', 'engines/cni/add', 'engines/cni/del', 'engines/cni/program', 'engines/network/record', 'route/hints',
  ...['addr', 'link', 'route'].map((family) => `route/${family}/operations`),
  ...['bridge', 'ipvlan', 'macvlan', 'veth', 'vlan'].map((kind) => `route/link/kinds/${kind}`),
  ...['chain', 'generation', 'rule', 'table'].map((family) => `netfilter/${family}/operations`),
  ...['cmp', 'counter', 'fib', 'immediate', 'masq', 'meta', 'nat', 'payload'].map((kind) => `netfilter/expressions/${kind}`),
].map((name) => `src/${name}.ts`));

/** `await import('./x.ts')` as `require`: what is loaded later is a function of the same file here, and no file of its own. */
const required: Plugin = {
  name: 'required',
  setup({ onLoad }) {
    onLoad({ filter: /\/src\/engines\/.*\.ts$/ }, ({ path }) =>
      ({ contents: readFileSync(path, 'utf8').replaceAll(/\bimport\((?='\.)/g, 'require('), loader: 'ts' }));
  },
};

/** What is not `often` needed is asked for by its path, and gathered in `rest`. */
const parted = (top: string, rest: Set<string>): Plugin => ({
  name: 'parted',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^\.\.?\// }, ({ path, kind, resolveDir, namespace }) => {
      const file = relative(top, resolve(resolveDir, path));
      if (kind !== 'require-call' || namespace === 'rest' || often.has(file)) return undefined;
      rest.add(file);
      return { path: `rest:${file}`, external: true };
    });
    onResolve({ filter: /^rest$/ }, () => ({ path: 'rest', namespace: 'rest' }));
    onLoad({ filter: /^/, namespace: 'rest' }, () => ({
      resolveDir: top,
      contents: `export { main } from './src/engines/main.ts'; export const files = {${[...rest].map((file) => `'${file}': () => require('./${file}')`).join()}};`,
    }));
  },
});

/** Makes main.cjs, rest.cjs and bin.cjs of the folder of main.ts and bin.ts. */
export async function buildProgram(from: string, to: string, minify: boolean): Promise<void> {
  const top = resolve(from, '../..'), rest = new Set<string>();
  const common: BuildOptions = {
    outdir: to, absWorkingDir: top, bundle: true, external: ['koffi', 'ffi-napi', 'ref-napi'], platform: 'node', target: 'node20', minify,
    sourcesContent: false, logLevel: 'warning', logOverride: { 'empty-import-meta': 'silent' }, define: { 'import.meta.url': 'mainUrl', 'performance.now': 'mainNow' },
  };
  let files: OutputFile[] = [];
  for (let known = -1; known < rest.size;) { // what is loaded later loads more of that kind
    known = rest.size;
    const entryPoints = { main: join(from, 'main.ts'), rest: 'rest' };
    files = (await build({ ...common, entryPoints, splitting: true, format: 'esm', sourcemap: 'inline', write: false, plugins: [parted(top, rest), checks, required, deferred] })).outputFiles;
  }
  const named = (name: RegExp): string => files.find(({ path }) => name.test(path))!.text;
  const shared = named(/chunk-[^/]*$/), [, entry] = /^import\s*\{\s*([\w$]+)/m.exec(named(/main\.js$/))!;
  const exported = /\bexport\s*\{([^{}]*)\};?\s*(?=\/\/# sourceMappingURL)/;
  const locals = new Map([...exported.exec(shared)![1]!.matchAll(/([\w$]+)(?: as ([\w$]+))?/g)].map(([, local, name = local]) => [name!, local!]));
  const getters = [...locals].map(([name, local]) => `get ${name}(){return ${local}}`).join();
  const main = shared.replace(exported, () => `module.exports={main:${locals.get(entry!)},shared:()=>({${getters}})};\n`);
  mkdirSync(to, { recursive: true });
  const hash = createHash('sha256');
  for (const [name, text] of [['main', main], ['rest', named(/rest\.js$/).replace(/"\.\/chunk-[^"]*"/, '"shared"')]] as const) {
    const { code, map } = await transform(text, {
      format: 'cjs', target: 'node20', minify, sourcemap: true, sourcefile: join(to, `${name}.cjs`), sourcesContent: false,
      // a function of `require` and the URL of its file; the global `performance` would load much that nobody asks
      banner: '(function(require,mainUrl){const module={exports:{}},mainNow=()=>Number(process.hrtime.bigint())/1e6;', footer: 'return module.exports})',
    });
    writeFileSync(join(to, `${name}.cjs`), `${code}//# sourceMappingURL=${name}.cjs.map\n`);
    writeFileSync(join(to, `${name}.cjs.map`), map);
    hash.update(code);
  }
  await build({ ...common, entryPoints: [join(from, 'bin.ts')], format: 'cjs', sourcemap: true, outExtension: { '.js': '.cjs' }, define: { mainHash: JSON.stringify(hash.digest('hex').slice(0, 16)) } });
}
