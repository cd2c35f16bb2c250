import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { run } from '../../scripts/run.ts';
import { skip } from '../support/skip.ts';

const top = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const documents = ['README.md', 'CHANGELOG.md', ...['docs', 'fixtures', 'examples'].flatMap(below)]
  .filter((path) => existsSync(join(top, path)));

function below(folder: string): string[] {
  if (!existsSync(join(top, folder))) return [];
  const paths = readdirSync(join(top, folder), { recursive: true, encoding: 'utf8' });
  return paths.filter((path) => path.endsWith('.md')).map((path) => `${folder}/${path}`);
}

/**
 * The TypeScript blocks of a document, by the line they open at. Each is a file of its own, its lines numbered as in
 * the document; one that opens with "```ts continued" goes on where the block before it ended.
 */
function blocks(text: string): Map<number, string> {
  const found = new Map<number, string>();
  let opening = 0;
  for (const match of text.matchAll(/^```(\S*) *(.*)\n([^]*?)^```$/gm)) {
    const [, language, more, code] = match;
    if (language !== 'ts') continue;
    const line = text.slice(0, match.index).split('\n').length;
    if (more !== 'continued') opening = line;
    const before = found.get(opening) ?? '';
    found.set(opening, before + '\n'.repeat(line - before.split('\n').length + 1) + code);
  }
  return found;
}

/** What the compiler says about files by name; empty when all is well. */
async function check(files: Map<string, string>): Promise<string> {
  mkdirSync(join(top, '.tmp'), { recursive: true });
  const folder = mkdtempSync(join(top, '.tmp/readme-'));
  try {
    for (const [name, text] of files) writeFileSync(join(folder, name), text);
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({
      extends: '../../tsconfig.json', include: ['*.ts'],
      compilerOptions: { moduleDetection: 'force', noUnusedLocals: false, noUnusedParameters: false },
    }));
    const tsc = join(top, 'node_modules/typescript/bin/tsc');
    const { code, output } = await run(process.execPath, [tsc, '-p', '.'], { cwd: folder });
    return code === 0 ? '' : output;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('code blocks type-check', async () => {
  if (!documents.includes('README.md')) return skip('there is no README.md yet');
  const files = new Map<string, string>();
  for (const path of documents) {
    const text = readFileSync(join(top, path), 'utf8');
    assert.not.match(text, /^[ \t]+```ts|^[ \t]*```typescript/m, `${path} has a block that this test would not see`);
    for (const [line, code] of blocks(text)) files.set(`${path.replaceAll('/', '-')}.${line}.ts`, code);
  }
  assert.ok([...files.keys()].some((name) => name.startsWith('README.md.')), 'README.md shows no code');
  assert.is(await check(files), '');
});

test('a wrong block is seen, at its line', async () => {
  const fences = [
    '```ts\nexport const a = 1;\n', '```sh\nls\n', '```ts continued\nconst b: string = a;\n', '```ts\na;\n'];
  const text = `a\n${fences.map((fence) => `${fence}\`\`\`\n`).join('')}`;
  const first = '\n\nexport const a = 1;\n\n\n\n\n\nconst b: string = a;\n';
  assert.equal([...blocks(text)], [[2, first], [11, `${'\n'.repeat(11)}a;\n`]]);
  const found = await check(new Map([...blocks(text)].map(([line, code]) => [`a.md.${line}.ts`, code])));
  assert.match(found, /^a\.md\.2\.ts\(9,7\): error TS2322/m);
  assert.match(found, /^a\.md\.11\.ts\(12,1\): error TS2304/m);
});

test.run();
