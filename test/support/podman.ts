import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Machine } from './machine.ts';
import { makeRootfs, server, tarOf } from './rootfs.ts';

/** The image of podman's containers. */
export const image = 'localhost/busybox:test';

/** The section `network` of podman's containers.conf. */
type NetworkSection = Readonly<Record<string, string | readonly string[]>>;

/** A podman with storage of its own. */
export interface Podman {
  (...words: string[]): string;
  /** Starts a container, `web`, that serves the page, with these words for its network. */
  up(...words: string[]): void;
  down(): void;
}

/** One that was unpacked into a folder if that is given. */
export function makePodman(machine: Machine, network: NetworkSection, root?: string): Podman {
  const home = join(machine.folder, 'podman'), conf = join(home, 'containers.conf'), files = join(home, 'files');
  mkdirSync(home);
  writeFileSync(conf, `
[engine]
cgroup_manager = "cgroupfs"
events_logger = "none"
[containers]
log_driver = "k8s-file"
[network]
${Object.entries(network).map(([key, value]) => `${key} = ${JSON.stringify(value)}`).join('\n')}
`);
  const [program, ...before] = root === undefined ? ['podman'] : ['chroot', root, 'podman'];
  const places = ['root', 'runroot', 'tmpdir'].flatMap((name) => [`--${name}`, join(home, name)]);
  const podman = (...words: string[]): string => machine.run(program!, [...before, ...places, ...words], { env: { CONTAINERS_CONF: conf } });
  makeRootfs(files);
  writeFileSync(join(home, 'image.tar'), tarOf(files));
  podman('import', join(home, 'image.tar'), image);
  return Object.assign(podman, {
    up: (...words: string[]) => void podman('run', '--detach', '--name', 'web', '--cgroup-parent', `/${machine.group}`, ...words, image, ...server),
    down: () => void podman('rm', '--force', '--time', '0', 'web'),
  });
}
