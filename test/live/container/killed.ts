import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from '../../support/build.ts';
import { eventually } from '../../support/witness.ts';

const program = fileURLToPath(new URL('programs/killed.mjs', import.meta.url));
let dist: string | undefined, count = 0;

interface Applying {
  readonly child: ChildProcess;
  /** How it ended; the helper of one that was killed has undone everything then: it removes the journal as the last thing it does. */
  readonly ended: Promise<readonly [number | null, NodeJS.Signals | null]>;
}

/** Applies a plan in another process, which kills itself at a moment, `3 done`, if that comes. */
function applying(moment: string, plan: string, args: unknown): Applying {
  const journal = join(tmpdir(), `journal-${count++}`);
  const child = spawn(process.execPath, [program, dist ??= build(), moment, journal, plan, JSON.stringify(args)], { stdio: 'inherit' });
  return { child, ended: once(child, 'exit').then(async ([code, signal]) => {
    await eventually(() => !existsSync(journal), 60_000);
    return [code, signal] as const;
  }) };
}

/** Applies a plan that kills itself at a moment; gives whether that came. */
export async function killedAt(moment: string, plan: string, args: unknown): Promise<boolean> {
  const [code, signal] = await applying(moment, plan, args).ended;
  if (signal === null && code !== 0) throw new Error(`${plan} ended with ${code} before ${moment}`);
  return signal === 'SIGKILL';
}

/** Applies a plan and kills it when something is seen. */
export async function killedWhen(seen: () => boolean, plan: string, args: unknown): Promise<void> {
  const { child, ended } = applying('never', plan, args);
  await eventually(() => child.exitCode === null ? seen() : Promise.reject(new Error(`${plan} has ended`)), 60_000);
  child.kill('SIGKILL');
  if ((await ended)[1] !== 'SIGKILL') throw new Error(`${plan} ended before it was killed`);
}

/** Kills it behind its first step, its second, and so on, until it came to its end; gives how many steps there were. */
export async function killedBehindEach(plan: string, args: unknown, check: (step: number) => void | Promise<void>): Promise<number> {
  for (let step = 0; ; step++) {
    if (!await killedAt(`${step} done`, plan, args)) return step;
    await check(step);
  }
}
