import { FfiError } from './ffi-error.ts';
import { ffiNapiLibc } from './ffi-napi.ts';
import { koffiLibc } from './koffi.ts';
import type { Binding, Libc } from './libc.ts';
import { nodeFfiLibc } from './node-ffi.ts';

const makers: Readonly<Record<Binding, () => Libc>> = {
  koffi: koffiLibc,
  'ffi-napi': ffiNapiLibc,
  'node-ffi': nodeFfiLibc,
};

/** All there is, the default first. */
export const bindings = Object.keys(makers) as readonly Binding[];

/**
 * One of each binding in a thread, made when first asked for. The only state of a module in this package: to make one
 * again costs milliseconds and leaves C callbacks behind that are never freed.
 */
const made = new Map<Binding, Libc>();

/**
 * The C library of this thread, through the binding named, else the one that the environment's `NETLINK_FFI` names,
 * else koffi. Throws an FfiError where there is none.
 */
export function openLibc(choice?: Binding): Libc {
  const name = choice ?? (process.env.NETLINK_FFI || 'koffi');
  if (!isBinding(name)) {
    const from = choice === undefined ? 'NETLINK_FFI is' : 'The FFI binding is';
    throw new FfiError(name, `${from} "${name}", but must be one of: ${bindings.join(', ')}`);
  }
  if (process.platform !== 'linux') {
    const advice = `Live netlink sockets need Linux, this is ${process.platform}; recorded tapes replay anywhere`;
    throw new FfiError(name, advice);
  }
  const libc = made.get(name) ?? makers[name]();
  made.set(name, libc);
  return libc;
}

/** The one that is made already, whichever it is. */
export const madeLibc = (): Libc | undefined => made.values().next().value;

const isBinding = (name: string): name is Binding => Object.hasOwn(makers, name);
