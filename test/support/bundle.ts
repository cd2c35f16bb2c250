import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Machine } from './machine.ts';
import { makeRootfs, server } from './rootfs.ts';

/** Containers of an OCI runtime: runc and crun are asked in the same words. */
export interface Runtime {
  /** Makes a container that serves the page, with these parts in its config.json, and starts it. */
  up(id: string, config: { readonly hooks: object; readonly annotations?: object }, files?: Readonly<Record<string, string>>): void;
  /** Kills it, and deletes it. */
  down(id: string): void;
  exec(id: string, ...words: string[]): string;
}

/** `up` waits for no output: a container keeps what it was started with. What is wrong is in the log. */
const create = `"$1" --root "$2" --log "$3" create --bundle "$4" "$5" < /dev/null > /dev/null 2>&1 && "$1" --root "$2" start "$5" ||
{ cat "$3"; exit 1; } >&2`;

export function runtimeOf(machine: Machine, program: string): Runtime {
  const home = join(machine.folder, program), root = join(home, 'root');
  const run = (...words: string[]): string => machine.run(program, ['--root', root, ...words]);
  return {
    up(id, { hooks, annotations = {} }, files = {}) {
      const bundle = join(home, id), log = join(home, `${id}.log`);
      makeRootfs(join(bundle, 'rootfs'));
      mkdirSync(root, { recursive: true });
      machine.run('runc', ['spec', '--bundle', bundle]);
      const config = JSON.parse(readFileSync(join(bundle, 'config.json'), 'utf8'));
      Object.assign(config.process, { terminal: false, args: ['/bin/busybox', ...server] });
      config.linux.cgroupsPath = `/${machine.group}/${id}`;
      for (const [name, text] of Object.entries({ ...files, 'config.json': JSON.stringify({ ...config, hooks, annotations }) }))
        writeFileSync(join(bundle, name), text);
      machine.run('sh', ['-c', create, 'up', program, root, log, bundle, id]);
    },
    down: (id) => void run('delete', '--force', id),
    exec: (id, ...words) => run('exec', id, ...words),
  };
}
