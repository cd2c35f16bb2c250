import { makeLibc } from './calls.ts';
import type { Libc } from './libc.ts';
import { FfiError } from './ffi-error.ts';
import type { Functions, Native, Parameter, Prototypes } from './native.ts';

type Call = (...args: unknown[]) => unknown;
interface Signature {
  readonly arguments: readonly string[];
  readonly return: string;
}

/** What we use of node:ffi. */
interface NodeFfi {
  dlopen(path: null): { readonly lib: Library };
  getRawPointer(memory: Uint8Array): bigint;
  toArrayBuffer(address: bigint, length: number, copy: boolean): ArrayBuffer;
}
interface Library {
  getFunctions(signatures: Record<string, Signature>): Record<string, Call>;
  getSymbol(name: string): bigint;
  registerCallback(signature: Signature, listener: (pointer: bigint, first: number, second: number) => void): bigint;
}

const types: Readonly<Record<Parameter, string>> = {
  int: 'i32', uint: 'u32', size: 'u64', bytes: 'pointer', text: 'string', address: 'pointer',
};

/**
 * The C library through Node's own FFI, without any package: Node 26.9 and later, where it is experimental and says so
 * once on stderr.
 *
 * It has no `errno()`. We look at the thread's errno where it lies, by a view on the memory that `__errno_location`
 * names: between the end of a call and our look no other call is made.
 */
export const nodeFfiLibc = (): Libc => makeLibc(native());

function native(): Native {
  const ffi = load();
  const { lib } = ffi.dlopen(null);
  const functions = <T extends Prototypes>(prototypes: T): Functions<T> => {
    const signatures = Object.entries(prototypes).map(([name, [result, parameters]]) =>
      [name, { arguments: parameters.map((type) => types[type]), return: types[result] }]);
    const calls = Object.entries(lib.getFunctions(Object.fromEntries(signatures)));
    return Object.fromEntries(calls.map(([name, call]) =>
      [name, sized(call, prototypes[name]![1])])) as unknown as Functions<T>;
  };
  const { __errno_location } = functions({ __errno_location: ['address', []] });
  const errno = new Int32Array(ffi.toArrayBuffer(__errno_location(), 4, false));
  return {
    binding: 'node-ffi',
    functions,
    addressOf: (what) => typeof what === 'string' ? lib.getSymbol(what) : ffi.getRawPointer(what),
    callback: (listener) => lib.registerCallback({ arguments: ['pointer', 'i32', 'i32'], return: 'void' }, listener),
    errno: () => errno[0]!,
  };
}

/** Makes bigints of sizes: node:ffi takes nothing else for 64 bits. */
function sized(call: Call, parameters: readonly Parameter[]): Call {
  const places = parameters.flatMap((type, place) => type === 'size' ? [place] : []);
  if (places.length === 0) return call;
  return (...args) => {
    for (const place of places) args[place] = BigInt(args[place] as number);
    return call(...args);
  };
}

function load(): NodeFfi {
  const ffi = process.getBuiltinModule('node:ffi') as NodeFfi | undefined;
  if (ffi !== undefined) return ffi;
  const reason = `node:ffi needs Node 26.9 or later without --no-experimental-ffi, this is ${process.version}`;
  throw new FfiError('node-ffi', `${reason}. Choose another binding: npm install koffi`);
}
