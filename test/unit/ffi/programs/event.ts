import { readSync, writeSync } from 'node:fs';

/** Makes an eventfd readable. */
export function signal(fd: number): void {
  writeSync(fd, new BigUint64Array([1n]));
}

/** Makes it unreadable; returns how often it was signalled. */
export function drain(fd: number): number {
  const count = new BigUint64Array(1);
  readSync(fd, count);
  return Number(count[0]);
}
