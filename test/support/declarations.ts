import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A declaration: the file that has it, its name there. */
export interface Named {
  readonly file: string;
  readonly name: string;
}

/** What one declaration file says. */
interface Declarations {
  /** The text of each declaration, by name. */
  readonly texts: Map<string, string>;
  /** Where each imported name comes from; `*` is the whole file. */
  readonly imports: Map<string, Named>;
  /** Where each exported name comes from. */
  readonly exports: Map<string, Named>;
  /** Files that are exported as a whole. */
  readonly stars: string[];
}

const comments = /\/\*[\s\S]*?\*\//g;
const declaring = /^(?:export )?(?:declare )?(?:abstract )?(function|const|class|interface|type|let|var|enum) ([\w$]+)/;
const names = /(?:type )?([\w$]+)(?: as ([\w$]+))?/;

/** Reads declaration files as the compiler writes them: statements begin at the start of a line, and nothing else does. */
export function reader(folder: string): (file: string) => Declarations {
  const known = new Map<string, Declarations>();
  return (file) => {
    let found = known.get(file);
    if (!found) known.set(file, (found = parse(file, readFileSync(join(folder, file), 'utf8'))));
    return found;
  };
}

export function parse(file: string, text: string): Declarations {
  const said: Declarations = { texts: new Map(), imports: new Map(), exports: new Map(), stars: [] };
  const target = (specifier: string) => join(dirname(file), specifier).replace(/\.ts$/, '.d.ts');
  for (const statement of text.replaceAll(comments, '').split(/\n(?=[a-z])/)) {
    const from = / from '(\.[^']+)'/.exec(statement)?.[1], list = /^(?:import|export)(?: type)? \{([^}]*)\}/.exec(statement)?.[1];
    const star = /^(import|export) (?:type )?\*(?: as (\w+))? from/.exec(statement), declared = declaring.exec(statement);
    const into = statement.startsWith('import') ? said.imports : said.exports;
    if (star && from && !star[2]) said.stars.push(target(from));
    else if (star && from) into.set(star[2]!, { file: target(from), name: '*' });
    else if (list !== undefined)
      for (const item of list.split(',').filter((item) => item.trim() !== '')) {
        const [, name, as = name] = names.exec(item.trim().replace(/^type /, ''))!;
        if (from || into === said.exports) into.set(as!, from ? { file: target(from), name: name! } : { file, name: name! });
      }
    else if (declared) {
      said.texts.set(declared[2]!, (said.texts.get(declared[2]!) ?? '') + statement);
      if (statement.startsWith('export ')) said.exports.set(declared[2]!, { file, name: declared[2]! });
    }
  }
  return said;
}

/** What a declaration is called in the file that declares it, followed through imports and exports of imports. */
export function resolve(read: (file: string) => Declarations, { file, name }: Named): Named {
  for (;;) {
    if (name === '*') return { file, name };
    const { texts, imports, exports, stars } = read(file);
    if (texts.has(name)) return { file, name };
    const next = exports.get(name) ?? imports.get(name);
    if (next && (next.file !== file || next.name !== name)) ({ file, name } = next);
    else if (imports.has(name)) ({ file, name } = imports.get(name)!);
    else {
      const star = stars.find((other) => exported(read, other).has(name));
      if (star === undefined) return { file, name };
      file = star;
    }
  }
}

/** The exported names of a file, and what each is. */
export function exported(read: (file: string) => Declarations, file: string): Map<string, Named> {
  const { exports, stars } = read(file), all = new Map<string, Named>();
  for (const [name, named] of exports) all.set(name, resolve(read, named));
  for (const star of stars) for (const [name, named] of exported(read, star)) if (!all.has(name)) all.set(name, named);
  return all;
}

/** What the text of a declaration speaks of: names of types, and of values behind `typeof`. */
export function mentions(read: (file: string) => Declarations, { file, name }: Named): (Named & { readonly value: boolean })[] {
  const { texts, imports } = read(file), text = (texts.get(name) ?? '').replaceAll(/'[^'\n]*'|"[^"\n]*"(?!\))/g, '""');
  const found: (Named & { value: boolean })[] = [];
  for (const [, value, from, far, near] of text.matchAll(/(typeof )?(?:import\("([^"]+)"\)(?:\.([\w$]+))?|(?<![.\w$])([A-Za-z_$][\w$]*)(?!\??:|[\w$]))/g)) {
    if (from !== undefined && !from.startsWith('.')) continue;
    if (from !== undefined) {
      const there = join(dirname(file), from).replace(/\.ts$/, '.d.ts');
      found.push({ ...resolve(read, { file: there, name: far ?? '*' }), value: value !== undefined });
    } else if (near !== name && (texts.has(near!) || imports.has(near!))) {
      const isType = /^(?:export )?(?:declare )?(?:abstract )?(?:class|interface|type) /.test(texts.get(near!) ?? 'type ');
      if (value !== undefined || isType) found.push({ ...resolve(read, { file, name: near! }), value: value !== undefined });
    }
  }
  return found;
}
