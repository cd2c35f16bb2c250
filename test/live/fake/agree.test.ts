// timeout: 300 s
import { isDeepStrictEqual } from 'node:util';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import * as netns from '../../../src/netns/index.ts';
import { openRoute } from '../../../src/open.ts';
import { fakeKernel } from '../../../src/testing/index.ts';
import { dice } from '../../support/witness.ts';
import { clean, look } from './look.ts';
import { make, randomMove, type Move } from './moves.ts';

netns.create('blue');
const real = { home: openRoute(), blue: openRoute({ netns: 'blue' }) };
test.after(() => {
  real.home.close();
  real.blue.close();
  netns.delete('blue');
});

/** Does a sequence here and there. Tells the first step at which they disagree, undefined where they never do. */
async function disagreement(moves: readonly Move[]): Promise<{ step: number; what: string } | undefined> {
  for (const nl of [real.blue, real.home]) await clean(nl);
  const kernel = fakeKernel({ namespaces: ['blue'] });
  const fake = { home: openRoute({ transport: kernel.open }), blue: openRoute({ transport: kernel.in('blue') }) };
  try {
    for (const [step, move] of moves.entries()) {
      const said = await make(fake[move.in], move), meant = await make(real[move.in], move);
      if (said !== meant) return { step, what: `the fake kernel says ${said ?? 'yes'}, the real one ${meant ?? 'yes'}` };
      for (const space of ['home', 'blue'] as const) {
        const [one, other] = [await look(fake[space]), await look(real[space])];
        if (!isDeepStrictEqual(one, other)) return { step, what: difference(space, one, other) };
      }
    }
    return undefined;
  } finally {
    fake.home.close();
    fake.blue.close();
  }
}

function difference(space: string, fake: object, real: object): string {
  const lines = Object.keys(fake).flatMap((key) => {
    const [one, other] = [fake, real].map((side) => (side as { [key: string]: string[] })[key]!);
    return [...one!.filter((line) => !other!.includes(line)).map((line) => `    fake ${key}: ${line}`),
      ...other!.filter((line) => !one!.includes(line)).map((line) => `    real ${key}: ${line}`),
      ...(one!.length === other!.length && one!.some((line, i) => line !== other![i]) ? [`    ${key} in another order`] : [])];
  });
  return `in ${space}\n${lines.join('\n')}`;
}

/** The shortest sequence that still disagrees, as far as leaving out single moves leads. */
async function shrunk(moves: readonly Move[]): Promise<string> {
  let left = moves;
  for (let i = left.length - 2; i >= 0; i--) {
    const fewer = left.filter((_, at) => at !== i), found = await disagreement(fewer);
    if (found) left = fewer.slice(0, found.step + 1);
    i = Math.min(i, left.length - 1);
  }
  const { what } = (await disagreement(left))!;
  return `${left.map((move) => `  ${JSON.stringify(move)}`).join('\n')}\n  ${what}`;
}

/** A sequence of its own for each seed: FAKE_SEED=7 does one again, alone. */
const seeds = process.env['FAKE_SEED'] ? process.env['FAKE_SEED'].split(',').map(Number) : Array.from({ length: 12 }, (_, i) => i + 1);
const length = 60;

for (const seed of seeds)
  test(`the fake kernel and the real one agree, seed ${seed}`, async () => {
    const roll = dice(Math.imul(seed, 0x9e3779b1)), moves = Array.from({ length }, () => randomMove(roll));
    const found = await disagreement(moves);
    if (found) assert.unreachable(`FAKE_SEED=${seed}, step ${found.step}:\n${await shrunk(moves.slice(0, found.step + 1))}`);
  });

test.run();
