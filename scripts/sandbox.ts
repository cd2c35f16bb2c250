import { readFileSync, statSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run, type Ended, type RunOptions } from './run.ts';

/** Who the program in the sandbox is: the machine's root, or a plain user who is root only in a user namespace. */
export type Identity = 'root' | 'user';

export interface SandboxOptions extends RunOptions {
  /** Default: what this process is. Only root can choose. */
  readonly as?: Identity;
}

const checkout = dirname(dirname(fileURLToPath(import.meta.url)));

/** The user `nobody`, by number: its name and its group's differ between distributions. */
const nobody = '65534';

/**
 * Inside: /run is empty but for the folder of named namespaces and a home; /sys shows the new network namespace, where
 * the kernel lets us mount it. The shell stays process 1: process 1 cannot be ended by signals it sends to itself.
 */
const setUp = `mount -t tmpfs -o mode=755 tmpfs /run && mkdir /run/netns /run/home || exit 125
mount -t sysfs sysfs /sys 2>/dev/null
HOME=/run/home TMPDIR=/run/home "$@"
exit $?`;

/**
 * Lets a plain user reach the checkout and node in or below folders that only root may enter: those are covered by
 * empty ones in which the two appear again at their old places. Nobody outside this mount namespace sees it.
 */
const uncover = `set -e; checkout=$1 node=$2 cover1=$3 cover2=$4; shift 4
room=$(mktemp -d /tmp/netlink-XXXXXX); mount -t tmpfs -o mode=755 tmpfs "$room"; mkdir "$room/top"
show() {
  [ -e "$2" ] || if [ -d "$1" ]; then mkdir -p "$2"; else mkdir -p "\${2%/*}"; : > "$2"; fi
  mount --rbind "$1" "$2"
}
show "$node" "$room/node"
for entry in "$checkout"/* "$checkout"/.[!.]*; do [ ! -e "$entry" ] || show "$entry" "$room/top/\${entry##*/}"; done
for cover in "$cover1" "$cover2"; do [ -z "$cover" ] || mount -t tmpfs -o mode=755 tmpfs "$cover"; done
show "$room/top" "$checkout"; show "$room/node" "$node"
umount -R "$room"; rmdir "$room"; cd "$PWD"; exec "$@"`;

/** True for root as the machine knows it, false for root in a user namespace. */
export function isRoot(): boolean {
  return process.getuid?.() === 0 && /^\s*0\s+0\s+4294967295\s*$/.test(readFileSync('/proc/self/uid_map', 'utf8'));
}

/**
 * Runs a program in new mount, network and process namespaces: nothing it does to links, routes, mounts, /run or named
 * namespaces touches the machine, and nothing it started survives it. The loopback device is down, as the kernel made
 * it. NETLINK_SANDBOX tells the program `root` or `user`. Exit code, signal and output are handed on.
 */
export async function sandbox(command: string, args: readonly string[], options: SandboxOptions = {}): Promise<Ended> {
  const as = options.as ?? (isRoot() ? 'root' : 'user');
  const [program, ...rest] = argv(as, [command, ...args]);
  const given = options.env ?? process.env;
  const env = { ...given, PATH: `${given.PATH}:/usr/sbin:/sbin`, NETLINK_SANDBOX: given.NETLINK_SANDBOX ?? as };
  const ended = await run(program, rest, { ...options, env });
  return ended.code !== null && ended.code > 128 ? { ...ended, ...fromShell(ended.code) } : ended;
}

/** Seconds: an emulated machine on a busy one takes more than ten. */
const patience = 120;

/** Why no sandbox can be made here, in the words of the program that refused; undefined when it can. */
export async function refusal(as: Identity): Promise<string | undefined> {
  try {
    const probe = 'for path; do [ -r "$path" ] || { echo "may not read $path"; exit 1; }; done';
    const paths = [process.execPath, join(checkout, 'package.json'), join(checkout, 'node_modules/tsx/package.json')];
    const { code, output, timedOut } = await sandbox('sh', ['-c', probe, 'probe', ...paths], { as, timeout: patience * 1000 });
    return code === 0 ? undefined : timedOut ? `it did not start in ${patience} s` : output.trim().split('\n')[0];
  } catch (error) {
    return (error as Error).message;
  }
}

function argv(as: Identity, program: readonly string[]): string[] {
  const user = as === 'user' ? ['--user', '--map-root-user'] : [];
  const namespaces = ['--mount', '--net', '--pid', '--fork', '--kill-child', '--mount-proc'];
  const words = ['unshare', ...user, ...namespaces, 'sh', '-c', setUp, 'sandbox', ...program];
  if (as === 'root' || !isRoot()) return words;

  const plain = ['setpriv', '--reuid', nobody, '--regid', nobody, '--clear-groups', ...words];
  const covers = [...new Set([closed(checkout), closed(dirname(process.execPath))])];
  if (covers.every((path) => path === undefined)) return plain;
  const [cover1 = '', cover2 = ''] = covers;
  return ['unshare', '--mount', 'sh', '-c', uncover, 'uncover', checkout, process.execPath, cover1, cover2, ...plain];
}

/** The first folder on the way to `path` that other users may not enter. */
function closed(path: string): string | undefined {
  const parts = path.split(sep);
  return parts.map((_, i) => parts.slice(0, i + 1).join(sep)).slice(1).find((at) => (statSync(at).mode & 0o001) === 0);
}

/** A shell reports a program ended by signal n as exit code 128 + n. */
function fromShell(code: number): Pick<Ended, 'code' | 'signal'> {
  const found = Object.entries(constants.signals).find(([, number]) => number === code - 128);
  return found ? { code: null, signal: found[0] as NodeJS.Signals } : { code, signal: null };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const words = process.argv.slice(2);
  const as = words[0] === '--as' ? words.splice(0, 2)[1] as Identity : undefined;
  const [command = 'sh', ...args] = words;
  const { code, signal } = await sandbox(command, args, { inherit: true, ...(as && { as }) });
  process.exitCode = code ?? 128 + constants.signals[signal!];
}
