import { NetlinkError } from '../errors.ts';

export interface TransactionFailure {
  /** Which change of the transaction it was, counted from 0. */
  readonly index: number;
  readonly operation: string;
  readonly error: unknown;
}

/** A transaction failed, and nothing of it was done. `code` is `ERR_TRANSACTION`, `cause` the first failure's error. */
export class TransactionError extends NetlinkError {
  override name = 'TransactionError';
  /** The changes that the kernel refused. It goes on after the first, to find them all. */
  readonly failures: readonly TransactionFailure[];
  /** False where the kernel had more to say than the receive buffer holds. */
  readonly complete: boolean;

  constructor(failures: readonly TransactionFailure[], count: number, complete: boolean) {
    const [first] = failures, text = first?.error instanceof Error ? first.error.message : String(first?.error);
    const refused = first === undefined ? 'the kernel refused it, and its reasons were lost'
      : `${complete ? '' : 'at least '}${failures.length} of ${count} changes failed, the first at ${first.index}: ${text}`;
    super('ERR_TRANSACTION', `nothing was changed: ${refused}`, { cause: first?.error });
    this.failures = failures;
    this.complete = complete;
  }
}
