import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../run.ts';

export interface GuestOptions {
  /** A folder of this machine that the guest sees as /out and may write to. */
  readonly out: string;
  /** The folder to run the command in; the guest sees all of this machine's files, and keeps its changes to itself. */
  readonly cwd: string;
  /** Seconds until the guest is ended. */
  readonly timeout: number;
  /** MiB. */
  readonly memory: number;
  /** For qemu. Two halve the time on an idle machine; on a busy one they wait for each other. */
  readonly processors: number;
  readonly signal?: AbortSignal;
}

/** Why a guest did not do its work, as a sentence for who wanted it. */
export class Failure extends Error {}

/** A way to run another kernel. */
export interface Backend {
  /** What must be done on this machine first, as commands. */
  missing(): string[];
  /** Downloads Debian's kernel of a series, `6.1`, below `folder` unless it is there, and makes it ready to start. */
  prepare(series: string, folder: string): Promise<Kernel>;
}

/** A kernel on this machine, ready to start. */
export interface Kernel {
  /** Its release, `6.1.176`. */
  readonly release: string;
  /** The program that runs it until it switches itself off. It runs /out/boot.sh when it is up. */
  start(options: GuestOptions): readonly [program: string, ...args: string[]];
}

/**
 * What an init does before the command runs. Tunnel modules are not to put links of theirs into each new namespace; what
 * a kernel only loads for the machine's own root, or not by itself at all, is loaded here. Devices of qemu's stay in the
 * first namespace, which tests reach by its name: there is nothing of anybody's in it.
 */
const boot = (cwd: string, release: string) => `export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TERM=dumb
mkdir -p /dev/pts /dev/shm; mount -t devpts devpts /dev/pts 2>/dev/null; mount -t tmpfs tmpfs /dev/shm
mount -t cgroup2 cgroup2 /sys/fs/cgroup 2>/dev/null
mount -t tmpfs -o mode=1777 tmpfs /var/tmp
ln -sf /proc/self/fd /dev/fd; ulimit -n 65536
echo 1 > /proc/sys/net/core/fb_tunnels_only_for_init_net
for module in ipv6 8021q bridge nf_conntrack nf_tables fou fou6 mpls_router mpls_iptunnel ila xfrm_interface kvaser_pci igb; do modprobe -q $module; done
if [ -e '${cwd}/.tmp/modules/${release}' ]; then # scripts/kernels/modules.sh has built them
  for module in psample macsec cfg80211 udp_tunnel ip6_udp_tunnel; do modprobe -q $module; done
  for module in '${cwd}/.tmp/modules/${release}'/*.ko; do insmod "$module"; done
fi
: > /hardware; mount --bind /proc/self/ns/net /hardware; export NETLINK_HARDWARE=/hardware
ip link set lo up
cd '${cwd}' && bash /out/command.sh; echo $? > /out/code
sync; /bin/busybox poweroff -f; echo o > /proc/sysrq-trigger; sleep 60
`;

/** Starts a kernel, runs a shell command on it as root, prints what it prints; resolves to its exit code. */
export async function runOn({ release, start }: Kernel, command: string, options: GuestOptions): Promise<number> {
  const { out, cwd, timeout, signal } = options;
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, 'boot.sh'), boot(cwd, release));
  writeFileSync(join(out, 'command.sh'), `${command}\n`);
  const [program, ...args] = start(options);
  const ended = await run(program, args, { print: true, timeout: timeout * 1000, ...(signal ? { signal } : {}) });
  const code = join(out, 'code');
  if (ended.timedOut) throw new Failure(`Linux ${release} did not end in ${timeout} s`);
  if (!existsSync(code)) throw new Failure(`Linux ${release} did not come to an end: ${ended.output.slice(-500)}`);
  return Number(readFileSync(code, 'utf8'));
}

/** Which of these programs are missing here, as the command that installs their Debian packages. */
export function install(needed: readonly (readonly [program: string, package_: string])[]): string[] {
  const folders = `${process.env['PATH']}:/usr/sbin:/sbin`.split(':');
  const there = (program: string): boolean => program.startsWith('/') ? existsSync(program) : folders.some((folder) => existsSync(join(folder, program)));
  const packages = new Set(needed.filter(([program]) => !there(program)).map(([, name]) => name));
  return packages.size === 0 ? [] : [`apt-get install ${[...packages].join(' ')}`];
}

/** Runs a program to a good end. */
export async function succeed(program: string, args: readonly string[], cwd?: string) {
  const env = { ...process.env, PATH: `${process.env['PATH']}:/usr/sbin:/sbin` };
  const ended = await run(program, args, { env, ...(cwd === undefined ? {} : { cwd }) });
  if (ended.code !== 0) throw new Failure(`${program} ${args.join(' ')}: ${ended.output.trim()}`);
  return ended;
}
