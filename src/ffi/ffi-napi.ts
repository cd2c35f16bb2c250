import { makeLibc } from './calls.ts';
import { FfiError } from './ffi-error.ts';
import type { Libc } from './libc.ts';
import type { Functions, Native, Parameter, Prototype, Prototypes } from './native.ts';
import { requirePackage } from './require.ts';

/** What we use of ffi-napi and ref-napi. A C function or piece of memory is a Buffer there. */
interface Ffi {
  CIF(result: string, parameters: readonly string[]): Buffer;
  DynamicLibrary(path: string | null): { get(name: string): Buffer };
  Callback(result: string, parameters: readonly string[], listener: (...args: never) => void): Buffer;
}
interface Ref {
  address(memory: Uint8Array): number;
  readPointer(memory: Buffer, offset: number, length: number): Buffer;
}
type FfiCall = (cif: Buffer, pointer: Buffer, result: Buffer, values: Buffer) => void;

const types: Readonly<Record<Parameter, string>> = {
  int: 'int', uint: 'uint', size: 'ulong', bytes: 'ulong', text: 'ulong', address: 'ulong',
};
const install = '--ignore-scripts ffi-napi ref-napi';

/**
 * The C library through ffi-napi and ref-napi.
 *
 * The functions that ffi-napi makes put each argument into Buffers of their own: 25 us and more for a call. We hand its
 * `ffi_call` the same memory each time instead: below 2 us, and nothing comes between the call and the look at errno.
 */
export const ffiNapiLibc = (): Libc => makeLibc(native());

function native(): Native {
  onlyBesideMain();
  const ref = requirePackage('ref-napi', 'ffi-napi', install) as Ref;
  const ffi = requirePackage('ffi-napi', 'ffi-napi', install) as Ffi;
  const { ffi_call } = requirePackage('ffi-napi/lib/bindings', 'ffi-napi', install) as { ffi_call: FfiCall };

  const library = ffi.DynamicLibrary(null);
  const functions = <T extends Prototypes>(prototypes: T) => Object.fromEntries(
    Object.entries(prototypes).map(([name, prototype]) => [name, callable(name, prototype)]),
  ) as unknown as Functions<T>;
  const { __errno_location } = functions({ __errno_location: ['address', []] });
  const location = ref.readPointer(Buffer.from(new BigUint64Array([__errno_location()]).buffer), 0, 4);
  const errno = new Int32Array(location.buffer, location.byteOffset, 1);
  const callbacks: Buffer[] = [];

  return {
    binding: 'ffi-napi',
    functions,
    addressOf: (what) => addressOf(typeof what === 'string' ? library.get(what) : what),
    callback(listener) {
      const made = ffi.Callback('void', ['ulong', 'int', 'int'],
        (pointer: number | string, first: number, second: number) => listener(BigInt(pointer), first, second));
      callbacks.push(made);
      return addressOf(made);
    },
    errno: () => errno[0]!,
  };

  /**
   * One piece of memory for all calls of a function, in words of 8 bytes: the result, the addresses of the arguments,
   * the arguments. `held` keeps what they point at from the garbage collector until the next call.
   */
  function callable(name: string, [result, parameters]: Prototype): (...args: unknown[]) => unknown {
    const count = parameters.length;
    const cif = ffi.CIF(types[result], parameters.map((type) => types[type]));
    const pointer = library.get(name);
    const memory = new ArrayBuffer(8 * (1 + 2 * count));
    const words = new BigUint64Array(memory), ints = new Int32Array(memory);
    const resultMemory = Buffer.from(memory, 0, 8), addresses = Buffer.from(memory, 8);
    const first = BigInt(ref.address(resultMemory)) + 8n * BigInt(1 + count);
    parameters.forEach((_, i) => { words[1 + i] = first + 8n * BigInt(i); });
    const held: (Uint8Array | null)[] = [];

    return (...args) => {
      for (let i = 0; i < count; i++) {
        const at = 1 + count + i, type = parameters[i], value = args[i];
        if (type === 'int' || type === 'uint') ints[2 * at] = value as number;
        else if (type === 'size' || typeof value === 'bigint') words[at] = BigInt(value as number | bigint);
        else if (type === 'text') words[at] = addressOf(held[i] = cString(value as string | null));
        else words[at] = addressOf(held[i] = value as Uint8Array | null);
      }
      ffi_call(cif, pointer, resultMemory, addresses);
      return result === 'int' ? ints[0] : words[0];
    };
  }

  function addressOf(bytes: Uint8Array | null): bigint {
    return bytes === null ? 0n : BigInt(ref.address(bytes));
  }
}

const cString = (text: string | null): Uint8Array | null => text === null ? null : Buffer.from(`${text}\0`);

const openedByMain = 'netlink-ts: the main thread has ffi-napi';

/**
 * The addon leaves a handle to the loop when its thread ends. In a worker the loop gets to it after Node has unloaded
 * the addon, if no other thread has it: a crash. The main thread's hold on it prevents that.
 */
function onlyBesideMain(): void {
  const { getEnvironmentData, isMainThread, setEnvironmentData } = process.getBuiltinModule('node:worker_threads');
  if (isMainThread) setEnvironmentData(openedByMain, true);
  else if (getEnvironmentData(openedByMain) !== true) {
    const rule = 'In a worker ffi-napi is safe only when the main thread opened it before the worker was started';
    throw new FfiError('ffi-napi', `${rule}; koffi always is`);
  }
}
