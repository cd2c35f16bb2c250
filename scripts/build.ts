/**
 * Makes dist: the types of every file by tsc, and the code of the entries by esbuild, joined into few files. Node spends
 * more on finding and linking hundreds of small modules than on all the rest of a short program.
 *
 *     npm run build [-- folder]
 */
import { readFileSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type BuildOptions, type Plugin } from 'esbuild';
import { run } from './run.ts';

const top = dirname(dirname(fileURLToPath(import.meta.url)));
const outdir = resolve(process.argv[2] ?? join(top, 'dist'));

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
const source = (file: string): string => join(top, file.replace(/^(\.\/)?dist\//, 'src/').replace(/\.js$/, '.ts'));

/** Node's own modules without the look at all their exports that `import` takes: that of node:fs loads streams. */
const builtins: Plugin = {
  name: 'builtins',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:/ }, ({ path }) => ({ path, namespace: 'builtin' }));
    onLoad({ filter: /^/, namespace: 'builtin' }, ({ path }) => ({ contents: `module.exports = process.getBuiltinModule('${path}');` }));
  },
};

/** The first file of a program asks for the second one as a file. */
const behind: Plugin = {
  name: 'behind',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\/main\.ts$/ }, () => ({ path: './main.js', external: true }));
  },
};

/** Of @sindresorhus/is the few functions that check our arguments: its table of all of them takes long to make. */
const checks: Plugin = {
  name: 'checks',
  setup({ onLoad }) {
    onLoad({ filter: /@sindresorhus\/is\/distribution\/index\.js$/ }, ({ path }) =>
      ({ contents: readFileSync(path, 'utf8').replace('const is = Object.assign(', 'const is = /* @__PURE__ */ Object.assign(') }));
  },
};

rmSync(outdir, { recursive: true, force: true });
const tsc = join(top, 'node_modules/typescript/bin/tsc');
const types = await run(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--emitDeclarationOnly', '--outDir', outdir], { cwd: top });
if (types.code !== 0) {
  process.stderr.write(types.output);
  process.exit(1);
}
const common: BuildOptions = {
  outdir, outbase: join(top, 'src'), absWorkingDir: top, bundle: true, external: ['koffi', 'ffi-napi', 'ref-napi'],
  format: 'esm', platform: 'node', target: 'node20', sourcemap: true, sourcesContent: false, logLevel: 'warning',
};
await build({
  ...common, entryPoints: files.map(source), chunkNames: 'chunks/[name]-[hash]', splitting: true, minifySyntax: true,
  plugins: [builtins, checks],
});
// a program is started for each container: all of it is one small file, behind one that says where Node keeps it compiled
const programs = Object.values(manifest.bin).map(source);
await build({
  ...common, entryPoints: programs.flatMap((path) => [path, join(dirname(path), 'main.ts')]), minify: true,
  plugins: [behind, builtins, checks],
});
