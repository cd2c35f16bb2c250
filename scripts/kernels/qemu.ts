import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Failure, install, succeed, type Backend, type GuestOptions } from './guest.ts';

/** What the guest needs from here, and the Debian package that has it. */
const needed: readonly (readonly [program: string, package_: string])[] = [
  ['qemu-system-x86_64', 'qemu-system-x86'], ['/bin/busybox', 'busybox-static'], ['depmod', 'kmod'], ['modprobe', 'kmod'], ['dpkg', 'dpkg'],
  ['apt-get', 'apt'], ['xz', 'xz-utils'],
];

/** What the first root file system needs to mount ours. */
const firstModules = ['virtio_pci', '9pnet_virtio', '9p', 'overlay'];

/** Debian's kernels in qemu: they have hardware and kinds that user-mode-linux lacks, and without KVM take minutes. */
export const qemu: Backend = {
  missing: () => install(needed),

  async prepare(series, folder) {
    mkdirSync(folder, { recursive: true });
    const found = readdirSync(folder).filter((name) => name.startsWith(`linux-${series}.`)).sort().at(-1) ?? await download(series, folder);
    const place = join(folder, found), modules = join(place, 'lib/modules'), release = readdirSync(modules)[0]!;
    const kernel = join(place, 'boot', `vmlinuz-${release}`), initrd = join(place, 'initrd.cpio');
    if (!existsSync(initrd)) {
      await succeed('depmod', ['-b', place, release]);
      await makeInitrd(place, release, initrd);
    }
    const share = (id: string, path: string, more: string): string[] =>
      ['-fsdev', `local,id=${id},path=${path},security_model=none${more}`, '-device', `virtio-9p-pci,fsdev=${id},mount_tag=${id}`];
    return {
      release,
      start: ({ out, memory, processors }: GuestOptions) => [
        'qemu-system-x86_64', '-M', 'q35', '-accel', 'tcg,thread=multi', '-cpu', 'max', '-smp', String(processors), '-m', String(memory),
        '-nodefaults', '-no-user-config', '-display', 'none', '-serial', 'stdio', '-no-reboot', '-nic', 'none',
        '-kernel', kernel, '-initrd', initrd, '-append', 'console=ttyS0 quiet panic=-1 tsc=unstable no_timer_check mitigations=off random.trust_cpu=on rcupdate.rcu_cpu_stall_suppress=1',
        ...hardware(),
        ...share('root', '/', ',readonly=on,multidevs=remap'), ...share('modules', modules, ',readonly=on'), ...share('out', out, ''),
      ],
    };
  },
};

/** Devices that no kernel makes by itself: a CAN controller, and, where qemu has it (8.0), a card with virtual functions. */
function hardware(): string[] {
  const { stdout } = spawnSync('qemu-system-x86_64', ['-device', 'igb,help'], { encoding: 'utf8' });
  const card = stdout.startsWith('igb options') ? ['-device', 'pcie-root-port,id=express', '-device', 'igb,bus=express'] : [];
  return ['-object', 'can-bus,id=can', '-device', 'kvaser_pci,canbus=can', ...card];
}

async function download(series: string, folder: string): Promise<string> {
  const { stdout } = await succeed('apt-cache', ['pkgnames', `linux-image-${series}.`]);
  const versions = stdout.split('\n').filter((name) => /^linux-image-[0-9.]+[^a-z]*(deb\d+)?-amd64$/.test(name));
  const newest = versions.sort((a, b) => a.localeCompare(b, 'en', { numeric: true })).at(-1);
  if (newest === undefined) throw new Failure(`apt knows no linux-image-${series}.*-amd64; is this a Debian, and did "apt-get update" run?`);
  const room = mkdtempSync(join(folder, 'room-'));
  try {
    await succeed('apt-get', ['download', newest], room);
    await succeed('dpkg', ['-x', readdirSync(room).find((name) => name.endsWith('.deb'))!, 'all'], room);
    const name = newest.replace('linux-image-', 'linux-');
    renameSync(join(room, 'all'), join(folder, name));
    return name;
  } finally {
    rmSync(room, { recursive: true, force: true });
  }
}

/** Loads the modules, mounts this machine's root read-only with a layer of memory above it, and goes on there. */
const init = `#!/bin/busybox sh
B=/bin/busybox
$B mount -t proc proc /proc; $B mount -t sysfs sysfs /sys; $B mount -t devtmpfs dev /dev
for module in $($B cat /modules/order); do $B insmod /modules/$module; done
share() { $B mount -t 9p -o trans=virtio,version=9p2000.L,msize=262144$3 $1 $2; }
share root /lower ,ro,cache=loose
$B mount -t tmpfs tmpfs /layer; $B mkdir /layer/upper /layer/work
$B mount -t overlay -o lowerdir=/lower,upperdir=/layer/upper,workdir=/layer/work overlay /new || exec $B sh
$B mkdir -p /new/lib/modules /new/out
share modules /new/lib/modules ,ro,cache=loose; share out /new/out
$B mount -t tmpfs -o mode=1777 tmpfs /new/run
for folder in proc sys dev; do $B mount --move /$folder /new/$folder; done
exec $B switch_root /new /bin/bash /out/boot.sh
`;

async function makeInitrd(place: string, release: string, initrd: string): Promise<void> {
  const root = mkdtempSync(join(place, 'initrd-'));
  try {
    for (const folder of ['bin', 'proc', 'sys', 'dev', 'lower', 'layer', 'new', 'modules']) mkdirSync(join(root, folder));
    copyFileSync('/bin/busybox', join(root, 'bin/busybox'));
    chmodSync(join(root, 'bin/busybox'), 0o755);
    symlinkSync('busybox', join(root, 'bin/sh'));
    const order: string[] = [];
    for (const name of firstModules) {
      const { stdout } = await succeed('modprobe', ['-d', place, '-S', release, '--show-depends', name]);
      for (const [, path] of stdout.matchAll(/^insmod (\S+)/gm)) {
        const file = basename(path!).replace(/\.xz$/, '');
        if (order.includes(file)) continue;
        order.push(file);
        copyFileSync(path!, join(root, 'modules', basename(path!)));
        if (path!.endsWith('.xz')) await succeed('xz', ['-d', join(root, 'modules', basename(path!))]);
      }
    }
    writeFileSync(join(root, 'modules/order'), `${order.join('\n')}\n`);
    writeFileSync(join(root, 'init'), init, { mode: 0o755 });
    await succeed('sh', ['-c', 'find . | /bin/busybox cpio -o -H newc > "$0.part" 2>/dev/null && mv "$0.part" "$0"', initrd], root);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
