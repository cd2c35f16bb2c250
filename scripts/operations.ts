/**
 * Writes docs/operations.md from the declarations: the operations of each family with what they send and the command
 * that does the same, as their doc comments say it.
 *
 *     npm run operations
 */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { families } from '../src/route/families.ts';

const top = dirname(dirname(fileURLToPath(import.meta.url))), source = join(top, 'src');

/** A function of the source: what is said of it and what its text names. */
interface Declared {
  readonly file: string;
  readonly comment: string;
  readonly body: string;
}

/** The functions at the top level of a file, by name. */
function functionsOf(file: string): Map<string, Declared> {
  const text = readFileSync(file, 'utf8'), starts = [...text.matchAll(/^(?:export )?(?:const|function\*?) ?\*? ?(\w+)/gm)];
  return new Map(starts.map((start, i) => {
    const comment = /\/\*\*((?:(?!\*\/)[^])*)\*\/\s*$/.exec(text.slice(0, start.index))?.[1] ?? '';
    const body = text.slice(start.index, starts[i + 1]?.index).replaceAll(/\/\*\*[^]*?\*\//g, '');
    return [start[1]!, { file, comment: comment.replaceAll(/^\s*\* ?/gm, '').trim(), body }];
  }));
}

const all = new Map<string, Map<string, Declared>>(readdirSync(join(source, 'route'), { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts')).map((path) => join(source, 'route', path)).map((file) => [file, functionsOf(file)]));

/** What a file imports, by the name that it has there. */
function importsOf(file: string): Map<string, { file: string; name: string }> {
  const found = new Map<string, { file: string; name: string }>();
  for (const [, names, path] of readFileSync(file, 'utf8').matchAll(/^import (?:type )?\{([^}]*)\} from '(\.[^']*)'/gm))
    for (const word of names!.split(',').map((one) => one.trim()).filter(Boolean)) {
      const [name, own = name] = word.replace('type ', '').split(' as ');
      found.set(own!, { file: resolve(dirname(file), path!), name: name! });
    }
  return found;
}

/** The types of messages that a function sends, by itself or through the functions that it calls. */
function types(declared: Declared, seen = new Set<Declared>()): Set<string> {
  if (seen.has(declared)) return new Set();
  seen.add(declared);
  const found = new Set(declared.body.match(/\bRTM_[A-Z]+\b/g) ?? []), imported = importsOf(declared.file);
  for (const [word] of declared.body.matchAll(/(?<![.\w])[a-z]\w*(?=(?:<[^<>()]*>)?\()/g)) {
    const there = imported.get(word), called = there ? all.get(there.file)?.get(there.name) : all.get(declared.file)?.get(word);
    if (called) for (const type of types(called, seen)) found.add(type);
  }
  return found;
}

/** The file of a family, as families.ts imports it. */
function fileOf(family: string): string {
  const text = readFileSync(join(source, 'route/families.ts'), 'utf8'), own = new RegExp(`\\b${family}: \\(\\) => (\\w+)`).exec(text)?.[1] ?? family;
  return join(source, 'route', new RegExp(`import \\* as ${own} from '\\./([^']*)'`).exec(text)![1]!);
}

/** A function that a file hands on from another. */
function elsewhere(file: string, name: string): Declared | undefined {
  for (const [, names, path] of readFileSync(file, 'utf8').matchAll(/^export \{([^}]*)\} from '(\.[^']*)'/gm))
    if (names!.split(',').some((one) => one.trim() === name)) return all.get(resolve(dirname(file), path!))?.get(name);
  return undefined;
}

/** The whole page. */
export function operationsPage(): string {
  const rows = Object.entries(families).map(([family, operations]) => {
    const file = fileOf(family), declared = all.get(file)!, renamed = new Map([...readFileSync(file, 'utf8').matchAll(/(\w+) as (\w+)/g)].map(([, own, as]) => [as!, own!]));
    const lines = Object.entries(operations).filter(([, value]) => typeof value === 'function').sort(([a], [b]) => a.localeCompare(b)).map(([name]) => {
      const one = declared.get(renamed.get(name) ?? name) ?? declared.get(name) ?? elsewhere(file, name), sent = one ? [...types(one)].sort() : [];
      const [, how, by = ''] = /(Equivalent to(?: what)?|As(?= `(?:ip|bridge|tc) ))\s+((?:`[^`]+`(?:,? (?:or|and) |, )?)+)/.exec(one?.comment.replaceAll('\n', ' ') ?? '') ?? [];
      const command = `${how === 'As' ? 'as ' : ''}${by.replace(/,? $|,$/, '')}`;
      return `| \`nl.${family}.${name}()\` | ${sent.map((type) => `\`${type}\``).join(' ')} | ${command.replaceAll('|', '\\|').trim()} |`;
    });
    return `## ${family}\n\nDeclared in \`${relative(top, file)}\`.\n\n| Ours | What it may send | The same by hand |\n|---|---|---|\n${lines.join('\n')}\n`;
  });
  return `# Operations of rtnetlink\n\nWritten by \`npm run operations\` from the declarations. Each operation is a promise on \`nl\`, synchronous on \`nl.sync\`, and can\nbe put into \`nl.batch()\`. A name given for a link costs a question more, RTM_GETLINK, than its index.\n\n${rows.join('\n')}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(join(top, 'docs/operations.md'), operationsPage());
