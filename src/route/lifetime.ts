import { get32 } from '../bytes/memory.ts';
import { EncodeError } from '../errors.ts';
import { show, type Codec } from '../schema/codec.ts';
import { sourced } from '../schema/source.ts';

/** Seconds, or for ever: INFINITY_LIFE_TIME of include/net/addrconf.h. */
export type Lifetime = number | 'forever';

const forever = 0xffffffff;

const toLifetime = (seconds: number): Lifetime => (seconds === forever ? 'forever' : seconds);

export const lifetime: Codec<Lifetime> = {
  label: 'seconds', size: 4,
  read: sourced((m, at) => toLifetime(get32(m, at)), (site) => `${site.use(toLifetime)}(${site.u32(0)})`),
  write(w, value) {
    if (value !== 'forever' && !(Number.isInteger(value) && value >= 0 && value < forever))
      throw new EncodeError(`must be whole seconds from 0 to ${forever - 1} or "forever", got ${show(value)}`);
    w.u32(value === 'forever' ? forever : value);
  },
};
