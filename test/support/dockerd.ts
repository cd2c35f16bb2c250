import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { groupName, mountGroups, removeGroups } from './groups.ts';
import { noContainers } from './installed.ts';
import { makeRootfs, server, tarOf } from './rootfs.ts';
import { eventually } from './witness.ts';

/** A docker daemon of its own: its network is that of the test, all else it has is gone when it is closed. */
export interface Dockerd {
  /** The API's unix socket. */
  readonly socket: string;
  /** Runs the docker program: `docker('run', '-d', '--network', 'none', image, 'sleep', '1000')`. */
  docker(...words: string[]): string;
  /** The process that a container runs, as this pid namespace counts. */
  pid(container: string): number;
  /** Ends the daemon, as a stop or as a kill does, and starts it anew, with these words in its daemon.json. */
  restart(how: 'stop' | 'kill', config?: object): Promise<void>;
  /** Ends the containers and the daemon, and waits until both are gone. */
  close(): Promise<void>;
}

/** The image that every daemon has: busybox, which serves a page unless told otherwise. */
export const image = 'busybox:test';

/** Why no docker daemon can be started here; undefined where one can. */
export const noDockerd = (): string | undefined => noContainers('dockerd', 'docker', 'containerd', 'runc', 'busybox', 'iptables', 'tar');

/**
 * Everything the daemon mounts stays in a mount namespace that goes with it; what it is used to keep in /etc goes into
 * an empty folder. Containers get a control group below the one we are in, which we remove, as the kernel does not.
 */
const inside = `
mount --make-rprivate /
[ ! -d /etc/docker ] || mount -t tmpfs tmpfs /etc/docker
${mountGroups}
trap 'kill $daemon' TERM
trap 'again=yes; kill $daemon' HUP
trap 'again=yes; kill -KILL $daemon' USR1
again=yes
while [ $again = yes ]; do
  again=no; dockerd "$@" & daemon=$!
  while kill -0 $daemon 2>/dev/null; do wait $daemon; done
done
${removeGroups}
`;

/** Starts a daemon; only in a sandbox, where nothing outlives the test. */
export async function startDockerd(...more: string[]): Promise<Dockerd> {
  const folder = mkdtempSync(join(tmpdir(), 'dockerd-')), socket = join(folder, 'docker.sock'), log: string[] = [];
  const group = groupName(), configFile = join(folder, 'daemon.json');
  writeFileSync(configFile, '{}');
  const child = spawn('unshare', ['--mount', '--cgroup', '--uts', '--ipc', 'sh', '-c', inside, 'dockerd',
    '--data-root', join(folder, 'data'), '--exec-root', join(folder, 'exec'), '--pidfile', join(folder, 'pid'),
    '--host', `unix://${socket}`, '--group', '0', '--cgroup-parent', `/${group}`,
    '--exec-opt', 'native.cgroupdriver=cgroupfs', '--config-file', configFile, ...more],
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
  const pid = (): string => readFileSync(join(folder, 'pid'), 'utf8');
  const restart = async (how: 'stop' | 'kill', config: object = {}): Promise<void> => {
    const before = pid();
    writeFileSync(configFile, JSON.stringify(config));
    child.kill(how === 'stop' ? 'SIGHUP' : 'SIGUSR1');
    await eventually(async () => existsSync(join(folder, 'pid')) && pid() !== before && await answers(socket), 60_000);
  };
  try {
    await eventually(() => child.exitCode === null ? answers(socket) : Promise.reject(new Error('dockerd has ended')), 60_000);
    execFileSync('docker', ['import', '--change', `CMD ${JSON.stringify(server)}`, '-', image], { input: busyboxTar(folder), env: { ...process.env, DOCKER_HOST: `unix://${socket}` }, stdio: ['pipe', 'ignore', 'pipe'] });
  } catch (error) {
    await close();
    throw new Error(`no docker daemon: ${(error as Error).message}\n${log.join('').slice(-4000)}`);
  }
  return { socket, docker, restart, close, pid: (container) => Number(docker('inspect', '--format', '{{.State.Pid}}', container)) };
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
