/**
 * Type tests: checked by the compiler (`npm run check`, part of `npm test`), never run. The pattern:
 *
 *     same<LinkKind, 'bridge' | 'veth'>(true);   // two types are one
 *     // @ts-expect-error: a mask does not fit an address
 *     nl.addr.add({ prefixLength: '24' });       // what must not compile; an error if it does
 */
export type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends (<T>() => T extends B ? 1 : 2) ? true : false;

/** Compiles only when `A` and `B` are the same type. */
export function same<A, B>(_: Same<A, B>): void {}

same<{ a: 1 }, { a: 1 }>(true);
same<{ a?: 1 }, { a: 1 | undefined }>(false);
same<any, unknown>(false);
// @ts-expect-error: the pattern itself sees a difference
same<string, number>(true);
