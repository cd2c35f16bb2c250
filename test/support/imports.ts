import { readFileSync, readdirSync } from 'node:fs';
import { join, posix } from 'node:path';

/** One import line: the file that has it and what it names, a path below `folder` or a package. */
export interface Import {
  readonly file: string;
  readonly target: string;
  /** False for packages and for Node's own modules. */
  readonly relative: boolean;
}

const comments = /\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm;
const specifiers =
  /(?:^|[\s;}])(?:import|export)\s(?:[^'"`;]*?\sfrom\s*)?['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]/g;

/** The TypeScript files below a folder, with `/` between the parts. */
export function sources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts')).sort();
}

/** All import lines below a folder: static, dynamic, re-exports and types alike; those in comments do not count. */
export function imports(folder: string): Import[] {
  return sources(folder).flatMap((file) => importsOf(file, readFileSync(join(folder, file), 'utf8')));
}

export function importsOf(file: string, text: string): Import[] {
  return [...text.replaceAll(comments, '').matchAll(specifiers)].map((match) => {
    const named = match[1] ?? match[2];
    const relative = named.startsWith('.');
    return { file, relative, target: relative ? posix.join(posix.dirname(file), named) : named };
  });
}
