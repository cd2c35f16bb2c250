/**
 * npm run article: the article, step by step, in namespaces of its own; nothing of the machine is touched. Root gets
 * fresh namespaces, a plain user gets a user namespace around them. Where neither may be made, the conversation with
 * the kernel is replayed from tapes.
 *
 *     npm run article [-- --out FOLDER] [--record FOLDER] [--replay]
 *
 * Drawings go to `out` beside this file, tapes to where they are asked for. The exit code is 0 only if an HTTP request
 * from the LAN reached the container in the end; 2 if the tapes were replayed.
 */
import { accessSync, constants, mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { isRoot, refusal, sandbox, type Identity } from '../../scripts/sandbox.ts';
import { replayArticle } from './replayed.ts';

const started = performance.now();
const { values } = parseArgs({ options: { out: { type: 'string' }, record: { type: 'string' }, replay: { type: 'boolean' } } });
const as = isRoot() ? 'root' : 'user';
const refused = values.replay ? 'a replay was asked for' : await refusal(as);
process.exitCode = refused === undefined ? await live(as) : await replayed(refused);

async function live(as: Identity): Promise<number> {
  const out = values.out === undefined ? outFolder() : resolve(values.out);
  const story = fileURLToPath(new URL('story.ts', import.meta.url));
  const more = values.record === undefined ? [] : ['--record', resolve(values.record)];
  const { code, signal } = await sandbox(process.execPath, ['--import', 'tsx', story, '--out', out, ...more], { as, inherit: true });
  if (code !== 0) {
    console.log(`\nThe article did not come to its end: ${signal ?? `exit code ${code}`}`);
    return code || 1;
  }
  const where = as === 'root' ? 'namespaces of its own' : 'a user namespace';
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`\nAll done in ${where}, ${seconds} s. The drawings are in ${out}`);
  return 0;
}

async function replayed(reason: string): Promise<number> {
  const found = await replayArticle();
  const what = found ? 'this was a replay of recorded tapes, and nothing was proved' : 'and there are no tapes to replay';
  console.log(`No namespaces were made (${reason}); ${what}`);
  return 2;
}

/** `out` beside this file, else a new folder where anyone may write. */
function outFolder(): string {
  const beside = fileURLToPath(new URL('out', import.meta.url));
  try {
    mkdirSync(beside, { recursive: true });
    accessSync(beside, constants.W_OK);
    return beside;
  } catch {
    return mkdtempSync(join(tmpdir(), 'netlink-ts-'));
  }
}
