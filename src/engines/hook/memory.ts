import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Asking } from '../cni/ask.ts';

const pathOf = (state: string, container: string): string => join(state, 'hooks', `${encodeURIComponent(container)}.json`);

/** Writes down what a container is connected by, before it is. */
export function remember(state: string, asking: Asking): void {
  const path = pathOf(state, asking.container);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.new`, JSON.stringify(asking));
  renameSync(`${path}.new`, path);
}

/** What a container was connected by; undefined where it was not, or is no more. */
export function recall(state: string, container: string): Asking | undefined {
  try {
    return JSON.parse(readFileSync(pathOf(state, container), 'utf8')) as Asking;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

export const forget = (state: string, container: string): void => rmSync(pathOf(state, container), { force: true });
