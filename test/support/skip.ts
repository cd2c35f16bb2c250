import { relative } from 'node:path';

/**
 * Says why a test cannot run here; the runner counts it as skipped and repeats the reason at its end.
 * In a test: `if (!installed('tshark')) return skip('tshark is not installed');`
 * For a whole file: call it instead of `test.run()`.
 */
export function skip(reason: string): void {
  process.stdout.write(`\nskip: ${reason} (${relative(process.cwd(), process.argv[1] ?? '')})\n`);
}
