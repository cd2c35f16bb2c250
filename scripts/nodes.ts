/**
 * Runs the tests on every Node version we promise, each brought by npm as a package of its own.
 *
 *     npm run test:nodes -- [what scripts/test.ts takes]
 */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bringNode } from './bring-node.ts';
import { run } from './run.ts';

const versions = [20, 22, 24, 26];
const top = dirname(dirname(fileURLToPath(import.meta.url)));
const table: string[] = [];
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => stop.abort());

for (const version of versions) {
  const node = await bringNode(version);
  const { stdout } = await run(node, ['--version']);
  console.log(`\n== Node ${stdout.trim()}`);
  const tests = await run(node, ['--import', 'tsx', join(top, 'scripts/test.ts'), ...process.argv.slice(2)], {
    cwd: top, signal: stop.signal, print: true, env: { ...process.env, PATH: `${dirname(node)}:${process.env.PATH}` },
  });
  if (stop.signal.aborted) process.exit(130);
  if (tests.code !== 0) process.exitCode = 1;
  table.push(`${stdout.trim().padEnd(10)}  ${tests.stdout.trimEnd().split('\n').at(-1)}`);
}
console.log(`\n${table.join('\n')}`);
