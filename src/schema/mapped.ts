import type { Codec } from './codec.ts';

export interface MappedCodec<W, U> extends Codec<U> {
  /** What lies on the wire. */
  readonly inner: Codec<W>;
}

/**
 * A payload that users see in another shape than the wire has it: `fromWire` makes the one of the other, `toWire` the
 * other of the one. Both are plain functions; what `toWire` cannot take it refuses with an EncodeError.
 */
export function mapped<W, U>(inner: Codec<W>, fromWire: (wire: W) => U, toWire: (value: U) => W): MappedCodec<W, U> {
  return {
    inner, label: inner.label, size: inner.size,
    ...(inner.flags === undefined ? {} : { flags: inner.flags }),
    ...(inner.fits ? { fits: inner.fits.bind(inner) } : {}),
    read: (m, at, end, owner, base) => fromWire(inner.read(m, at, end, owner, base)),
    write: (w, value, owner, base) => inner.write(w, toWire(value), owner, base),
    ...(inner.put ? { put: (w, type, value, owner, base) => inner.put!(w, type, toWire(value), owner, base) } : {}),
    ...(inner.visit ? { visit: inner.visit.bind(inner) } : {}),
  };
}
