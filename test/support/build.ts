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
export function build(): string {
  const folder = mkdtempSync(join(tmpdir(), 'build-'));
  symlinkSync(join(top, 'node_modules'), join(folder, 'node_modules'));
  const tsc = join(top, 'node_modules/typescript/bin/tsc');
  execFileSync(process.execPath, [tsc, '-p', join(top, 'tsconfig.build.json'), '--outDir', join(folder, 'dist')], { stdio: 'inherit' });
  copyFileSync(join(top, 'package.json'), join(folder, 'package.json'));
  return join(folder, 'dist');
}
