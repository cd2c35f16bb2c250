import { fstatSync } from 'node:fs';
import { ClosedError, NetlinkError } from '../errors.ts';
import type { Binding, Libc } from '../ffi/libc.ts';
import { openLibc } from '../ffi/load.ts';
import { namedNamespaces, namespacePath, type NamespaceRef } from '../route/namespace.ts';
import { check, CLONE_NEWNET, insideNew, openCurrent } from './inside.ts';

const O_CLOEXEC = 0o2000000, O_NONBLOCK = 0o4000;
const F_DUPFD_CLOEXEC = 1030;

/** `_IO(0xb7, 0x3)` of include/uapi/linux/nsfs.h; the direction bits differ on two architectures. */
const NS_GET_NSTYPE = /^(mips|ppc)/.test(process.arch) ? 0x2000b703 : 0xb703;

export interface NetnsOptions {
  /** How the C library is called: koffi unless given here or in the environment variable NETLINK_FFI. */
  readonly ffi?: Binding | undefined;
}

/**
 * A network namespace, held by an open descriptor: it exists as long as that, whatever becomes of its name and its
 * processes. It can be given wherever a namespace is asked for. `using ns = netns.open('blue')` closes it.
 */
export interface Namespace extends Disposable {
  /** Its descriptor, closed on exec; -1 once it is closed. */
  readonly fd: number;
  /** Device and inode: two namespaces are the same one exactly if both are equal. They are looked up when first read, which needs it open. */
  readonly dev: number;
  readonly ino: number;
  /** The name by which it was opened. */
  readonly name: string | undefined;
  close(): void;
}

/**
 * Opens a namespace by its name, by a path, of a process, or once more from a descriptor.
 *
 * A process is meant by its number for a moment only; what is opened is the namespace that it is in now, and it stays
 * that. Fails with ENOENT where there is no such name or process, with EACCES for a process that is not ours to look
 * at, with ERR_NOT_A_NAMESPACE for a file that is something else.
 */
export function open(ref: NamespaceRef, options: NetnsOptions = {}): Namespace {
  const name = typeof ref === 'string' && !ref.includes('/') ? ref : undefined;
  return new OpenNamespace(openLibc(options.ffi), openFd(openLibc(options.ffi), ref), name);
}

/** The namespace that this thread is in. */
export function current(options: NetnsOptions = {}): Namespace {
  const libc = openLibc(options.ffi);
  return new OpenNamespace(libc, openCurrent(libc));
}

/**
 * Makes a namespace without a name. It lasts until it is closed and its last process has ended.
 *
 * Needs CAP_SYS_ADMIN, as everything that enters a namespace; a plain user has it inside a user namespace of his own.
 */
export function make(options: NetnsOptions = {}): Namespace {
  const libc = openLibc(options.ffi);
  return new OpenNamespace(libc, insideNew(libc, () => openCurrent(libc)));
}

/** A descriptor of the namespace, to be closed by the caller. */
export function openFd(libc: Libc, ref: NamespaceRef): number {
  const target = namespacePath(ref);
  const fd = typeof target === 'string' ? openPath(libc, target)
    : 'fd' in target ? check('fcntl', libc.fcntl(target.fd, F_DUPFD_CLOEXEC, 0), `descriptor ${target.fd}`)
    : ofProcess(libc, target.pid);
  try {
    checkNamespace(libc, fd, target);
  } catch (error) {
    libc.close(fd);
    throw error;
  }
  return fd;
}

/** Fails with ERR_NOT_A_NAMESPACE where the descriptor of what was asked for is one of something else. */
export function checkNamespace(libc: Libc, fd: number, target: ReturnType<typeof namespacePath>): void {
  if (libc.ioctl(fd, NS_GET_NSTYPE, new Uint8Array(8)) === CLONE_NEWNET) return;
  const what = typeof target === 'string' ? target : `descriptor ${(target as { fd: number }).fd}`;
  const stale = what.startsWith(`${namedNamespaces}/`) ? ': its mount is gone, or in another mount namespace' : '';
  throw new NetlinkError('ERR_NOT_A_NAMESPACE', `${what} is no network namespace${stale}`);
}

/** O_NONBLOCK: a path that leads to a pipe must not make us wait. */
const openPath = (libc: Libc, path: string): number => check('open', libc.open(path, O_CLOEXEC | O_NONBLOCK, 0), path);

/**
 * The folder of a process in /proc stands for that process and no other, even when its number is given to a new one:
 * once the folder is open there is no moment left in which we could meet the wrong process. A pidfd would do the same
 * with one more call to see whether the process still lives, on Linux 5.3 and later, and counts in another way where
 * /proc belongs to another pid namespace.
 */
function ofProcess(libc: Libc, pid: number): number {
  const folder = openPath(libc, `/proc/${pid}`);
  try {
    const about = `the namespace of process ${pid}`;
    return check('open', libc.open(`/proc/self/fd/${folder}/ns/net`, O_CLOEXEC, 0), about);
  } finally {
    libc.close(folder);
  }
}

class OpenNamespace implements Namespace {
  readonly name: string | undefined;
  readonly #libc: Libc;
  #fd: number;
  #file: { readonly dev: number; readonly ino: number } | undefined;

  constructor(libc: Libc, fd: number, name?: string) {
    this.#libc = libc;
    this.#fd = fd;
    this.name = name;
  }

  get fd(): number {
    return this.#fd;
  }

  get dev(): number {
    return this.#identity().dev;
  }

  get ino(): number {
    return this.#identity().ino;
  }

  close(): void {
    if (this.#fd < 0) return;
    this.#libc.close(this.#fd);
    this.#fd = -1;
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** Looked up when it is wanted: of many that are made, few are. */
  #identity(): { readonly dev: number; readonly ino: number } {
    if (this.#file === undefined && this.#fd < 0) throw new ClosedError('netns');
    return this.#file ??= fstatSync(this.#fd);
  }
}
