import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Failure, install, succeed, type Backend, type GuestOptions } from './guest.ts';

/** Where Debian has a series as a program: user-mode-linux. It is up in seconds, and nothing in it is emulated. */
const suites: { readonly [series: string]: string } = { '6.1': 'bookworm', '6.12': 'trixie', '7.2': 'forky' };

/** True where Debian has this series as a program. */
export const hasUml = (series: string): boolean => suites[series] !== undefined;

/** Each page of a process in the guest may become a mapping of its own out here; node has many. */
const mappings = 1048576;

const debian = fileURLToPath(new URL('../debian.sh', import.meta.url));

/**
 * Puts a layer of memory above this machine's root, and goes on there. A root that is changed by pivot_root is the
 * kernel's too: it then finds modprobe and the modules.
 */
const init = (modules: string, out: string) => `#!/bin/busybox sh
B=/bin/busybox
$B mount -t proc proc /proc; $B mount -t sysfs sysfs /sys; $B mount -t tmpfs tmpfs /mnt
$B mkdir /mnt/layer /mnt/new
$B insmod $($B find '${modules}' -name overlay.ko)
$B mount -t tmpfs tmpfs /mnt/layer; $B mkdir /mnt/layer/upper /mnt/layer/work
$B mount -t overlay -o lowerdir=/,upperdir=/mnt/layer/upper,workdir=/mnt/layer/work overlay /mnt/new || $B poweroff -f
cd /mnt/new; $B mkdir -p lib/modules out
$B mount --bind '${modules}' lib/modules
$B mount -t hostfs -o '${out}' none out
$B mount -t tmpfs -o mode=1777 tmpfs run
$B mount -t devtmpfs dev dev
$B mount --move /proc proc; $B mount --move /sys sys
$B mkdir run/before
$B pivot_root . run/before
exec $B chroot . /bin/bash /out/boot.sh
`;

/**
 * Runs the kernel with the libraries of its own suite, which may be newer than ours, and shows it this machine's root at
 * /host. All its processes live in a namespace whose first process dies with us: none is left behind.
 */
const around = `mount --rbind / "$0/host" && mount -t proc proc "$0/proc" && mount --rbind /dev "$0/dev" && mount -t tmpfs tmpfs "$0/tmp" || exit 125
chroot "$0" /usr/bin/linux.uml "$@"; exit $?`;

/** Debian's user-mode-linux. No privileges are needed where a user may make namespaces. */
export const uml: Backend = {
  missing() {
    const now = Number(readFileSync('/proc/sys/vm/max_map_count', 'utf8'));
    return [
      ...install([['/bin/busybox', 'busybox-static'], ['/bin/bash', 'bash'], ['modprobe', 'kmod'], ['unshare', 'util-linux'], ['apt-get', 'apt'], ['dpkg-deb', 'dpkg']]),
      ...(now < mappings ? [`sysctl vm.max_map_count=${mappings}`] : []),
    ];
  },

  async prepare(series, folder) {
    const suite = suites[series], place = join(folder, `uml-${series}`), modules = join(place, 'usr/lib/uml/modules');
    if (suite === undefined) throw new Failure(`Debian has Linux ${Object.keys(suites).join(', ')} as a program, not ${series}: --by qemu`);
    mkdirSync(folder, { recursive: true });
    if (!existsSync(place)) await succeed('sh', [debian, suite, place, 'user-mode-linux']);
    const release = readdirSync(modules)[0]!;
    if (!release.startsWith(`${series}.`)) {
      rmSync(place, { recursive: true });
      throw new Failure(`Debian's ${suite} has Linux ${release} by now, not ${series}`);
    }
    for (const name of ['host', 'proc', 'dev', 'tmp']) mkdirSync(join(place, name), { recursive: true });
    return {
      release,
      start({ out, memory }: GuestOptions) {
        const first = join(out, 'init.sh');
        writeFileSync(first, init(modules, out), { mode: 0o755 });
        const user = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user'];
        return [
          'unshare', ...user, '--mount', '--pid', '--fork', '--kill-child', 'sh', '-c', around, place,
          `mem=${memory}M`, 'uml_dir=/tmp/', 'umid=kernel', 'hostfs=/host', 'root=/dev/root', 'rootfstype=hostfs', 'rootflags=/', 'ro',
          'quiet', 'con=null', 'con0=null,fd:1', `init=${first}`,
        ];
      },
    };
  },
};
