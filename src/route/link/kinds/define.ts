import { memoryOf } from '../../../bytes/memory.ts';
import { Writer } from '../../../bytes/writer.ts';
import { within } from '../../../errors.ts';
import { attributes, type AttributesInput, type AttributeSet, type Declarations } from '../../../schema/attributes.ts';
import type { Link, LinkInput, RawOptions } from '../message.ts';

/** A kind of link that this library has no names for, with the names that its user gave it. */
export interface DefinedKind<K extends string, D extends Declarations> {
  readonly kind: K;
  /** Whether a link is of this kind. */
  is(link: Pick<Link, 'kind'>): boolean;
  /** The options of a listed link, by name; undefined for a link of another kind. */
  options(link: Pick<Link, 'kind' | 'options'>): AttributesInput<D> | undefined;
  /** What `nl.link.add()` and `change()` take, from options by name. */
  link(input: Omit<LinkInput, 'kind' | 'options'> & { readonly options?: AttributesInput<D> | undefined }): LinkInput;
}

const raw = attributes({});

/**
 * Names the options of a kind that is not in this library, or in this version of it. Nothing is registered anywhere:
 *
 *     const quux = defineKind('quux', attributes({ depth: attribute('IFLA_QUUX_DEPTH', 1, u32) }));
 *     await nl.link.add(quux.link({ name: 'q0', options: { depth: 4 } }));
 *     quux.options(await nl.link.get('q0'))?.depth;
 *
 * Equivalent to `ip link add q0 type quux depth 4`, if `ip` knew it.
 */
export function defineKind<const K extends string, D extends Declarations>(
  kind: K,
  set: AttributeSet<D>,
): DefinedKind<K, D> {
  const is = (link: Pick<Link, 'kind'>): boolean => (link.kind as string | undefined) === kind;
  return {
    kind,
    is,
    options(link) {
      if (!is(link)) return undefined;
      return through(raw, set, (link.options ?? {}) as RawOptions);
    },
    link({ options, ...rest }) {
      try {
        return {
          ...rest,
          kind,
          ...(options === undefined ? {} : { options: through(set, raw, options) }),
        } as LinkInput;
      } catch (error) {
        throw within(error, 'options');
      }
    },
  };
}

/** Written by one set of declarations, read by another. */
function through<A extends Declarations, B extends Declarations>(
  from: AttributeSet<A>,
  to: AttributeSet<B>,
  value: AttributesInput<A>,
): AttributesInput<B> {
  const w = new Writer(256);
  from.write(w, value, {}, 0);
  const bytes = Uint8Array.from(w.written());
  return to.read(memoryOf(bytes), 0, bytes.length, {}, 0);
}
