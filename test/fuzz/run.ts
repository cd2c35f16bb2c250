import { dice } from '../support/witness.ts';
import { seedsOfTapes } from './seeds.ts';
import { targets } from './targets.ts';

export interface FuzzOptions {
  readonly seed: number;
  /** Rounds of each target; a round is 1 to 18 inputs. */
  readonly inputs: number;
  /** Only this target. */
  readonly target?: string | undefined;
  /** Only this round: to see a failure again. */
  readonly round?: number | undefined;
  /** Called before each round. */
  readonly started?: ((target: string, round: number) => void) | undefined;
}

/** Inputs that a round of each target has, and its share of all. */
const weights: { readonly [target: string]: { readonly each: number; readonly share: number } } = {
  messages: { each: 16, share: 0.6 },
  dumps: { each: 1, share: 0.03 },
  controls: { each: 16, share: 0.2 },
  datagrams: { each: 1, share: 0.05 },
  tapes: { each: 1, share: 0.02 },
  values: { each: 9, share: 0.1 },
};

export interface FuzzFailure {
  readonly target: string;
  readonly round: number;
  readonly error: unknown;
}

/** How one round is done again, with traces of its errors. */
export const repeat = (seed: number, { target, round }: Pick<FuzzFailure, 'target' | 'round'>): string =>
  `npm run fuzz -- --seed ${seed} --target ${target} --round ${round}`;

/** Runs the targets, each with rounds of its own numbers: a round can be repeated alone. */
export function fuzz({ seed, inputs, target, round: only, started }: FuzzOptions, most = 20): { counts: Map<string, number>; failures: FuzzFailure[]; longest: number } {
  const seeds = seedsOfTapes(dice(seed)), counts = new Map<string, number>(), failures: FuzzFailure[] = [];
  let longest = 0;
  const { stackTraceLimit } = Error;
  if (only === undefined) Error.stackTraceLimit = 0; // most of the time would go into traces of what is refused
  try {
    all();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
  return { counts, failures, longest };

  function all(): void {
    for (const [name, run] of Object.entries(targets)) {
      if (target !== undefined && target !== name) continue;
      const { each, share } = weights[name]!, rounds = Math.ceil((inputs * (target === undefined ? share : 1)) / each);
      for (let round = only ?? 0; round < (only === undefined ? rounds : only + 1); round++) {
        started?.(name, round);
        const roll = dice(Math.imul(seed, 0x9e3779b1) ^ Math.imul(round + 1, 0x85ebca6b) ^ name.length);
        for (let i = 0; i < 8; i++) roll(2); // the first numbers of near seeds are near each other
        const since = performance.now();
        try {
          run(roll, seeds);
        } catch (error) {
          failures.push({ target: name, round, error });
          if (failures.length >= most) return;
        }
        longest = Math.max(longest, performance.now() - since);
        counts.set(name, (counts.get(name) ?? 0) + each);
      }
    }
  }
}
