import { join } from 'node:path';
import type { Asking } from '../cni/ask.ts';
import { readText, removeText, writeText } from '../files.ts';

const pathOf = (state: string, container: string): string => join(state, 'hooks', `${encodeURIComponent(container)}.json`);

/** Writes down what a container is connected by, before it is. */
export function remember(state: string, asking: Asking): void {
  writeText(pathOf(state, asking.container), JSON.stringify(asking));
}

/** What a container was connected by; undefined where it was not, or is no more. */
export function recall(state: string, container: string): Asking | undefined {
  const text = readText(pathOf(state, container));
  return text === undefined ? undefined : JSON.parse(text) as Asking;
}

export const forget = (state: string, container: string): void => removeText(pathOf(state, container));
