import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Machine } from './machine.ts';
import { makeRootfs, server, tarOf } from './rootfs.ts';

/** The image of podman's containers. */
export const image = 'localhost/busybox:test';

/** The section `network` of podman's containers.conf. */
type NetworkSection = Readonly<Record<string, string | readonly string[]>>;

type Run = (...words: string[]) => string;

/** A podman with storage of its own. */
export interface Podman extends Run {
  /** Starts a container, `web`, that serves the page, with these words for its network. */
  up(...words: string[]): void;
  down(): void;
}

export function makePodman(machine: Machine, network: NetworkSection): Podman {
  const home = join(machine.folder, 'podman'), conf = join(home, 'containers.conf');
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
  const places = ['root', 'runroot', 'tmpdir'].flatMap((name) => [`--${name}`, join(home, name)]);
  const podman: Run = (...words) => machine.run('podman', [...places, ...words], { env: { CONTAINERS_CONF: conf } });
  makeImage(machine, podman, image);
  return Object.assign(podman, {
    up: (...words: string[]) => void podman('run', '--detach', '--name', 'web', '--cgroup-parent', `/${machine.group}`, ...words, image, ...server),
    down: () => void podman('rm', '--force', '--time', '0', 'web'),
  });
}

/** The one that a machine has, with nothing set but what is below its /etc; with this image. It lays no layers upon the machine's. */
export function plainPodman(machine: Machine, env: NodeJS.ProcessEnv, tag: string): Run {
  machine.run('sh', ['-c', 'mkdir -p /var/lib/containers && mount -t tmpfs tmpfs /var/lib/containers']);
  const podman: Run = (...words) => machine.run('podman', words, { env });
  makeImage(machine, podman, tag);
  return podman;
}

/** Its containers serve the page unless told otherwise. */
function makeImage({ folder }: Machine, podman: Run, tag: string): void {
  const files = join(folder, 'files'), tar = join(folder, 'image.tar');
  makeRootfs(files);
  writeFileSync(tar, tarOf(files));
  podman('import', '--change', `CMD ${JSON.stringify(server)}`, tar, tag);
}
