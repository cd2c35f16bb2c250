import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { run } from '../../scripts/run.ts';
import { exported, mentions, reader, type Named } from '../support/declarations.ts';

const top = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const manifest = JSON.parse(readFileSync(join(top, 'package.json'), 'utf8'));
const entries = Object.values(manifest.exports as { [path: string]: { types?: string } })
  .flatMap(({ types }) => types === undefined ? [] : [types.replace('./dist/', '')]);

/** Values of which only the keys are public. */
const keysOnly = new Set(['selectors (netfilter/builder/selectors.d.ts)']);

const key = ({ file, name }: Named): string => `${name} (${file})`;

/** Types that something public speaks of and no entry exports. Types that their own file keeps to itself are part of what names them. */
function missing(read: ReturnType<typeof reader>, files: readonly string[]): string[] {
  const open = new Map<string, Named>(), wrong = new Map<string, string>();
  const publish = (named: Named): void => {
    if (open.has(key(named))) return;
    open.set(key(named), named);
    if (named.name === '*') exported(read, named.file).forEach(publish);
  };
  for (const file of files) exported(read, file).forEach(publish);
  const walked = new Set<string>(), work = [...open.values()].map((named) => ({ named, by: named }));
  for (let next = work.pop(); next; next = work.pop()) {
    if (walked.has(key(next.named))) continue;
    walked.add(key(next.named));
    if (keysOnly.has(key(next.named))) continue;
    for (const mention of mentions(read, next.named)) {
      const kept = mention.name !== '*' && !exported(read, mention.file).has(mention.name);
      if (mention.name === '*') exported(read, mention.file).forEach((named) => work.push({ named, by: next.by }));
      else if (mention.value || kept) work.push({ named: mention, by: next.by });
      else if (!open.has(key(mention))) wrong.set(key(mention), key(next.named));
    }
  }
  return [...wrong].map(([type, by]) => `${type}, named by ${by}`).sort();
}

test('every type that something public speaks of can be imported', async () => {
  mkdirSync(join(top, '.tmp'), { recursive: true });
  const folder = mkdtempSync(join(top, '.tmp/surface-'));
  try {
    const tsc = join(top, 'node_modules/typescript/bin/tsc');
    const { code, output } = await run(process.execPath,
      [tsc, '-p', 'tsconfig.build.json', '--emitDeclarationOnly', '--declarationMap', 'false', '--sourceMap', 'false', '--outDir', folder], { cwd: top });
    assert.is(code, 0, output);
    assert.ok(entries.length >= 4);
    const read = reader(folder);
    assert.equal(missing(read, entries), []);
    assert.ok(missing(read, entries.filter((entry) => !entry.startsWith('schema/'))).length > 10, 'the test sees what is missing');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.run();
