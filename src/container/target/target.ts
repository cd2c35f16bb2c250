import { createHash } from 'node:crypto';
import { ArgumentError } from '../../errors.ts';
import * as netns from '../../netns/index.ts';
import { runningContainer } from '../engine/index.ts';
import { ContainerError } from '../errors.ts';
import type { Host } from '../host.ts';
import { startedAt } from './started.ts';

/** A container: by an engine's name for it, a process of it, the path of its namespace, or the namespace itself. */
export type ContainerRef =
  | {
    readonly pid: number;
    /** When the process started, in clock ticks since the machine did: field 22 of /proc/PID/stat. */
    readonly started?: number | undefined;
  }
  | { readonly path: string }
  /** The name or id that docker, or podman, knows it by, and the API's socket. */
  | { readonly docker: string; readonly socket?: string | undefined }
  | { readonly ns: netns.Namespace };

/** A container that was found, and is held. */
export interface Target extends Disposable {
  /** Connections in its namespace. */
  readonly place: Host;
  /** The process that was named. */
  readonly pid: number | undefined;
  /** The same for the same container at another time: what names of links on the host are made from. */
  readonly key: string;
  /** Throws ERR_GONE unless the process that was named still lives. */
  verify(): void;
  close(): void;
}

/** Finds a container and pins its namespace. A process that is dead, or another than the one meant, is refused. */
export async function openTarget(ref: ContainerRef, host: Pick<Host, 'ffi' | 'open'>): Promise<Target> {
  if ('pid' in ref) return ofProcess(ref.pid, ref.started, host);
  if ('docker' in ref) return ofProcess((await runningContainer(ref.docker, { socket: ref.socket })).pid, undefined, host);
  if ('path' in ref) return held(host.open(ref.path), undefined, () => {});
  if ('ns' in ref) return held(host.open(ref.ns), undefined, () => {});
  throw new ArgumentError(`a container is meant by { docker }, { pid }, { path } or { ns }, not by ${JSON.stringify(ref)}`);
}

/** The container once more, for those who let go of it; undefined where it is gone, or another namespace by now. */
export async function reopenTarget(ref: ContainerRef, { ns }: Host, host: Pick<Host, 'ffi' | 'open'>): Promise<Target | undefined> {
  try {
    const target = await openTarget(ref, host), found = target.place.ns;
    if (found.dev === ns.dev && found.ino === ns.ino) return target;
    target.close();
    return undefined;
  } catch (error) {
    if (['ENOENT', 'ESRCH', 'EBADF', 'ERR_GONE', 'ERR_NOT_A_NAMESPACE', 'ERR_NO_CONTAINER', 'ERR_NOT_RUNNING'].includes((error as { code?: string }).code ?? '')) return undefined;
    throw error;
  }
}

/** A name for a link on the host that belongs to a container: 4 letters and 8 digits. */
export const hostNameFor = ({ key }: Target, name: string): string =>
  `veth${createHash('sha256').update(`${key}/${name}`).digest('hex').slice(0, 8)}`;

function ofProcess(pid: number, started: number | undefined, { ffi, open }: Pick<Host, 'ffi' | 'open'>): Target {
  let found: netns.ProcessNamespace;
  try {
    found = netns.ofProcess(pid, { ffi });
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as { code?: string }).code ?? '')) throw gone(pid, 'has ended', error);
    throw error;
  }
  try {
    if (started !== undefined && startedAt(pid) !== started) throw gone(pid, 'is another one than the one meant');
    return held(open(found.ns), found, () => {
      if (!found.alive()) throw gone(pid, 'has ended');
    });
  } catch (error) {
    found.close();
    throw error;
  }
}

function held(place: Host, found: netns.ProcessNamespace | undefined, verify: () => void): Target {
  const close = (): void => {
    place.close();
    found?.close();
  };
  return { place, pid: found?.pid, key: `${place.ns.dev}:${place.ns.ino}`, verify, close, [Symbol.dispose]: close };
}

const gone = (pid: number, what: string, cause?: unknown): ContainerError =>
  new ContainerError('ERR_GONE', `process ${pid} ${what}`, { cause });
