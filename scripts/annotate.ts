/**
 * Writes the comments of all tapes anew, from the declarations. Bytes, titles and free comments stay.
 *
 *     npm run annotate
 */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { annotateTape } from '../src/testing/index.ts';

const fixtures = join(dirname(dirname(fileURLToPath(import.meta.url))), 'fixtures');

/** The tapes below fixtures/, by path. */
export const tapes = (): string[] =>
  readdirSync(fixtures, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.tape')).sort();

export const readTape = (path: string): string => readFileSync(join(fixtures, path), 'utf8');

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  let changed = 0;
  for (const path of tapes()) {
    const before = readTape(path), after = annotateTape(before);
    if (before === after) continue;
    writeFileSync(join(fixtures, path), after);
    console.log(`annotated ${path}`);
    changed++;
  }
  console.log(`${changed} of ${tapes().length} tapes changed`);
}
