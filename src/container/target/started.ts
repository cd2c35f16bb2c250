import { readFileSync } from 'node:fs';

/** When a process started, in clock ticks since the machine did: field 22, behind a name that may have spaces and parentheses in it. */
export function startedAt(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[19]);
}
