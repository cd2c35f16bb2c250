import { NetlinkError } from '../errors.ts';
import type { Where } from './plan/call.ts';

/** An undo call that failed, and why. */
export interface UndoFailure {
  readonly where: Where;
  readonly call: string;
  readonly error: unknown;
}

/**
 * What a plan met that stands in its way. `code` is `ERR_ADDRESS_IN_USE`, `ERR_UNREACHABLE`, `ERR_GONE` for a process
 * that is not the one meant any more, `ERR_IN_USE` for a bridge with ports, `ERR_CHECK` where the caller's own check
 * said no, `ERR_UNCONFIRMED` where it was not confirmed in time, `ERR_HELPER` where the undo helper does not run.
 */
export class ContainerError extends NetlinkError {
  override name = 'ContainerError';
}

/**
 * A plan failed at a step, `cause` says why, and what it had done was undone. `code` is that of the cause; where
 * something could not be undone, `failures` has it.
 */
export class PlanError extends NetlinkError {
  override name = 'PlanError';
  /** The step that failed, counted from 0; undefined for what came before or after the steps. */
  readonly step: number | undefined;
  readonly failures: readonly UndoFailure[];

  constructor(what: string, step: number | undefined, failures: readonly UndoFailure[], cause: unknown) {
    const { code = 'ERR_PLAN', message = String(cause) } = Object(cause) as { code?: string; message?: string };
    const left = failures.map(({ where, call, error }) => `${call} in the ${where} (${(error as Error).message ?? error})`);
    const undone = left.length === 0 ? 'everything was undone' : `could not be undone: ${left.join(', ')}`;
    super(code, `${what} failed: ${message}; ${undone}`, { cause });
    this.step = step;
    this.failures = failures;
  }
}
