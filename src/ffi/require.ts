import { createRequire } from 'node:module';
import { FfiError } from './ffi-error.ts';

/** Synchronous, and asked only when a binding is wanted. */
const require = createRequire(import.meta.url);

/** Loads a binding's package; `install` is what npm has to be told when it is not there. */
export function requirePackage(name: string, binding: string, install = name): unknown {
  try {
    return require(name);
  } catch (cause) {
    const state = (cause as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND' ? 'is not installed' : 'does not load';
    const message = `The FFI binding ${binding} needs the package ${name}, which ${state}: npm install ${install}`;
    throw new FfiError(binding, message, { cause });
  }
}
