import type { Ended } from './run.ts';

/** What a test file came to. */
export interface Outcome {
  readonly passed: number;
  readonly failed: number;
  readonly skips: readonly string[];
  /** Why the file counts as failed, when its own tests do not say it. */
  readonly complaint?: string;
}

const summary = /^\s*Total:\s+(\d+)\n\s*Passed:\s+(\d+)\n\s*Skipped:\s+(\d+)$/gm;
const colour = /\u001b\[[0-9;]*m/g;

/**
 * Reads uvu's closing summary and the lines of `skip()`. A skipped test returns early and is "passed" to uvu, so each
 * reason takes one from the passed ones. No summary, no test, a bad exit and a skip without a reason are failures.
 */
export function outcome({ code, signal, timedOut, stdout, milliseconds }: Ended): Outcome {
  const text = stdout.replaceAll(colour, '');
  const skips = [...text.matchAll(/^skip: (.+)$/gm)].map((match) => match[1]);
  const failed = (complaint: string): Outcome => ({ passed: 0, failed: 1, skips, complaint });
  const end = signal ?? `exit code ${code}`;
  if (timedOut) return failed(`no end after ${(milliseconds / 1000).toFixed(1)} s`);

  const last = [...text.matchAll(summary)].at(-1);
  if (last === undefined && (code !== 0 || skips.length === 0)) {
    return failed(code === 0 ? 'no tests ran' : `ended with ${end} before its summary`);
  }
  const [total, succeeded, silent] = last === undefined ? [0, 0, 0] : last.slice(1).map(Number);
  if (total === 0 && skips.length === 0) return failed('no tests ran');

  const passed = Math.max(0, succeeded - skips.length);
  const broken = total - succeeded;
  const complain = (complaint: string): Outcome => ({ passed, failed: 1, skips, complaint });
  if (broken > 0) return { passed, failed: broken, skips };
  if (code !== 0) return complain(`ended with ${end} after its tests`);
  if (silent > 0) return complain(`${silent} tests skipped without a reason`);
  return { passed, failed: 0, skips };
}
