/**
 * Records the tapes of fixtures/ from the scenarios in scripts/scenarios/, each in a network namespace of its own.
 *
 *     npm run record [-- word ...] [--kernel 6.1]
 *
 * With words, only tapes whose path contains one of them. A tape is only written where its scenario went well.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { openLibc } from '../src/ffi/load.ts';
import { record } from '../src/testing/index.ts';
import { image, noDockerd, startDockerd } from '../test/support/dockerd.ts';
import { sandbox } from './sandbox.ts';
import { allScenarios, type Scenario } from './scenario.ts';

const top = dirname(dirname(fileURLToPath(import.meta.url)));
const CLONE_NEWNET = 0x40000000, nobody = 65534;

async function recordAll(words: readonly string[], kernel: string | undefined): Promise<number> {
  let failed = 0;
  const onDocker: [path: string, scenario: Scenario][] = [];
  for (const [path, scenario] of await allScenarios()) {
    if (scenario.kernel !== kernel || (words.length > 0 && !words.some((word) => path.includes(word)))) continue;
    if (scenario.docker) {
      onDocker.push([path, scenario]);
      continue;
    }
    try {
      await recordOne(join(top, 'fixtures', path), scenario);
      console.log(`recorded  ${path}`);
    } catch (error) {
      failed++;
      console.log(`FAILED    ${path}: ${(error as Error).stack}`);
    }
  }
  if (onDocker.length > 0) await withDocker(async () => {
    for (const [path, scenario] of onDocker) {
      await tapeOf(join(top, 'fixtures', path), scenario);
      console.log(`recorded  ${path}`);
    }
  });
  return failed;
}

/** A docker host of its own, for as long as `use` takes. */
async function withDocker(use: () => Promise<void>): Promise<void> {
  const missing = noDockerd();
  if (missing !== undefined) return console.log(`left as they are: the tapes of a docker host: ${missing}`);
  newNamespace();
  const daemon = await startDockerd();
  try {
    daemon.docker('run', '--detach', '--name', 'web', '--publish', '8080:80', image, '/bin/busybox', 'httpd', '-f', '-p', '80', '-h', '/www');
    daemon.docker('run', '--detach', '--name', 'db', image, '/bin/busybox', 'sleep', '1000');
    await use();
  } finally {
    await daemon.close();
  }
}

function newNamespace(): void {
  const unshared = openLibc().unshare(CLONE_NEWNET);
  if (unshared < 0) throw new Error(`unshare failed: ${unshared}`);
}

async function recordOne(path: string, scenario: Scenario): Promise<void> {
  newNamespace();
  try {
    for (const command of scenario.setup) {
      const [program, ...words] = command.split(' ');
      execFileSync(program!, words, { stdio: ['ignore', 'ignore', 'inherit'] });
    }
    await tapeOf(path, scenario);
  } finally {
    for (const name of readdirSync('/run/netns')) execFileSync('ip', ['netns', 'delete', name]);
  }
}

async function tapeOf(path: string, { title, plain, netns, live, run }: Scenario): Promise<void> {
  const tape = record({ title });
  if (plain) process.seteuid!(nobody);
  try {
    await run(tape.sockets(live(netns)));
  } finally {
    if (plain) process.seteuid!(0);
  }
  mkdirSync(dirname(path), { recursive: true });
  tape.save(path);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values: { inside, kernel }, positionals: words } = parseArgs({
    allowPositionals: true, options: { inside: { type: 'boolean' }, kernel: { type: 'string' } },
  });
  if (inside) {
    process.exitCode = await recordAll(words, kernel) === 0 ? 0 : 1;
  } else {
    const again = ['--import', 'tsx', fileURLToPath(import.meta.url), '--inside', ...process.argv.slice(2)];
    const { code } = await sandbox(process.execPath, again, { inherit: true, cwd: top });
    process.exitCode = code ?? 1;
  }
}
