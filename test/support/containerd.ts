import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Machine } from './machine.ts';
import { makeImage, server } from './rootfs.ts';
import { eventually } from './witness.ts';

/** A containerd of a machine's own, with its plugin for the kubelet. */
export interface Containerd {
  readonly socket: string;
  ctr(...words: string[]): string;
}

/** The image of every container; there is no registry, so what pauses in a pod is of it, too. */
export const image = 'docker.io/library/busybox:test', pause = 'docker.io/library/busybox:pause';

export async function startContainerd(machine: Machine, more: NodeJS.ProcessEnv = {}): Promise<Containerd> {
  const home = join(machine.folder, 'containerd'), socket = join(home, 'c.sock'), config = join(home, 'config.toml');
  mkdirSync(home);
  writeFileSync(config, `
version = 2
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${pause}"
  restrict_oom_score_adj = true
`);
  const env = { ...more, CONTAINERD_ADDRESS: socket }, ctr = (...words: string[]): string => machine.run('ctr', words, { env });
  const daemon = machine.start('containerd', ['--config', config, '--root', join(home, 'root'), '--state', join(home, 'state'), '--address', socket], more);
  await eventually(() => {
    if (daemon.exitCode !== null) throw new Error(`containerd has ended: ${machine.log()}`);
    try {
      return ctr('version') !== '';
    } catch {
      return false;
    }
  }, 60_000);
  for (const [tag, command] of [[image, server], [pause, ['sleep', '1000000']]] as const) {
    const path = join(home, 'image.tar');
    makeImage(path, tag, command);
    for (const namespace of ['default', 'k8s.io']) ctr('--namespace', namespace, 'images', 'import', path);
  }
  return { socket, ctr };
}
