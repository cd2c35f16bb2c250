import { mapped } from '../schema/mapped.ts';
import { EncodeError } from '../errors.ts';
import { show } from '../schema/codec.ts';
import { u64 } from '../schema/numbers.ts';

/** Milliseconds in 64 bits, a plain number for the user: the kernel's times end long before 2^53. */
export const milliseconds64 = mapped(u64, Number, (value: number) => {
  if (!Number.isSafeInteger(value) || value < 0) throw new EncodeError(`must be whole milliseconds, 0 or more, got ${show(value)}`);
  return BigInt(value);
});
