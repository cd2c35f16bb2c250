import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** What stands in a file; undefined where there is none. */
export const readText = (path: string): string | undefined => ifThere(() => readFileSync(path, 'utf8'));

/** The names in a folder; none where there is no folder. */
export const namesIn = (folder: string): string[] => ifThere(() => readdirSync(folder)) ?? [];

function ifThere<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Writes a file, which is under its name only when it is whole, and on the disk. */
export function writeText(path: string, text: string, mode = 0o666): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.new`, text, { mode, flush: true });
  renameSync(`${path}.new`, path);
}

/** Removes a file, if it is there, and what a killed process had begun to write of it. */
export function removeText(path: string): void {
  for (const one of [path, `${path}.new`]) rmSync(one, { force: true });
}
