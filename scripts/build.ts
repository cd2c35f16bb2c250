/**
 * Makes dist: the types of every file by tsc, and the code of the entries by esbuild, joined into few files. Node spends
 * more on finding and linking hundreds of small modules than on all the rest of a short program.
 *
 *     npm run build [-- folder [code [plain]]]      `code` leaves the types out, `plain` shortens nothing
 */
import { readFileSync, rmSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { builtins, checks, deferred } from './build-plugins.ts';
import { buildProgram } from './program.ts';
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

rmSync(outdir, { recursive: true, force: true });
const tsc = join(top, 'node_modules/typescript/bin/tsc');
if (process.argv[3] !== 'code') {
  const types = await run(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--emitDeclarationOnly', '--outDir', outdir], { cwd: top });
  if (types.code !== 0) {
    process.stderr.write(types.output);
    process.exit(1);
  }
}
await build({
  entryPoints: files.map(source), outdir, outbase: join(top, 'src'), absWorkingDir: top, bundle: true, external: ['koffi', 'ffi-napi', 'ref-napi'],
  format: 'esm', splitting: true, chunkNames: 'chunks/[name]-[hash]', platform: 'node', target: 'node20', sourcemap: true, sourcesContent: false,
  minifySyntax: !plain, plugins: [builtins, checks, deferred], logLevel: 'warning',
});
for (const path of Object.values(manifest.bin)) await buildProgram(dirname(source(path)), join(outdir, relative('dist', dirname(path))), !plain);
