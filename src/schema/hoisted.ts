import { EncodeError } from '../errors.ts';
import type { Attribute, AttributeSet, AttributesInput, Declarations } from './attributes.ts';
import { show } from './codec.ts';
import { mapped, type MappedCodec } from './mapped.ts';
import type { Fields, Struct } from './struct.ts';

/** The user's object: the members of the struct beside the attributes. */
export type Hoisted<D extends Declarations, K extends keyof D> =
  AttributesInput<Omit<D, K>> & (D[K] extends Attribute<infer T, any> ? { -readonly [M in keyof T]?: T[M] | undefined } : never);

/**
 * Attributes one of which, `key`, is a struct whose members users see beside the other attributes. The struct is always
 * sent; `defaults` are members that it has where the user says nothing, or make them from what he says.
 */
export function hoisted<D extends Declarations, K extends keyof D & string>(
  set: AttributeSet<D>, key: K, defaults: object | ((value: Hoisted<D, K>) => object) = {},
): MappedCodec<AttributesInput<D>, Hoisted<D, K>> {
  const members = Object.entries((set.declarations[key]!.codec as Struct<Fields>).fields).filter(([, f]) => f.shown).map(([name]) => name);
  for (const name of members)
    if (Object.hasOwn(set.declarations, name)) throw new TypeError(`${set.declarations[name]!.cName} and a member of ${set.declarations[key]!.cName} are both "${name}"`);
  const ofStruct = new Set(members);
  const codec = mapped<AttributesInput<D>, Hoisted<D, K>>(
    set,
    (wire) => {
      const { [key]: struct, ...rest } = wire as { [name: string]: object };
      return { ...struct, ...rest } as never;
    },
    (value) => {
      if (typeof value !== 'object' || value === null) throw new EncodeError(`must be an object, got ${show(value)}`);
      const struct: { [name: string]: unknown } = { ...(typeof defaults === 'function' ? defaults(value) : defaults) }, rest: { [name: string]: unknown } = {};
      for (const [name, inner] of Object.entries(value))
        if (inner !== undefined) (ofStruct.has(name) ? struct : rest)[name] = inner;
      return { [key]: struct, ...rest } as never;
    },
  );
  return {
    ...codec,
    write(w, value, owner, base) {
      try {
        codec.write(w, value, owner, base);
      } catch (error) {
        if (!(error instanceof EncodeError) || !error.field.startsWith(`${key}.`)) throw error;
        throw new EncodeError(error.reason, error.field.slice(key.length + 1));
      }
    },
  };
}
