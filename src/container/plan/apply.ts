import { ArgumentError, KernelError } from '../../errors.ts';
import { ContainerError, PlanError, type UndoFailure } from '../errors.ts';
import type { Step } from './call.ts';
import type { Draft, Places } from './draft.ts';
import { startGuard, type Guard, type Outcome } from './guard.ts';
import { openJournal, type Journal } from './journal.ts';
import { runStep } from './run.ts';
import { undoSteps } from './undo.ts';

export interface ApplyOptions {
  /** Milliseconds within which `confirm()` must be called, else it is all undone. */
  readonly confirmWithin?: number | undefined;
  /** Asked when all is done; false, or an error, undoes it. */
  readonly check?: (() => boolean | Promise<boolean>) | undefined;
  /** The file that says what must be undone; a new one in the folder for temporary files unless given. */
  readonly journal?: string | undefined;
  /** False: no helper process is started, and the death of this one leaves things half done. It saves some 100 ms. */
  readonly guard?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds for a step that waits for something; 10,000. */
  readonly timeout?: number | undefined;
  /** Told before and after each step, with its number from 0. */
  readonly progress?: ((step: number, state: 'begun' | 'done') => void) | undefined;
}

/** A plan that was applied. */
export interface Applied<R> {
  readonly result: R;
  /** How it ends: at once `kept` where no confirmation was asked for, or nothing was to be done. */
  readonly outcome: Promise<Outcome>;
  /** Keeps it. Fails with ERR_UNCONFIRMED where it came too late, and all is undone. */
  confirm(): Promise<void>;
  /** Undoes it, now or later. A container that is gone, or another by now, is left alone. */
  undo(): Promise<void>;
}

/** Runs a draft's steps: see `Plan.apply`. */
export async function apply<R>(what: string, make: () => Promise<Draft<R>>, options: ApplyOptions): Promise<Applied<R>> {
  const { confirmWithin, guard: guarded = true, signal, timeout = 10_000, progress } = options;
  if (confirmWithin !== undefined && !guarded)
    throw new ArgumentError('confirmWithin needs the undo helper: do not give guard: false beside it');
  const draft = await make(), { steps, places } = draft;
  let journal: Journal | undefined, guard: Guard | undefined, at: number | undefined;
  try {
    journal = openJournal(options.journal);
    if (guarded && steps.length > 0) guard = await startGuard(journal, options.journal === undefined, places);
    await draft.verify?.();
    const values: unknown[][] = [];
    for (const [i, step] of steps.entries()) {
      at = i;
      signal?.throwIfAborted();
      journal.begin(i, step.undo);
      progress?.(i, 'begun');
      values.push(await one(step, i, journal, places, { signal, timeout }));
      progress?.(i, 'done');
    }
    at = undefined;
    const result = await draft.result(values);
    if (options.check && !(await options.check())) throw new ContainerError('ERR_CHECK', 'the check that was asked for said no');
    const asked = confirmWithin === undefined ? undefined : guard;
    if (asked) asked.wait(confirmWithin!);
    else await guard?.keep();
    return applied(what, draft, result, journal, asked);
  } catch (error) {
    const failures = journal ? await undoSteps(journal.undos(), places) : [];
    await guard?.keep().catch(() => {}); // it was killed, as its outcome has said
    journal?.close();
    draft.close();
    throw journal && at !== undefined || error instanceof ContainerError ? new PlanError(what, at, failures, error) : error;
  }
}

/** A call that the kernel refused has changed nothing; what became of others is not known. */
async function one(step: Step, i: number, journal: Journal, places: Places, context: { signal: AbortSignal | undefined; timeout: number }): Promise<unknown[]> {
  try {
    return await runStep(step, places, context);
  } catch (error) {
    if (step.calls.length === 1 && !step.partial && error instanceof KernelError) journal.failed(i);
    throw error;
  }
}

/** `guard` is the helper that waits for a confirmation; none where it is kept at once. */
function applied<R>(what: string, draft: Draft<R>, result: R, journal: Journal, guard: Guard | undefined): Applied<R> {
  let state: 'waiting' | Outcome = 'waiting', undoing = false;
  const end = (how: Outcome): Outcome => {
    if (state !== 'waiting') return state;
    state = undoing ? 'undone' : how; // the helper of what is undone here has nothing to do, and says kept
    journal.close();
    draft.close();
    return state;
  };
  const outcome = guard ? guard.outcome.then(end) : Promise.resolve(end('kept'));
  outcome.catch(() => {}); // the helper was killed: those who ask are told
  const undone = (failures: readonly UndoFailure[]): void => {
    if (failures.length > 0) throw new PlanError(`${what}: undo`, undefined, failures, failures[0]!.error);
  };
  return {
    result, outcome,
    async confirm() {
      if (state === 'kept') return;
      if (state === 'undone' || end(await guard!.keep()) === 'undone')
        throw new ContainerError('ERR_UNCONFIRMED', `${what} was not confirmed in time and is undone`);
    },
    async undo() {
      if (state === 'undone') return;
      const undos = journal.undos();
      if (state === 'waiting') {
        undoing = true;
        const failures = await undoSteps(undos, draft.places);
        await guard!.keep().catch(() => {}); // one that was killed does nothing more
        end('undone');
        return undone(failures);
      }
      state = 'undone';
      const container = await draft.reopen?.();
      try {
        undone(await undoSteps(undos, { host: draft.places.host, container: container?.place }));
      } finally {
        container?.close();
      }
    },
  };
}
