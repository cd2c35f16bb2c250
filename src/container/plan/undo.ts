import type { UndoFailure } from '../errors.ts';
import type { Call } from './call.ts';
import type { Places } from './draft.ts';
import { runCall } from './run.ts';

/**
 * Brings back what was: the undo calls of the last step first. All are tried, whatever becomes of the others. A
 * container that is gone has taken its own with it.
 */
export async function undoSteps(undos: readonly (readonly Call[])[], places: Places): Promise<UndoFailure[]> {
  const failures: UndoFailure[] = [];
  for (const undo of undos.toReversed())
    for (const call of undo) {
      if (!places[call.where]) continue;
      try {
        await runCall(call, places, { timeout: 10_000 });
      } catch (error) {
        failures.push({ where: call.where, call: call.call, error });
      }
    }
  return failures;
}
