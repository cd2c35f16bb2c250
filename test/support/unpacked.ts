import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Machine } from './machine.ts';

const top = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Where .ci/run has scripts/debian.sh put programs that this Debian has too old. */
const root = join(top, '.tmp/trixie');

export const isUnpacked = (program: string): boolean => existsSync(join(root, 'usr/bin', program));

/** Shows the machine those programs: gives the folder to chroot into, where the checkout, Node and all else is at its place. */
export function showUnpacked(machine: Machine): string {
  const at = join(machine.folder, 'trixie');
  machine.run('sh', ['-ec', `
    mkdir -p "$0" "$0.upper" "$0.work"
    mount -t overlay -o "lowerdir=$1,upperdir=$0.upper,workdir=$0.work" overlay "$0"
    for folder in /dev /proc /run /sys /tmp "$2"; do mkdir -p "$0$folder"; mount --rbind "$folder" "$0$folder"; done
    mkdir -p "$0\${3%/*}"; touch "$0$3"; mount --bind "$3" "$0$3"`, at, root, top, process.execPath]);
  return at;
}
