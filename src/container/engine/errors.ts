import { NetlinkError } from '../../errors.ts';

/**
 * A container engine did not answer as asked. `code` is `ERR_NO_CONTAINER` where it knows none of that name,
 * `ERR_NOT_RUNNING` where the container has no process, `ERR_NO_ENGINE` where no socket is there, the kernel's own
 * (`ECONNREFUSED`, `EACCES`) where the socket cannot be reached, else `ERR_ENGINE`.
 */
export class EngineError extends NetlinkError {
  override name = 'EngineError';
  /** The HTTP status of the answer. */
  readonly status: number | undefined;

  constructor(code: string, message: string, { status, cause }: ErrorOptions & { readonly status?: number | undefined } = {}) {
    super(code, message, cause === undefined ? undefined : { cause });
    this.status = status;
  }
}
