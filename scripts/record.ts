/**
 * Records the tapes of fixtures/ from the scenarios in scripts/scenarios/, each in a network namespace of its own.
 *
 *     npm run record [-- word ...]
 *
 * With words, only tapes whose path contains one of them. A tape is only written where its scenario went well.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openLibc } from '../src/ffi/load.ts';
import { record } from '../src/testing/index.ts';
import { sandbox } from './sandbox.ts';
import { allScenarios, type Scenario } from './scenario.ts';

const top = dirname(dirname(fileURLToPath(import.meta.url)));
const CLONE_NEWNET = 0x40000000, nobody = 65534;

async function recordAll(words: readonly string[]): Promise<number> {
  let failed = 0;
  for (const [path, scenario] of await allScenarios()) {
    if (words.length > 0 && !words.some((word) => path.includes(word))) continue;
    try {
      await recordOne(join(top, 'fixtures', path), scenario);
      console.log(`recorded  ${path}`);
    } catch (error) {
      failed++;
      console.log(`FAILED    ${path}: ${(error as Error).stack}`);
    }
  }
  return failed;
}

async function recordOne(path: string, { title, setup, plain, netns, live, run }: Scenario): Promise<void> {
  const unshared = openLibc().unshare(CLONE_NEWNET);
  if (unshared < 0) throw new Error(`unshare failed: ${unshared}`);
  try {
    for (const command of setup) {
      const [program, ...words] = command.split(' ');
      execFileSync(program!, words, { stdio: ['ignore', 'ignore', 'inherit'] });
    }
    const tape = record({ title });
    if (plain) process.seteuid!(nobody);
    try {
      await run(tape.sockets(live(netns)));
    } finally {
      if (plain) process.seteuid!(0);
    }
    mkdirSync(dirname(path), { recursive: true });
    tape.save(path);
  } finally {
    for (const name of readdirSync('/run/netns')) execFileSync('ip', ['netns', 'delete', name]);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [first, ...rest] = process.argv.slice(2);
  if (first === '--inside') {
    process.exitCode = await recordAll(rest) === 0 ? 0 : 1;
  } else {
    const words = first === undefined ? [] : [first, ...rest];
    const again = ['--import', 'tsx', fileURLToPath(import.meta.url), '--inside', ...words];
    const { code } = await sandbox(process.execPath, again, { inherit: true, cwd: top });
    process.exitCode = code ?? 1;
  }
}
