import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const top = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/**
 * Compiles src file by file into a folder of its own, with the package.json beside it; gives that. For programs that are started often, or that
 * must run in plain Node. In a sandbox the folder goes with it.
 */
export const build = (): string => into((dist) =>
  [join(top, 'node_modules/typescript/bin/tsc'), '-p', join(top, 'tsconfig.build.json'), '--outDir', dist]);

/**
 * The same without types, joined into few files as the package has them: they start faster. Where coverage is measured,
 * nothing in them is shortened, so that each part is found in the sources.
 */
export const bundle = (): string => into((dist) =>
  ['--import', 'tsx', join(top, 'scripts/build.ts'), dist, 'code', ...(process.env.NODE_V8_COVERAGE === undefined ? [] : ['plain'])]);

function into(words: (dist: string) => readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'build-')), dist = join(folder, 'dist');
  symlinkSync(join(top, 'node_modules'), join(folder, 'node_modules'));
  execFileSync(process.execPath, words(dist), { stdio: 'inherit', cwd: top });
  copyFileSync(join(top, 'package.json'), join(folder, 'package.json'));
  return dist;
}
