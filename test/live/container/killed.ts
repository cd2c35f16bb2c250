import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from '../../support/build.ts';
import { eventually } from '../../support/witness.ts';

const program = fileURLToPath(new URL('programs/killed.mjs', import.meta.url));
let dist: string | undefined, count = 0;

/**
 * Applies a plan in another process that kills itself at a moment, `3 done`; gives whether that came. The helper of the
 * dead has undone everything then: it removes the journal as the last thing it does.
 */
export async function killedAt(moment: string, plan: string, args: unknown): Promise<boolean> {
  const journal = join(tmpdir(), `journal-${count++}`);
  const child = spawn(process.execPath, [program, dist ??= build(), moment, journal, plan, JSON.stringify(args)], { stdio: 'inherit' });
  const [code, signal] = await once(child, 'exit');
  if (signal === null && code !== 0) throw new Error(`${plan} ended with ${code} before ${moment}`);
  await eventually(() => !existsSync(journal), 60_000);
  return signal === 'SIGKILL';
}

/** Kills it behind its first step, its second, and so on, until it came to its end; gives how many steps there were. */
export async function killedBehindEach(plan: string, args: unknown, check: (step: number) => void | Promise<void>): Promise<number> {
  for (let step = 0; ; step++) {
    if (!await killedAt(`${step} done`, plan, args)) return step;
    await check(step);
  }
}
