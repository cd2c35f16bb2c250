import type { Binding } from './libc.ts';

/**
 * What a binding brings: a way to call functions of this process. All above it is the same for the three.
 *
 * Node is linked with the C library, glibc or musl, and exports libuv: the process's own symbols (`dlopen(NULL)`) are
 * all we need, and no library has to be found by its name.
 */
export interface Native {
  readonly binding: Binding;
  functions<T extends Prototypes>(prototypes: T): Functions<T>;
  /** The address of a function, for C to call, or of memory. */
  addressOf(what: string | Uint8Array): bigint;
  /** A C function `void (*)(void *, int, int)` that calls `listener`; it lives as long as the thread. */
  callback(listener: (pointer: bigint, first: number, second: number) => void): bigint;
  /** The `errno` of the call just made, before anything else is called. */
  errno(): number;
}

/** C types in the words of no binding, and what we give for them. `size` is `size_t` and `unsigned long`. */
interface Values {
  int: number;
  uint: number;
  size: number;
  /** A bigint stands where an address would: some calls take a number there. */
  bytes: Uint8Array | bigint | null;
  text: string | null;
  address: bigint;
}
export type Parameter = keyof Values;
/** `ssize_t` is taken for an int, which all our lengths fit in, and so is `void`, which nobody looks at. */
export type Result = 'int' | 'address';

/** `int close(int)` is `['int', ['int']]`. */
export type Prototype = readonly [result: Result, parameters: readonly Parameter[]];
export type Prototypes = Readonly<Record<string, Prototype>>;
export type Functions<T extends Prototypes> = {
  readonly [K in keyof T]: (...args: Arguments<T[K][1]>) => Values[T[K][0]];
};
type Arguments<P extends readonly Parameter[]> = { -readonly [I in keyof P]: Values[P[I]] };
