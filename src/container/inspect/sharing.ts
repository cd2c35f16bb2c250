import { readdirSync, readlinkSync, statSync } from 'node:fs';
import { startedAt } from '../target/started.ts';

/**
 * The process whose network another one shares: the first one in the same network namespace, if it has another view of
 * the file system, as a container of its own has. Undefined where it shares nobody's.
 */
export function ownerOf(pid: number, ino: number): number | undefined {
  const own = mountOf(pid), all = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number);
  const inside = all.filter((one) => inodeOf(one) === ino).map((one) => ({ pid: one, start: startOf(one) ?? Infinity }));
  const first = inside.sort((a, b) => a.start - b.start)[0]?.pid; // those of one moment are in the order of their numbers
  return first === undefined || first === pid || mountOf(first) === own ? undefined : first;
}

/** Nothing for a process that has ended meanwhile, or is not ours to look at. */
function orNothing<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}

const inodeOf = (pid: number): number | undefined => orNothing(() => statSync(`/proc/${pid}/ns/net`).ino);
const mountOf = (pid: number): string | undefined => orNothing(() => readlinkSync(`/proc/${pid}/ns/mnt`));
const startOf = (pid: number): number | undefined => orNothing(() => startedAt(pid));
