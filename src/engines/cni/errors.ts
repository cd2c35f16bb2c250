import { NetlinkError } from '../../errors.ts';

/** The codes of the CNI specification, and from 100 on our own. */
export const cniCode = {
  incompatibleVersion: 1,
  unsupportedField: 2,
  unknownContainer: 3,
  invalidEnvironment: 4,
  io: 5,
  decode: 6,
  invalidConfig: 7,
  invalidNamespace: 8,
  tryAgainLater: 11,
  notReady: 50,
  notReadyLimited: 51,
  /** CHECK found the network to be other than ADD left it. */
  differs: 100,
  /** An address that was asked for is in use, or none is free. */
  noAddress: 101,
  /** The kernel refused a step; what was done before it has been undone. */
  refused: 102,
  internal: 999,
} as const;

/** A failure as a CNI plugin tells it: `{ code, msg, details }` on standard output. */
export class CniError extends NetlinkError {
  override name = 'CniError';
  /** The number in the answer; `code` is its name, `ERR_CNI_...`. */
  readonly number: number;
  readonly details: string | undefined;

  constructor(reason: keyof typeof cniCode | number, message: string, details?: string, options?: ErrorOptions) {
    const number = typeof reason === 'number' ? reason : cniCode[reason];
    super(`ERR_CNI_${number}`, message, options);
    this.number = number;
    this.details = details;
  }
}

/** Whatever was thrown, as the answer of a plugin. */
export function errorAnswer(error: unknown, cniVersion: string): object {
  const known = error instanceof CniError ? error : asCniError(error);
  return {
    cniVersion, code: known.number, msg: known.message,
    ...(known.details === undefined ? {} : { details: known.details }),
  };
}

/** Errors of the kernel and of the file system have words of their own; anything else is a fault of ours. */
export function asCniError(error: unknown): CniError {
  if (error instanceof CniError) return error;
  if (error instanceof NetlinkError) return new CniError('refused', error.message, undefined, { cause: error });
  const { code, message } = error as NodeJS.ErrnoException;
  if (typeof code === 'string' && /^E[A-Z0-9]+$/.test(code)) return new CniError('io', message, undefined, { cause: error });
  return new CniError('internal', message ?? String(error), (error as Error).stack, { cause: error });
}
