import { mkdirSync, readFileSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../run.ts';
import type { Image } from './image.ts';

export interface BootOptions {
  /** A folder of this machine that the guest sees as /out and may write to. */
  readonly out: string;
  /** The folder to run the command in; the guest sees all of this machine's files, and keeps its changes to itself. */
  readonly cwd: string;
  /** Seconds until the machine is switched off. */
  readonly timeout: number;
  readonly memory: number;
  /** Two halve the time on an idle machine; on a busy one they wait for each other. */
  readonly processors: number;
  readonly signal?: AbortSignal;
}

/** What an init does before the command runs. Tunnel modules are not to put links of theirs into
 * each new namespace; what tunnels and routes wrap packets into is loaded by nobody else. */
const boot = (cwd: string) => `export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TERM=dumb
mount -t devpts devpts /dev/pts 2>/dev/null; mkdir -p /dev/shm; mount -t tmpfs tmpfs /dev/shm; mount -t cgroup2 cgroup2 /sys/fs/cgroup 2>/dev/null
mount -t tmpfs -o mode=1777 tmpfs /var/tmp
ln -sf /proc/self/fd /dev/fd; ulimit -n 65536
echo 1 > /proc/sys/net/core/fb_tunnels_only_for_init_net
modprobe -a fou fou6 mpls_router
ip link set lo up
cd '${cwd}' && bash /out/command.sh; echo $? > /out/code
sync; echo o > /proc/sysrq-trigger; sleep 60
`;

/** Boots a kernel, runs a shell command on it as root, prints what it prints; resolves to its exit code. */
export async function bootAndRun({ release, kernel, initrd, modules }: Image, command: string, options: BootOptions): Promise<number> {
  const { out, cwd, timeout, memory, processors, signal } = options;
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, 'boot.sh'), boot(cwd));
  writeFileSync(join(out, 'command.sh'), `${command}\n`);
  const share = (id: string, path: string, more: string): string[] =>
    ['-fsdev', `local,id=${id},path=${path},security_model=none${more}`, '-device', `virtio-9p-pci,fsdev=${id},mount_tag=${id}`];
  const ended = await run('qemu-system-x86_64', [
    '-M', 'q35', '-accel', 'tcg,thread=multi', '-cpu', 'max', '-smp', String(processors), '-m', String(memory),
    '-nodefaults', '-no-user-config', '-display', 'none', '-serial', 'stdio', '-no-reboot', '-nic', 'none',
    '-kernel', kernel, '-initrd', initrd, '-append', 'console=ttyS0 quiet panic=-1 tsc=unstable no_timer_check mitigations=off random.trust_cpu=on rcupdate.rcu_cpu_stall_suppress=1',
    ...share('root', '/', ',readonly=on,multidevs=remap'), ...share('modules', modules, ',readonly=on'), ...share('out', out, ''),
  ], { print: true, timeout: timeout * 1000, ...(signal ? { signal } : {}) });
  const code = join(out, 'code');
  if (ended.timedOut) throw new Error(`Linux ${release} did not end in ${timeout} s`);
  if (!existsSync(code)) throw new Error(`Linux ${release} did not come to an end: ${ended.output.slice(-500)}`);
  return Number(readFileSync(code, 'utf8'));
}
