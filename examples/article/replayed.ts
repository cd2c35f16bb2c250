import { existsSync, readFileSync } from 'node:fs';
import { replayRoute } from 'netlink-ts/testing';
import { print, printLines, printStep } from './print.ts';
import { allSteps, perform } from './steps.ts';

const tapes = new URL('../../fixtures/article/', import.meta.url);

/**
 * The steps of the article without a kernel: what it answered when the tapes were recorded, it answers again. Nothing is
 * proved by it but that we still say the same. False where there are no tapes.
 */
export async function replayArticle(): Promise<boolean> {
  if (!existsSync(new URL('host.tape', tapes))) return false;
  const play = (name: string) => replayRoute(readFileSync(new URL(`${name}.tape`, tapes), 'utf8'));
  const host = play('host'), container = play('container');
  const world = { host: host.nl, container: container.nl, pid: process.pid };
  for (const step of await allSteps()) {
    const { lines, traces } = await perform(step, world);
    printStep(step, traces);
    if (lines) printLines(lines);
    else print();
  }
  for (const { nl, done } of [host, container]) {
    nl.close();
    done();
  }
  return true;
}
