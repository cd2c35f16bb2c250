import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { groupName, mountGroups, removeGroups } from './groups.ts';
import { installed } from './installed.ts';
import { makeRootfs, tarOf } from './rootfs.ts';
import { eventually } from './witness.ts';

/** A docker daemon of its own: its network is that of the test, all else it has is gone when it is closed. */
export interface Dockerd {
  /** The API's unix socket. */
  readonly socket: string;
  /** Runs the docker program: `docker('run', '-d', '--network', 'none', image, 'sleep', '1000')`. */
  docker(...words: string[]): string;
  /** The process that a container runs, as this pid namespace counts. */
  pid(container: string): number;
  /** Ends the containers and the daemon, and waits until both are gone. */
  close(): Promise<void>;
}

/** The image that every daemon has: busybox, with `/www/index.html` saying "hello from the container". */
export const image = 'busybox:test';

/** Why no docker daemon can be started here; undefined where one can. */
export function noDockerd(): string | undefined {
  if (process.env.NETLINK_SANDBOX !== 'root') return 'a docker daemon needs the machine\'s root';
  const missing = ['dockerd', 'docker', 'containerd', 'runc', 'busybox', 'iptables', 'tar'].filter((one) => !installed(one));
  return missing.length > 0 ? `not installed: ${missing.join(', ')}` : undefined;
}

/**
 * Everything the daemon mounts stays in a mount namespace that goes with it; what it is used to keep in /etc goes into
 * an empty folder. Containers get a control group below the one we are in, which we remove, as the kernel does not.
 */
const inside = `
mount --make-rprivate /
[ ! -d /etc/docker ] || mount -t tmpfs tmpfs /etc/docker
${mountGroups}
dockerd "$@" & daemon=$!
trap 'kill $daemon' TERM
wait $daemon; wait $daemon
${removeGroups}
`;

/** Starts a daemon; only in a sandbox, where nothing outlives the test. */
export async function startDockerd(...more: string[]): Promise<Dockerd> {
  const folder = mkdtempSync(join(tmpdir(), 'dockerd-')), socket = join(folder, 'docker.sock'), log: string[] = [];
  const group = groupName();
  const child = spawn('unshare', ['--mount', '--cgroup', '--uts', '--ipc', 'sh', '-c', inside, 'dockerd',
    '--data-root', join(folder, 'data'), '--exec-root', join(folder, 'exec'), '--pidfile', join(folder, 'pid'),
    '--host', `unix://${socket}`, '--group', '0', '--cgroup-parent', `/${group}`,
    '--exec-opt', 'native.cgroupdriver=cgroupfs', ...more],
  { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, GROUP: group } });
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes: Buffer) => log.push(String(bytes)));
  const ended = once(child, 'exit');

  const docker = (...words: string[]): string => execFileSync('docker', words,
    { encoding: 'utf8', env: { ...process.env, DOCKER_HOST: `unix://${socket}`, HOME: folder }, stdio: 'pipe' }).trim();
  const close = async (): Promise<void> => {
    if (child.exitCode === null) {
      const all = existsSync(socket) ? docker('ps', '--all', '--quiet').split('\n').filter((id) => id !== '') : [];
      if (all.length > 0) docker('rm', '--force', ...all);
      child.kill('SIGTERM');
      await ended;
    }
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await eventually(() => child.exitCode === null ? answers(socket) : Promise.reject(new Error('dockerd has ended')), 60_000);
    execFileSync('docker', ['import', '-', image], { input: busyboxTar(folder), env: { ...process.env, DOCKER_HOST: `unix://${socket}` }, stdio: ['pipe', 'ignore', 'pipe'] });
  } catch (error) {
    await close();
    throw new Error(`no docker daemon: ${(error as Error).message}\n${log.join('').slice(-4000)}`);
  }
  return { socket, docker, close, pid: (container) => Number(docker('inspect', '--format', '{{.State.Pid}}', container)) };
}

/** Whether the daemon answers by now. */
const answers = (socketPath: string): Promise<boolean> => new Promise((resolve) => {
  request({ socketPath, path: '/_ping', timeout: 5000 }, (response) => {
    response.resume();
    resolve(response.statusCode === 200);
  }).on('error', () => resolve(false)).end();
});

/** The file system of the image, as `docker import` takes it. */
function busyboxTar(folder: string): Buffer {
  const root = join(folder, 'root');
  makeRootfs(root);
  const tar = tarOf(root);
  rmSync(root, { recursive: true });
  return tar;
}
