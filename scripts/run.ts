import { spawn } from 'node:child_process';

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Milliseconds after which the program and all it started are killed; never when absent. */
  readonly timeout?: number;
  /** Kills the program and all it started. */
  readonly signal?: AbortSignal;
  /** Print what the program prints, as it comes. */
  readonly print?: boolean;
  /** Let the program use this terminal instead of collecting what it prints. */
  readonly inherit?: boolean;
}

/** How a program ended and what it printed. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly timedOut: boolean;
  readonly stdout: string;
  readonly stderr: string;
  /** stdout and stderr in the order they came. */
  readonly output: string;
  readonly milliseconds: number;
}

/** How long a pipe may stay open after its program has ended: only a process that left the group can hold it. */
const grace = 2000;

/**
 * Runs a program without a shell, its stdin closed, and waits for its end. It gets a process group of its own, so that
 * nothing it started outlives it or a timeout. A program that cannot be started rejects.
 */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  const { cwd, env, timeout, signal, print = false, inherit = false } = options;
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd, env, detached: !inherit, stdio: inherit ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    const all: Buffer[] = [];
    const take = (into: Buffer[], bytes: Buffer) => {
      into.push(bytes);
      all.push(bytes);
      if (print) process.stdout.write(bytes);
    };
    child.stdout?.on('data', (bytes: Buffer) => take(out, bytes));
    child.stderr?.on('data', (bytes: Buffer) => take(err, bytes));

    const kill = () => {
      if (child.pid === undefined) return;
      try {
        process.kill(inherit ? child.pid : -child.pid, 'SIGKILL');
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
      }
    };
    let timedOut = false;
    const timer = timeout === undefined ? undefined : setTimeout(() => { timedOut = true; kill(); }, timeout);
    let closing: NodeJS.Timeout | undefined;
    const settled = () => {
      clearTimeout(timer);
      clearTimeout(closing);
      signal?.removeEventListener('abort', kill);
    };
    signal?.addEventListener('abort', kill);
    if (signal?.aborted) kill();

    child.once('error', (error) => { settled(); reject(error); });
    child.once('exit', () => {
      if (inherit) return;
      kill();
      closing = setTimeout(() => { child.stdout?.destroy(); child.stderr?.destroy(); }, grace);
    });
    child.once('close', (code, ending) => {
      settled();
      const text = (chunks: Buffer[]) => Buffer.concat(chunks).toString('utf8');
      resolve({
        code, signal: ending, timedOut, stdout: text(out), stderr: text(err), output: text(all),
        milliseconds: Math.round(performance.now() - started),
      });
    });
  });
}
