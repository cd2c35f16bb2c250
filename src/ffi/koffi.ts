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
 * koffi's addon. Its own JavaScript takes four times as long to find it as the addon to load, and Node's search for a
 * package as long as the addon: where it is as for most systems, in the package beside koffi's that is made for this
 * processor, in a folder above ours, it is loaded at once.
 */
function load(): Koffi {
  try {
    const addon = { exports: {} };
    process.dlopen(addon, addonPath());
    return addon.exports as Koffi;
  } catch {
    return requirePackage('koffi', 'koffi') as Koffi;
  }
}

function addonPath(): string {
  const { existsSync, realpathSync } = process.getBuiltinModule('node:fs'), { dirname } = process.getBuiltinModule('node:path');
  let folder = dirname(process.getBuiltinModule('node:url').fileURLToPath(import.meta.url));
  while (folder !== '/' && !existsSync(`${folder}/node_modules/koffi`)) folder = dirname(folder);
  const packages = dirname(realpathSync.native(`${folder}/node_modules/koffi`)), cpu = process.arch;
  return `${packages}/@koromix/koffi-linux-${cpu}/${isMusl() ? 'musl' : 'linux'}_${cpu}/koffi.node`;
}

/** The loader that Node names in its first bytes is musl's; of what is loaded already the list is long. */
function isMusl(): boolean {
  const { closeSync, openSync, readSync } = process.getBuiltinModule('node:fs'), head = Buffer.alloc(4096), fd = openSync('/proc/self/exe', 'r');
  try {
    return head.toString('latin1', 0, readSync(fd, head)).includes('/ld-musl-');
  } finally {
    closeSync(fd);
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
