import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, rmdirSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Call } from './call.ts';
import { decode, encode } from './encode.ts';

/**
 * What must be undone should this plan not come to its end: a line is written before each step is begun. A write is
 * enough to survive the death of the process; with the death of the machine goes what there would be to undo.
 */
export interface Journal {
  readonly path: string;
  begin(step: number, undo: readonly Call[]): void;
  /** Says that a step which was begun changed nothing. */
  failed(step: number): void;
  /** The undo calls of all that was begun, in the order of the steps. */
  undos(): readonly (readonly Call[])[];
  close(): void;
}

type Line = { readonly begin: number; readonly undo: readonly Call[] } | { readonly failed: number };

/** Begins a journal in a new file, one that only its owner may read; `close` removes it. */
export function openJournal(path?: string): Journal {
  const folder = path === undefined ? mkdtempSync(join(tmpdir(), 'netlink-ts-')) : undefined;
  const file = path ?? join(folder!, 'journal');
  const fd = openSync(file, 'wx', 0o600), lines: Line[] = [];
  const write = (line: Line): void => {
    const text = encode(line);
    writeSync(fd, `${text}\n`);
    lines.push(decode(text) as Line);
  };
  return {
    path: file,
    begin: (step, undo) => write({ begin: step, undo }),
    failed: (step) => write({ failed: step }),
    undos: () => undosOf(lines),
    close() {
      closeSync(fd);
      removeJournal(file, folder !== undefined);
    },
  };
}

/** What a journal says there is to undo. A line that was not written to its end was never acted upon. */
export function readJournal(path: string): readonly (readonly Call[])[] {
  const text = readFileSync(path, 'utf8');
  return undosOf(text.slice(0, text.lastIndexOf('\n') + 1).split('\n').filter(Boolean).map((line) => decode(line) as Line));
}

/** Removes a journal and, where it was made for it, its folder. */
export function removeJournal(path: string, ownFolder: boolean): void {
  rmSync(path, { force: true });
  try {
    if (ownFolder) rmdirSync(dirname(path));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

function undosOf(lines: readonly Line[]): readonly (readonly Call[])[] {
  const failed = new Set(lines.flatMap((line) => ('failed' in line ? [line.failed] : [])));
  return lines.flatMap((line) => ('begin' in line && !failed.has(line.begin) ? [line.undo] : []));
}
