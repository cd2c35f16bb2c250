import { execFileSync } from 'node:child_process';

/** Runs `ip`, `bridge` or `tc`: `sh('ip', 'link add br0 type bridge')`. Throws what it says on standard error. */
export function sh(program: string, line: string): string {
  try {
    return execFileSync(program, line.split(' '), { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (error) {
    throw new Error(`${program} ${line}: ${String((error as { stderr?: string }).stderr ?? error).trim()}`);
  }
}

/** What `ip -details -json ...` prints, without the empty objects it puts between. */
export function json(program: string, line: string): any[] {
  const text = sh(program, `-details -json ${line}`).trim();
  const value: unknown[] = text === '' ? [] : JSON.parse(text);
  return value.filter((item) => typeof item === 'object' && item !== null && Object.keys(item).length > 0);
}

/** Numbers that look random and are the same each time: a failure can be repeated. */
export function dice(seed: number): (sides: number) => number {
  let state = seed >>> 0 || 1;
  return (sides) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % sides;
  };
}

/** Calls `check` until it gives true, for at most a few seconds: for what the kernel does in its own time. */
export async function eventually(check: () => boolean | Promise<boolean>, milliseconds = 5000): Promise<void> {
  const late = performance.now() + milliseconds;
  while (!(await check())) {
    if (performance.now() > late) throw new Error(`not so after ${milliseconds} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** The error of a promise that must fail. */
export async function refusal(promise: Promise<unknown>): Promise<any> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('it went well');
}
