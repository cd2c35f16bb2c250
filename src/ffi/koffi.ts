import { makeLibc } from './calls.ts';
import type { Libc } from './libc.ts';
import type { Functions, Native, Parameter, Prototypes } from './native.ts';
import { requirePackage } from './require.ts';

/** What we use of koffi. */
interface Koffi {
  load(path: null): {
    func(name: string, result: string, parameters: readonly string[]): (...args: never) => unknown;
    symbol(name: string): bigint;
  };
  proto(result: string, parameters: readonly string[]): unknown;
  pointer(type: unknown): unknown;
  address(memory: Uint8Array): bigint;
  register(listener: (...args: never) => void, type: unknown): bigint;
  errno(): number;
}

const types: Readonly<Record<Parameter, string>> = {
  int: 'int', uint: 'uint32_t', size: 'size_t', bytes: 'void *', text: 'str', address: 'void *',
};

/**
 * The C library through koffi, the default. Buffers are handed over where they lie. `koffi.errno()` reads the thread's
 * errno itself, and no other call comes between; not even a function of ours, where V8 would see to its own work first.
 * Garbage collection, moving memory and the profiler were seen to leave it alone.
 */
export const koffiLibc = (): Libc => makeLibc(native());

/**
 * koffi's addon. Its own JavaScript takes four times as long to find it as the addon to load: where it is as for most
 * systems, in the package beside koffi's that is made for this processor, it is loaded at once.
 */
function load(): Koffi {
  try {
    const { readFileSync } = process.getBuiltinModule('node:fs'), { createRequire } = process.getBuiltinModule('node:module');
    const libc = readFileSync('/proc/self/maps', 'latin1').includes('/ld-musl-') ? 'musl' : 'linux', cpu = process.arch;
    const addon = { exports: {} };
    process.dlopen(addon, createRequire(import.meta.url).resolve('koffi').replace(/koffi\/[^/]*$/, `@koromix/koffi-linux-${cpu}/${libc}_${cpu}/koffi.node`));
    return addon.exports as Koffi;
  } catch {
    return requirePackage('koffi', 'koffi') as Koffi;
  }
}

function native(): Native {
  const koffi = load();
  const library = koffi.load(null);
  return {
    binding: 'koffi',
    functions: <T extends Prototypes>(prototypes: T) => Object.fromEntries(
      Object.entries(prototypes).map(([name, [result, parameters]]) =>
        [name, library.func(name, types[result], parameters.map((type) => types[type]))]),
    ) as unknown as Functions<T>,
    addressOf: (what) => typeof what === 'string' ? library.symbol(what) : koffi.address(what),
    callback: (listener) => koffi.register(listener, koffi.pointer(koffi.proto('void', ['void *', 'int', 'int']))),
    errno: koffi.errno,
  };
}
