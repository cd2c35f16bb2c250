import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Machine } from './machine.ts';

const top = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Where .ci/run has scripts/debian.sh put programs that this Debian has too old. */
const root = join(top, '.tmp/trixie');

/** Why podman of Debian 13 cannot run; undefined where it can. */
export const noUnpackedPodman = (): string | undefined => existsSync(join(root, 'usr/bin/podman')) ? undefined
  : 'podman 4.5 or later is not here: scripts/debian.sh trixie .tmp/trixie podman netavark crun libstdc++6 strace dash';

/** Gives the machine those programs in the place of its own, with the libraries they need. */
export function useUnpacked(machine: Machine): void {
  machine.run('sh', ['-ec', `
    mkdir "$0.upper" "$0.work"
    mount -t overlay -o "lowerdir=$1/usr:/usr,upperdir=$0.upper,workdir=$0.work" overlay /usr
    cp -r "$1/etc/containers" /etc/`, join(machine.folder, 'usr'), root]);
}
