import { readdirSync, statSync, type Stats } from 'node:fs';
import { openRoute, type RouteClient } from '../open.ts';
import { namedNamespaces, type NamespaceRef } from '../route/namespace.ts';
import { open, type NetnsOptions } from './namespace.ts';

export interface ListedNamespace {
  /** Its name; one with two names is listed twice, one that only processes keep alive has none. */
  readonly name: string | undefined;
  /** Device and inode, as in `Namespace`. */
  readonly dev: number;
  readonly ino: number;
  /** The processes that are in it with at least one thread, in ascending order. */
  readonly pids: readonly number[];
  /** Whether this thread is in it. */
  readonly current: boolean;
  /** The number by which this thread's namespace knows it, as in `linkNetnsid` of a link; undefined where it has none. */
  readonly nsid: number | undefined;
}

/**
 * The namespaces that this thread can see: those with names, by name, then those that only have processes. Processes
 * of other users are seen by root alone.
 *
 * Equivalent to `ip netns list` and `ip netns pids NAME` for each, or `lsns --type net`.
 */
export function list(options: NetnsOptions = {}): ListedNamespace[] {
  const own = statSync('/proc/thread-self/ns/net');
  const users = usersOf();
  using nl = openRoute(options);
  const entry = (name: string | undefined, dev: number, ino: number): ListedNamespace => {
    const pids = [...users.get(ino) ?? []].sort((a, b) => a - b);
    return { name, dev, ino, pids, current: ino === own.ino, nsid: nsidOf(nl, name ?? { pid: pids[0]! }, ino, options) };
  };
  const named = entries(namedNamespaces).sort().flatMap((name) => {
    const file = stat(`${namedNamespaces}/${name}`);
    // Of another device: a file whose mount is gone.
    return file?.dev === own.dev ? [entry(name, file.dev, file.ino)] : [];
  });
  const seen = new Set(named.map(({ ino }) => ino));
  return [...named, ...[...users.keys()].filter((ino) => !seen.has(ino)).map((ino) => entry(undefined, own.dev, ino))];
}

/** Nothing for a namespace that has gone meanwhile: its name or process may stand for another one already. */
function nsidOf(nl: RouteClient, ref: NamespaceRef, ino: number, options: NetnsOptions): number | undefined {
  try {
    using ns = open(ref, options);
    return ns.ino === ino ? nl.sync.nsid.get(ns) : undefined;
  } catch {
    return undefined;
  }
}

/** Processes by the inode of their network namespaces. */
function usersOf(): Map<number, Set<number>> {
  const users = new Map<number, Set<number>>();
  for (const pid of entries('/proc').filter((name) => /^\d+$/.test(name))) {
    for (const thread of entries(`/proc/${pid}/task`)) {
      const ino = stat(`/proc/${pid}/task/${thread}/ns/net`)?.ino;
      if (ino !== undefined) users.set(ino, (users.get(ino) ?? new Set()).add(Number(pid)));
    }
  }
  return users;
}

const entries = (folder: string): string[] => orNothing(() => readdirSync(folder)) ?? [];
const stat = (path: string): Stats | undefined => orNothing(() => statSync(path));

/** Nothing for what is not there, any more, or not ours to look at. */
function orNothing<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes(code)) return undefined;
    throw error;
  }
}
