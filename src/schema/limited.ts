import { EncodeError } from '../errors.ts';
import { show, type Codec } from './codec.ts';

/** A number of which the kernel takes fewer values than its width has room for; whatever is read is kept. */
export const limited = (number: Codec<number>, least: number, most: number): Codec<number> => ({
  ...number,
  write(w, value, owner, base) {
    if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > most)
      throw new EncodeError(`must be a whole number from ${least} to ${most}, got ${show(value)}`);
    number.write(w, value, owner, base);
  },
});
