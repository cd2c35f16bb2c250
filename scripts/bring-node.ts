import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './run.ts';

const top = dirname(dirname(fileURLToPath(import.meta.url)));

/** Installs a Node below .tmp, the newest of its line; returns its program. */
export async function bringNode(version: number): Promise<string> {
  const name = `node-linux-${process.arch}`;
  const folder = join(top, '.tmp/nodes', String(version));
  mkdirSync(folder, { recursive: true });
  const args = ['install', '--ignore-scripts', '--no-save', '--prefix', folder, `${name}@${version}`];
  const { code, output } = await run('npm', args, { cwd: folder });
  if (code !== 0) throw new Error(`npm ${args.join(' ')}: ${output}`);
  return join(folder, 'node_modules', name, 'bin/node');
}
