import { NetlinkError } from '../errors.ts';

/** Where a request and the one on a tape part. */
export interface Difference {
  /** The field in the words of the user: `options.peer.name`; '' where it is no single field. */
  readonly field: string;
  /** Its C name: `IFLA_IFNAME`. */
  readonly attribute: string;
  /** What was sent and what the tape has, as dumps print it; undefined where the field is missing. */
  readonly sent: string | undefined;
  readonly recorded: string | undefined;
}

/** A program did not talk as it does on the tape. `code` is `ERR_TAPE_MISMATCH`. */
export class TapeMismatchError extends NetlinkError {
  override name = 'TapeMismatchError';
  readonly field: string | undefined;
  readonly attribute: string | undefined;
  readonly sent: string | undefined;
  readonly recorded: string | undefined;

  constructor(message: string, difference?: Difference) {
    super('ERR_TAPE_MISMATCH', message);
    this.field = difference?.field;
    this.attribute = difference?.attribute;
    this.sent = difference?.sent;
    this.recorded = difference?.recorded;
  }
}
