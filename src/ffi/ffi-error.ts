import { NetlinkError } from '../errors.ts';

/** The way to the C library is not there: an unknown or missing binding, another system. `code` is `ERR_FFI`. */
export class FfiError extends NetlinkError {
  override name = 'FfiError';
  /** The binding that was asked for. */
  readonly binding: string;

  constructor(binding: string, message: string, options?: ErrorOptions) {
    super('ERR_FFI', message, options);
    this.binding = binding;
  }
}
