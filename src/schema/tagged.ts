import { show, type Codec, type Owner } from './codec.ts';

/** Codecs by the value of a sibling. */
export type Cases = { readonly [tag: string]: Codec<any> };

/** The payload's type, as far as its tag is not known. */
export type CaseValue<C extends Cases, F> = { [K in keyof C]: C[K] extends Codec<infer T> ? T : never }[keyof C] | F;

export interface Tagged<C extends Cases, F> extends Codec<CaseValue<C, F>> {
  readonly tag: string;
  readonly cases: C;
  /** Reads what has none of the tags. */
  readonly other: Codec<F>;
  /** The codec for what stands in `owner`. */
  pick(owner: Owner): Codec<any>;
}

/**
 * A payload whose shape a sibling decides: `kind: 'bridge'` says how `options` is read. Where the kernel sends the tag
 * behind it, it is read when the others are. A tag that is not in the table is read by `other`.
 */
export function tagged<const C extends Cases, F>(tag: string, cases: C, other: Codec<F>): Tagged<C, F> {
  const pick = (owner: Owner): Codec<any> => {
    const value = owner[tag];
    return (typeof value === 'string' || typeof value === 'number') && Object.hasOwn(cases, value) ? cases[value]! : other;
  };
  return {
    label: `by ${tag}`, size: 0, cases, other, tag, pick,
    ...(other.flags === undefined ? {} : { flags: other.flags }),
    read: (m, at, end, owner, base) => pick(owner).read(m, at, end, owner, base),
    write: (w, value, owner, base) => pick(owner).write(w, value, owner, base),
    put(w, type, value, owner, base) {
      const codec = pick(owner), bare = type & 0x3fff;
      if (codec.put) return codec.put(w, bare | (codec.flags ?? 0), value, owner, base);
      const start = w.open(bare | (codec.flags ?? 0));
      codec.write(w, value, owner, base);
      w.close(start);
    },
    visit(visitor, m, at, end, owner, base) {
      const codec = pick(owner);
      if (codec.visit) return codec.visit(visitor, m, at, end, owner, base);
      const value = codec.read(m, at, end, owner, base);
      visitor.leaf(undefined, codec.label, at, end, codec.show?.(value) ?? show(value));
    },
  };
}
