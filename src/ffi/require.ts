import { FfiError } from './ffi-error.ts';

/** Loads a binding's package, synchronously, and only when it is wanted; `install` is what npm has to be told when it is not there. */
export function requirePackage(name: string, binding: string, install = name): unknown {
  try {
    const { createRequire } = process.getBuiltinModule('node:module');
    return createRequire(import.meta.url)(name);
  } catch (cause) {
    const state = (cause as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND' ? 'is not installed' : 'does not load';
    const message = `The FFI binding ${binding} needs the package ${name}, which ${state}: npm install ${install}`;
    throw new FfiError(binding, message, { cause });
  }
}
