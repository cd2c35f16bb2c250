/**
 * Makes dist: the types of every file by tsc, and the code of the entries by esbuild, joined into few files. Node spends
 * more on finding and linking hundreds of small modules than on all the rest of a short program.
 *
 *     npm run build [-- folder [code [plain]]]      `code` leaves the types out, `plain` shortens nothing
 */
import { createHash } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type BuildOptions, type Plugin } from 'esbuild';
import { run } from './run.ts';

const top = dirname(dirname(fileURLToPath(import.meta.url)));
const outdir = resolve(process.argv[2] ?? join(top, 'dist'));
const plain = process.argv[4] === 'plain';

interface Manifest {
  readonly exports: { readonly [path: string]: string | { readonly default: string } };
  readonly imports: { readonly [name: string]: string };
  readonly bin: { readonly [name: string]: string };
}
const manifest = JSON.parse(readFileSync(join(top, 'package.json'), 'utf8')) as Manifest;
const files = [
  ...Object.values(manifest.exports).flatMap((entry) => typeof entry === 'string' ? [] : [entry.default]),
  ...Object.values(manifest.imports),
];
const source = (file: string): string => join(top, file.replace(/^(\.\/)?dist\//, 'src/').replace(/\.c?js$/, '.ts'));

/** Node's own modules without the look at all their exports that `import` takes: that of node:fs loads streams. */
const builtins: Plugin = {
  name: 'builtins',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:/ }, ({ path }) => ({ path, namespace: 'builtin' }));
    onLoad({ filter: /^/, namespace: 'builtin' }, ({ path }) => ({ contents: `module.exports = process.getBuiltinModule('${path}');` }));
  },
};

/** Of @sindresorhus/is the few functions that check our arguments: its table of all of them, and its lists in English, take long to make. */
const checks: Plugin = {
  name: 'checks',
  setup({ onLoad }) {
    onLoad({ filter: /@sindresorhus\/is\/distribution\/index\.js$/ }, ({ path }) =>
      ({ contents: readFileSync(path, 'utf8').replaceAll(/(?<= = )(?=Object\.assign\(|new Intl\.ListFormat\()/g, '/* @__PURE__ */ ') }));
  },
};

/** What a file gives to `later` as `() => name` it loads when that is called: see src/schema/later.ts. */
const deferred: Plugin = {
  name: 'deferred',
  setup({ onLoad }) {
    onLoad({ filter: /\/src\/.*\.ts$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8'), loads = new Map<string, string>();
      if (!text.includes('later({')) return undefined;
      for (const [, all, names, from] of text.matchAll(/^import (?:\* as (\w+)|\{ (.*?) \}) from '(\.[^']+)';$/gm))
        if (all !== undefined) loads.set(all, `require('${from}')`);
        else for (const name of names!.split(', ')) loads.set(name, `require('${from}').${name}`);
      const deferring = (call: string): string => call.replaceAll(/\(\) => (\w+)/g, (made, name: string) => loads.has(name) ? `() => ${loads.get(name)}` : made);
      return { contents: text.replaceAll(/\blater\(\{[^]*?\}/g, deferring), loader: 'ts' };
    });
  },
};

rmSync(outdir, { recursive: true, force: true });
const tsc = join(top, 'node_modules/typescript/bin/tsc');
if (process.argv[3] !== 'code') {
  const types = await run(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--emitDeclarationOnly', '--outDir', outdir], { cwd: top });
  if (types.code !== 0) {
    process.stderr.write(types.output);
    process.exit(1);
  }
}
const common: BuildOptions = {
  outdir, outbase: join(top, 'src'), absWorkingDir: top, bundle: true, external: ['koffi', 'ffi-napi', 'ref-napi'],
  format: 'esm', platform: 'node', target: 'node20', sourcemap: true, sourcesContent: false, logLevel: 'warning',
};
await build({
  ...common, entryPoints: files.map(source), chunkNames: 'chunks/[name]-[hash]', splitting: true, minifySyntax: !plain,
  plugins: [builtins, checks, deferred],
});
// a program is started for each container: see there
const program: BuildOptions = { ...common, splitting: false, minify: !plain, format: 'cjs', outExtension: { '.js': '.cjs' }, plugins: [checks, deferred] };
for (const path of Object.values(manifest.bin)) {
  const folder = join(outdir, relative('dist', dirname(path)));
  await build({
    ...program, entryPoints: [source(path).replace(/[^/]*$/, 'main.ts')],
    // a function of `require`; the global `performance` would load much that nobody asks
    banner: { js: `(function(require){const module={exports:{}},mainUrl=require("node:url").pathToFileURL(require.resolve("./main.cjs")).href,now=()=>Number(process.hrtime.bigint())/1e6;` },
    footer: { js: 'return module.exports})' },
    define: { 'import.meta.url': 'mainUrl', 'performance.now': 'now' }, logOverride: { 'empty-import-meta': 'silent' },
  });
  const mainHash = createHash('sha256').update(readFileSync(join(folder, 'main.cjs'))).digest('hex').slice(0, 16);
  await build({ ...program, entryPoints: [source(path)], define: { mainHash: JSON.stringify(mainHash) } });
}
