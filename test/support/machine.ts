import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { groupName, mountGroups, removeGroups } from './groups.ts';

/** What engines keep below these folders goes into layers over the machine's own. */
const layered = ['/etc', '/opt', '/tmp', '/var'];

const setUp = `
mount --make-rprivate /
${mountGroups}
mkdir -p /run/netns && mount --bind /run/netns /run/netns && mount --make-rshared /run/netns
for at in ${layered.join(' ')}; do
  mkdir -p $LAYERS$at/upper $LAYERS$at/work
  mount -t overlay -o lowerdir=$at,upperdir=$LAYERS$at/upper,workdir=$LAYERS$at/work overlay $at || exit 1
done
echo ready
read end
${removeGroups} 2>/dev/null
`;

/** A machine for engines: the network is that of the test, all else it has is gone when it is closed. */
export interface Machine {
  readonly folder: string;
  readonly pid: number;
  /** A name for control groups, which are removed with the machine. */
  readonly group: string;
  /** Runs a program there, and gives what it prints. Throws what it says on standard error. */
  run(program: string, words: readonly string[], options?: { readonly env?: NodeJS.ProcessEnv; readonly input?: string | Buffer; readonly cwd?: string }): string;
  /** Starts one that stays until the machine is closed. */
  start(program: string, words: readonly string[], env?: NodeJS.ProcessEnv): ChildProcess;
  /** The last of what the started programs have said. */
  log(): string;
  /** What has been written below /etc, /opt, /tmp and /var. */
  written(): string[];
  close(): Promise<void>;
}

export async function makeMachine(): Promise<Machine> {
  const folder = mkdtempSync(join(tmpdir(), 'machine-')), layers = join(folder, 'layers'), started: ChildProcess[] = [], said: string[] = [];
  const group = groupName();
  const holder = spawn('unshare', ['--mount', '--cgroup', '--uts', '--ipc', 'sh', '-c', setUp],
    { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, LAYERS: layers, GROUP: group } });
  const pid = holder.pid!, ended = once(holder, 'exit');
  await Promise.race([once(holder.stdout!, 'data'), ended.then(() => Promise.reject(new Error('no machine')))]);
  const enter = (words: readonly string[], cwd = '/') => ['--target', String(pid), '--mount', '--cgroup', '--uts', '--ipc', `--wd=${cwd}`, '--', ...words];
  return {
    folder, pid, group,
    run(program, words, { env, input = '', cwd } = {}) {
      const { status, stdout, stderr, error } = spawnSync('nsenter', enter([program, ...words], cwd), { encoding: 'utf8', input, env: { ...process.env, HOME: folder, ...env }, maxBuffer: 1 << 26 });
      if (status !== 0) throw error ?? new Error(`${program} ${words.join(' ')}: ${stderr}${stdout}`);
      return stdout.trim();
    },
    start(program, words, env) {
      const child = spawn('nsenter', enter([program, ...words]), { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, HOME: folder, ...env } });
      for (const stream of [child.stdout!, child.stderr!]) stream.setEncoding('utf8').on('data', (text: string) => said.push(text));
      started.push(child);
      return child;
    },
    log: () => said.join('').slice(-4000),
    written: () => layered.flatMap((at) => files(join(layers, at, 'upper')).map((path) => join(at, path))),
    async close() {
      for (const child of started.reverse()) if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGTERM');
        await once(child, 'exit');
      }
      holder.stdin!.end();
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const files = (folder: string): string[] => readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name).slice(folder.length));
