import type { Attribute, RawAttribute } from './level.ts';

/** Attributes by the key of the user's object. */
export type Declarations = { readonly [key: string]: Attribute<any, any> };

type Always<A> = A extends Attribute<any, infer O> ? (O extends { always: true } | { absent: {} } ? true : false) : false;
type Reported<A> = A extends Attribute<any, infer O> ? (O extends { readOnly: true } ? true : false) : false;
type Payload<A> = A extends Attribute<infer T, any> ? T : never;

/** The user's object when it is sent: everything may be left out. */
export type AttributesInput<D extends Declarations> = {
  -readonly [K in keyof D]?: Payload<D[K]> | undefined;
} & { unknown?: readonly RawAttribute[] | undefined };

/** The user's object when it was read. */
export type AttributesOutput<D extends Declarations> = {
  -readonly [K in keyof D as Always<D[K]> extends true ? K : never]: Payload<D[K]>;
} & { -readonly [K in keyof D as Always<D[K]> extends true ? never : K]?: Payload<D[K]> | undefined } & {
  unknown?: readonly RawAttribute[] | undefined;
};

/** The same with nothing in it that the kernel only reports: a literal that sets such does not compile. What was listed still fits. */
export type Taken<D extends Declarations> = {
  -readonly [K in keyof D as Reported<D[K]> extends true ? never : K]?: Payload<D[K]> | undefined;
} & { unknown?: readonly RawAttribute[] | undefined };
