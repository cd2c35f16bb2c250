/**
 * An object each of whose properties is made when it is first asked for: `later({ vxlan: () => vxlanOptions })`.
 *
 * Most programs need few of our families and kinds, and what is imported takes as long to load as the kernel to make a
 * link. So the build takes what stands here as `() => name` out of the imports of its file, and loads it when it is asked
 * for (scripts/build.ts); whoever runs the sources as they are, has it loaded before, and sees no other difference.
 * `already` are properties that are there.
 */
export function later<const M extends { readonly [key: string]: () => unknown }, A extends object = {}>(
  makers: M, already = {} as A,
): A & { readonly [K in keyof M]: ReturnType<M[K]> } {
  const object: object = { ...already };
  for (const [key, make] of Object.entries(makers))
    Object.defineProperty(object, key, {
      enumerable: true, configurable: true,
      get() {
        const value = make();
        Object.defineProperty(object, key, { enumerable: true, value });
        return value;
      },
    });
  return object as never;
}
