import { readFileSync } from 'node:fs';

/** What a page of docs/engines shows, in its order. */
export interface Page {
  /** What a shell is told; what stands without words between is one block. */
  readonly shell: readonly string[];
  readonly drawings: readonly string[];
  /** The addresses of containers in the drawings. */
  readonly addresses: readonly string[];
}

/** A page, or the section of it whose heading begins with these words. */
export function pageOf(name: string, section?: string): Page {
  const text = readFileSync(new URL(`../../docs/engines/${name}`, import.meta.url), 'utf8');
  const part = section === undefined ? text : text.split(/^## /m).find((one) => one.startsWith(section))!;
  const shell: string[] = [], drawings: string[] = [];
  let told = false;
  for (const block of part.trimEnd().split('\n\n')) {
    const isCode = block.split('\n').every((line) => line.startsWith('    ')), isDrawing = isCode && block.includes(' === ');
    const code = block.replaceAll(/^ {4}/gm, '');
    if (isDrawing) drawings.push(code);
    else if (isCode && told) shell.push(`${shell.pop()}\n\n${code}`);
    else if (isCode) shell.push(code);
    told = isCode && !isDrawing;
  }
  return { shell, drawings, addresses: drawings.flatMap((drawing) => [...drawing.matchAll(/=== eth0 ([\d.]+)/g)].map(([, address]) => address!)) };
}
